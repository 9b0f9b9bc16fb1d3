"""The people who ask: mentors, creators and administrators, with ids that never change."""

import uuid
from dataclasses import dataclass
from typing import Any

from jobs.samples.places import CUSTODIAN, GUJARAT, KARNATAKA, NAMED, NORTH, SOUTH, Tenant

NAMESPACE = uuid.UUID("5f0a7c1e-7d55-4c5b-9a53-7c1b6a2f1d10")


def fixed_id(name: str) -> str:
    """A user id that is the same in every small Sunbird."""
    return str(uuid.uuid5(NAMESPACE, name))


MENTOR_BIG = fixed_id("mentor of the big batch")
MENTOR_TWO = fixed_id("mentor of several batches")
MENTOR_SOUTH = fixed_id("mentor in the south")
MENTOR_NAMED = fixed_id("mentor of the tenant with a named channel")
MENTOR_WITHOUT_ADDRESS = fixed_id("mentor without an address")
ADMIN_NORTH = fixed_id("administrator in the north")
ADMIN_SOUTH = fixed_id("administrator in the south")
CREATOR = fixed_id("creator of batches")
TEACHER = fixed_id("teacher without a role")
FORMER_MENTOR = fixed_id("mentor whose account is inactive")
MENTOR_OF_CUSTODIAN = fixed_id("mentor of the custodian organisation")
REVIEWER_GUJARAT = fixed_id("textbook reviewer of Gujarat")
REVIEWER_KARNATAKA = fixed_id("textbook reviewer of Karnataka")
TEACHER_GUJARAT = fixed_id("teacher of Gujarat without a role")


@dataclass(frozen=True)
class Person:
    """Somebody who may ask for files, or may not."""

    user_id: str
    first: str
    last: str
    tenant: Tenant
    role: str | None
    email: str | None
    language: str = "en"
    status: int = 1


STAFF = (
    Person(MENTOR_BIG, "Meera", "Nair", NORTH, "COURSE_MENTOR", "meera.nair@school.example"),
    Person(MENTOR_TWO, "ऋतु", "श्रीवास्तव", NORTH, "COURSE_MENTOR", "ritu@school.example", "hi"),
    Person(MENTOR_SOUTH, "மீனாட்சி", "பாண்டியன்", SOUTH, "COURSE_MENTOR", "meenakshi@school.example"),
    Person(MENTOR_NAMED, "કૃપા", "શાહ", NAMED, "COURSE_MENTOR", "krupa@academy.example"),
    Person(MENTOR_WITHOUT_ADDRESS, "Joseph", "Fernandes", NORTH, "COURSE_MENTOR", None),
    Person(ADMIN_NORTH, "ಗೀತಾ", "ಹೆಗಡೆ", NORTH, "COURSE_ADMIN", "admin@north.example"),
    Person(ADMIN_SOUTH, "శ్రీనివాస్", "రావు", SOUTH, "ORG_ADMIN", "admin@south.example"),
    Person(CREATOR, "অর্ণব", "ঘোষ", NORTH, "CONTENT_CREATOR", "arnab@north.example"),
    Person(TEACHER, "Imran", "Khan", NORTH, None, "imran.khan@school.example"),
    Person(FORMER_MENTOR, "Zoya", "Iyer", NORTH, "COURSE_MENTOR", "zoya@school.example", status=0),
    Person(
        MENTOR_OF_CUSTODIAN, "Latha", "Menon", CUSTODIAN, "COURSE_MENTOR", "latha@custodian.example"
    ),
    Person(REVIEWER_GUJARAT, "હેતલ", "પટેલ", GUJARAT, "BOOK_REVIEWER", "hetal@gujarat.example"),
    Person(
        REVIEWER_KARNATAKA, "ಅನಿತಾ", "ರಾವ್", KARNATAKA, "BOOK_REVIEWER", "anita@karnataka.example"
    ),
    Person(TEACHER_GUJARAT, "Bhavin", "Shah", GUJARAT, None, "bhavin@gujarat.example"),
)


def staff_roles(person: Person) -> list[dict[str, Any]]:
    scope = [{"organisationId": person.tenant.org_id}]
    held = ["PUBLIC"] if person.role is None else ["PUBLIC", person.role]
    return [{"role": role, "scope": scope if role != "PUBLIC" else None} for role in held]
