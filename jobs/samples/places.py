"""The tenants of the small Sunbird, its schools, and the states, districts and blocks."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tenant:
    """A root organisation; `channel` is what its users and external ids name it by."""

    org_id: str
    channel: str
    name: str


NORTH = Tenant("0130107621805015041", "0130107621805015041", "Suryanagar State Council")
SOUTH = Tenant("0130107621805015042", "0130107621805015042", "Nilgiri Board of Education")
# On older installations a channel is a name of its own and not the id of the organisation.
NAMED = Tenant("0130107621805015043", "tejas-academy", "Tejas Teachers' Academy")
CUSTODIAN = Tenant("0130107621805015049", "custodian", "Custodian")
TENANTS = (NORTH, SOUTH, NAMED)
# Who makes textbooks, and the states whose books and devices those are.
NATIONAL = Tenant("0130107621805015051", "0130107621805015051", "National Textbook Council")
PRESS = Tenant("0130107621805015052", "0130107621805015052", "Open School Press")
GUJARAT = Tenant("0130107621805015061", "0130107621805015061", "Gujarat School Board")
KARNATAKA = Tenant("0130107621805015062", "0130107621805015062", "Karnataka School Board")
KERALA = Tenant("0130107621805015063", "0130107621805015063", "Kerala School Board")
PUBLISHERS = (NATIONAL, PRESS)
BOOK_STATES = (GUJARAT, KARNATAKA, KERALA)

# State, the script of its names, and its districts.
STATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Uttar Pradesh", "Devanagari", ("Lucknow", "Varanasi", "Agra")),
    ("West Bengal", "Bengali", ("Nadia", "Hooghly", "Bankura")),
    ("Tamil Nadu", "Tamil", ("Madurai", "Salem", "Erode")),
    ("Telangana", "Telugu", ("Warangal", "Nizamabad", "Khammam")),
    ("Karnataka", "Kannada", ("Mysuru", "Dharwad", "Udupi")),
    ("Gujarat", "Gujarati", ("Surat", "Anand", "Kutch")),
    ("Kerala", "Latin", ("Idukki", "Kollam", "Kannur")),
)
BLOCKS_PER_DISTRICT = 3
SCHOOLS_PER_BLOCK = 2


@dataclass(frozen=True)
class School:
    """A school and where it is; `script` is that of the names of its state."""

    udise_code: str
    name: str
    state: str
    district: str
    block: str
    cluster: str
    script: str


def schools() -> list[School]:
    return [
        School(
            udise_code=f"{state + 1:02}{district + 1:02}{block + 1:02}{school + 1:05}",
            name=f"Government School No. {school + 1}, {district_name} {block + 1}",
            state=state_name,
            district=district_name,
            block=f"{district_name} Block {block + 1}",
            cluster=f"{district_name} Cluster {block + 1}.{school + 1}",
            script=script,
        )
        for state, (state_name, script, districts) in enumerate(STATES)
        for district, district_name in enumerate(districts)
        for block in range(BLOCKS_PER_DISTRICT)
        for school in range(SCHOOLS_PER_BLOCK)
    ]


def organisation_rows() -> list[dict[str, Any]]:
    roots = [
        {
            "id": tenant.org_id,
            "orgname": tenant.name,
            "slug": tenant.channel,
            "channel": tenant.channel,
            "rootorgid": tenant.org_id,
            "isrootorg": True,
            "externalid": None,
            "organisationtype": 5,
            "status": 1,
        }
        for tenant in (*TENANTS, CUSTODIAN, *PUBLISHERS, *BOOK_STATES)
    ]
    below = [
        {
            "id": f"01301076218{number:08}",
            "orgname": school.name,
            "slug": None,
            "channel": NORTH.channel,
            "rootorgid": NORTH.org_id,
            "isrootorg": False,
            "externalid": school.udise_code,
            "organisationtype": 2,
            "status": 1,
        }
        for number, school in enumerate(schools())
    ]
    return roots + below


def location_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(code: str, name: str, kind: str, parent: str | None) -> str:
        place = f"location-{kind}-{code}"
        rows.append({"id": place, "code": code, "name": name, "type": kind, "parentid": parent})
        return place

    for state, (state_name, _, districts) in enumerate(STATES, 1):
        state_id = add(f"{state:02}", state_name, "state", None)
        for district, district_name in enumerate(districts, 1):
            code = f"{state:02}{district:02}"
            district_id = add(code, district_name, "district", state_id)
            for block in range(1, BLOCKS_PER_DISTRICT + 1):
                add(f"{code}{block:02}", f"{district_name} Block {block}", "block", district_id)
    return rows


def system_setting_rows() -> list[dict[str, Any]]:
    return [{"id": "custodianOrgId", "field": "custodianOrgId", "value": CUSTODIAN.org_id}]
