"""The users of the small Sunbird, with e-mail and mobile as the platform keeps them."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from jobs.samples.courses import READING
from jobs.samples.names import SCRIPTS
from jobs.samples.places import NAMED, NORTH, SOUTH, School, Tenant, schools
from jobs.samples.staff import STAFF, Person, staff_roles

Row = dict[str, Any]
Seal = Callable[[str], str]

BOARDS = ('["CBSE"]', '["State (Suryanagar)"]', '["CBSE","ICSE"]', "CBSE", "[]", None)
TENANT_SHARES = ((NORTH, 0.6), (SOUTH, 0.3), (NAMED, 0.1))
# Beyond this many users, addresses and numbers repeat: enciphering each would take minutes.
CIPHER_POOL = 5_000
ENCIPHER_ALL_UP_TO = 20_000


@dataclass(frozen=True)
class People:
    """The rows of the user tables, and the ids of each tenant's learners."""

    users: list[Row]
    external_ids: list[Row]
    consents: list[Row]
    of_tenant: dict[Tenant, list[str]]


def make_people(rng: np.random.Generator, learners: int, seal: Seal, as_of: datetime) -> People:
    places = schools()
    pool = learners if learners <= ENCIPHER_ALL_UP_TO else CIPHER_POOL
    emails = [seal(f"learner{i:05}@mail.example") for i in range(pool)]
    # No mobile number in India begins with 5: nobody is called by accident.
    phones = [seal(f"5{i:09}") for i in range(pool)]
    tenants = [tenant for tenant, _ in TENANT_SHARES]
    chosen = rng.choice(len(tenants), size=learners, p=[share for _, share in TENANT_SHARES])
    made = People([], [], [], {tenant: [] for tenant in tenants})
    for person in STAFF:
        made.users.append(staff_row(person, seal))
    for number in range(learners):
        tenant = tenants[int(chosen[number])]
        school = places[int(rng.integers(len(places)))]
        user_id = str(uuid.UUID(bytes=rng.bytes(16), version=4))
        user = learner_row(rng, user_id, tenant, school)
        user["username"] = f"learner{number:05}"
        user["email"] = emails[number % pool] if rng.random() < 0.8 else None
        user["phone"] = phones[number % pool] if rng.random() < 0.9 else None
        made.users.append(user)
        made.of_tenant[tenant].append(user_id)
        if rng.random() < 0.7:
            made.external_ids.extend(external_id_rows(user_id, tenant, f"EMP{number:06}"))
        if rng.random() < 0.5:
            made.consents.append(consent_row(rng, user_id, as_of))
    return made


def learner_row(rng: np.random.Generator, user_id: str, tenant: Tenant, school: School) -> Row:
    script = school.script if rng.random() < 0.85 else "Latin"
    firsts, lasts = SCRIPTS[script]
    return {
        "userid": user_id,
        "firstname": firsts[int(rng.integers(len(firsts)))],
        "lastname": lasts[int(rng.integers(len(lasts)))] if rng.random() < 0.93 else None,
        "rootorgid": tenant.org_id,
        "orgname": tenant.name,
        "channel": tenant.channel,
        "state": school.state,
        "district": school.district if rng.random() < 0.97 else None,
        "block": school.block if rng.random() < 0.9 else None,
        "cluster": school.cluster if rng.random() < 0.8 else None,
        "schoolname": school.name if rng.random() < 0.95 else None,
        "schooludisecode": school.udise_code,
        "board": BOARDS[int(rng.integers(len(BOARDS)))],
        "usertype": "teacher" if rng.random() < 0.8 else "administrator",
        "usersubtype": "hm" if rng.random() < 0.1 else None,
        "status": 1,
        "dob": f"{int(rng.integers(1965, 2003))}-12-31",
        "roles": [{"role": "PUBLIC", "scope": None}],
        "language": None,
    }


def staff_row(person: Person, seal: Seal) -> Row:
    return {
        "userid": person.user_id,
        "firstname": person.first,
        "lastname": person.last,
        "username": f"staff-{person.user_id[:8]}",
        "email": seal(person.email) if person.email else None,
        "phone": None,
        "rootorgid": person.tenant.org_id,
        "orgname": person.tenant.name,
        "channel": person.tenant.channel,
        "status": person.status,
        "usertype": "administrator",
        "roles": staff_roles(person),
        "language": person.language,
    }


def external_id_rows(user_id: str, tenant: Tenant, external_id: str) -> list[Row]:
    row: Row = {
        "userid": user_id,
        "externalid": external_id.lower(),
        "provider": tenant.channel,
        "idtype": tenant.channel,
        "originalexternalid": external_id,
    }
    if int(external_id[-1]) % 5:
        return [row]
    # An id that another channel gave is nobody's External ID here.
    return [row, row | {"externalid": f"x-{external_id.lower()}", "provider": "elsewhere"}]


def consent_row(rng: np.random.Generator, user_id: str, as_of: datetime) -> Row:
    given = as_of - timedelta(days=int(rng.integers(1, 140)), minutes=int(rng.integers(1440)))
    return {
        "user_id": user_id,
        "consumer_id": READING.channel,
        "object_id": READING.course_id,
        "status": "ACTIVE" if rng.random() < 0.85 else "REVOKED",
        "consent_data": json.dumps({"isPublic": False}),
        "expiry": given + timedelta(days=100),
        "last_updated_on": given,
        "created_on": given,
        "object_type": "Collection",
        "consumer_type": "ORGANISATION",
        "id": f"usr-consent:{user_id}:{READING.channel}:{READING.course_id}",
    }
