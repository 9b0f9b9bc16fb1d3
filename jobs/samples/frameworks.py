"""The frameworks of the small Sunbird: which boards, mediums, grades and subjects a tenant has."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from jobs.samples.places import GUJARAT, KARNATAKA, KERALA, NATIONAL, PRESS, Tenant

GRADES = ("KG", *(f"Class {number}" for number in range(1, 11)))
SUBJECTS = (
    "Mathematics", "Science", "English", "Hindi", "History", "Geography", "Social Science", "Art",
)  # fmt: skip


@dataclass(frozen=True)
class Framework:
    """A tenant's framework; `retired` are mediums that nobody may choose any more."""

    tenant: Tenant
    boards: tuple[str, ...]
    mediums: tuple[str, ...]
    subjects: tuple[str, ...] = SUBJECTS
    retired: tuple[str, ...] = ()
    state: str | None = None
    state_code: str | None = None

    @property
    def framework_id(self) -> str:
        return f"{self.tenant.channel}_k-12"


OF_NATIONAL = Framework(NATIONAL, ("NCERT",), ("English", "Hindi", "Urdu"))
# A board without a territory adopts like a state, and no device is ever in it.
OF_PRESS = Framework(PRESS, ("CBSE",), ("English", "Hindi"))
OF_GUJARAT = Framework(
    GUJARAT,
    ("State (Gujarat)",),
    ("English", "Gujarati", "Hindi"),
    retired=("Sindhi",),
    state="Gujarat",
    state_code="IN-GJ",
)
OF_KARNATAKA = Framework(
    KARNATAKA,
    ("State (Karnataka)", "Karnataka Open School"),
    ("English", "Kannada", "Gujarati"),
    state="Karnataka",
    state_code="IN-KA",
)
OF_KERALA = Framework(
    KERALA,
    ("State (Kerala)",),
    ("English", "Malayalam"),
    (*SUBJECTS, "Environmental Studies"),
    state="Kerala",
    state_code="IN-KL",
)


class FrameworkEdge(Enum):
    """What is odd, in a sentence."""

    TERM_RETIRED = "A medium of the framework is retired: nobody may choose it any more."
    BOARDS_TWO = "The tenant has two boards: a file of ids alone must say which one is meant."
    TERRITORY_NONE = "The board has no state, and adopts like one."
    MEDIUM_OF_TWO_STATES = "Two states have the same medium, and each its own board."


FRAMEWORK_OF: dict[FrameworkEdge, Framework] = {
    FrameworkEdge.TERM_RETIRED: OF_GUJARAT,
    FrameworkEdge.BOARDS_TWO: OF_KARNATAKA,
    FrameworkEdge.TERRITORY_NONE: OF_PRESS,
    FrameworkEdge.MEDIUM_OF_TWO_STATES: OF_KARNATAKA,
}
FRAMEWORKS = (OF_NATIONAL, OF_PRESS, OF_GUJARAT, OF_KARNATAKA, OF_KERALA)


def framework_rows() -> list[dict[str, Any]]:
    return [row for one in FRAMEWORKS for row in rows_of(one)]


def channel_framework_rows() -> list[dict[str, Any]]:
    return [
        {
            "channel": one.tenant.channel,
            "defaultframework": one.framework_id,
            "state": one.state,
            "statecode": one.state_code,
            "boards": list(one.boards),
        }
        for one in FRAMEWORKS
    ]


def rows_of(one: Framework) -> Iterator[dict[str, Any]]:
    categories = {
        "board": one.boards,
        "medium": (*one.mediums, *one.retired),
        "gradeLevel": GRADES,
        "subject": one.subjects,
    }
    for category, names in categories.items():
        for name in names:
            yield {
                "framework": one.framework_id,
                "channel": one.tenant.channel,
                "category": category,
                "code": "".join(letter for letter in name.lower() if letter.isalnum()),
                "name": name,
                "status": "Retired" if name in one.retired else "Live",
                "associations": None,
            }
