"""Layout: which columns a progress file has, in which order, and what each means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from jobs.errors import SettingsError

Kind = Literal[
    "text",
    "email",
    "mobile",
    "day",
    "number",
    "percent",
    "certificate",
    "same",
    "module",
    "score",
    "open_email",
    "open_mobile",
    "account",
    "instant",
    "decimal",
    "json",
]


@dataclass(frozen=True)
class Column:
    """One column of the file.

    `source` is the column of the exhaust table; for the kind `same` the text of every cell, for
    `module` and `score` the id of the nested collection or the assessment. Where the meaning has
    room for a `part`, that is its name.
    """

    header: str
    meaning: str
    kind: Kind
    source: str
    part: str = ""


def meant(text: str) -> str:
    """The text as it is, under a name by which the catalogue of translations finds it."""
    return text


MODULE = meant("Progress in %(part)s, in percent, 0 to 100.")
SCORE = meant(
    "Best score in the assessment %(part)s, in percent of its points; empty where not attempted."
)


def columns_of(layout: str, collection: dict[str, Any], batch: dict[str, Any]) -> list[Column]:
    """The columns for a batch: the layout's own, then the collection's parts in course order.

    A nested collection and an assessment have their column whether or not anybody began them.
    """
    if layout == "dashboard":
        own = DASHBOARD
    elif layout == "collection":
        own = [*batch_columns(collection, batch), *COLLECTION]
    else:
        raise SettingsError(f"The layout {layout!r} is none of: dashboard, collection.")
    return [*own, *module_columns(collection), *score_columns(collection), TOTAL_SCORE]


def module_columns(collection: dict[str, Any]) -> list[Column]:
    return [
        Column(f"{id} - Progress", MODULE, "module", id, named(id, name))
        for id, name in unique(collection.get("modules"))
    ]


def score_columns(collection: dict[str, Any]) -> list[Column]:
    return [
        Column(f"{id} - Score", SCORE, "score", id, named(id, name))
        for id, name in unique(collection.get("assessments"))
    ]


def unique(parts: Iterable[dict[str, Any]] | None) -> Iterable[tuple[str, str | None]]:
    # The same part can stand twice in a course: it has one progress and one score.
    found: dict[str, str | None] = {}
    for part in parts or ():
        found.setdefault(part["id"], part["name"])
    return found.items()


def named(id: str, name: str | None) -> str:
    return f"“{name}”" if name else id


def batch_columns(collection: dict[str, Any], batch: dict[str, Any]) -> list[Column]:
    collection_name = collection.get("collection_name") or ""
    return [
        Column("Collection Id", "The course.", "same", collection["collection_id"]),
        Column("Collection Name", "The course's name.", "same", collection_name),
        Column("Batch Id", "The batch.", "same", f"BatchId_{batch['batch_id']}"),
        Column("Batch Name", "The batch's name.", "same", batch.get("batch_name") or ""),
    ]


TOTAL_SCORE = Column(
    "Total Score",
    "Points of the best attempts together, in percent, rounded up; empty without an attempt.",
    "percent",
    "total_score_pct",
)
USER_ID = meant("The learner's id on the platform; never empty.")
PROGRESS = meant("How much of the course the learner has completed, in percent, 0 to 100.")
ENROLLED = meant("The day on which the learner joined the batch (day/month/year).")
COMPLETED = meant("The day on which the learner completed the course; empty until then.")

DASHBOARD = [
    Column("External ID", "The state's own id of the learner.", "text", "external_id"),
    Column("User ID", USER_ID, "text", "user_id"),
    Column("User Name", "First and last name.", "text", "user_name"),
    Column("Email ID", "The e-mail address, partly hidden.", "email", "email_cipher"),
    Column("Mobile Number", "The last four digits of the mobile.", "mobile", "phone_cipher"),
    Column("Organization Name", "The learner's organisation.", "text", "org_name"),
    Column("District Name", "The district that the learner declared.", "text", "district"),
    Column("School Name", "The school that the learner declared.", "text", "school_name"),
    Column("Block Name", "The block that the learner declared.", "text", "block"),
    Column("Enrollment Date", ENROLLED, "day", "enrolled_on"),
    Column("Course Progress", PROGRESS, "number", "progress_pct"),
    Column("Completion Date", COMPLETED, "day", "completed_on"),
]
COLLECTION = [
    Column("User UUID", USER_ID, "text", "user_id"),
    Column("State", "The state that the learner declared.", "text", "state"),
    Column("District", "The district that the learner declared.", "text", "district"),
    Column("Org Name", "The learner's organisation.", "text", "org_name"),
    Column("School Id", "The school's UDISE code.", "text", "school_id"),
    Column("School Name", "The school that the learner declared.", "text", "school_name"),
    Column("Block Name", "The block that the learner declared.", "text", "block"),
    Column("Cluster Name", "The cluster that the learner declared.", "text", "cluster"),
    Column("User Type", "Teacher, student or another.", "text", "user_type"),
    Column("User Sub Type", "The type more closely, where it is known.", "text", "user_sub_type"),
    Column("Declared Board", "The board that the learner declared.", "text", "board"),
    Column("Enrolment Date", ENROLLED, "day", "enrolled_on"),
    Column("Completion Date", COMPLETED, "day", "completed_on"),
    Column("Certificate Status", "Issued where a certificate was issued.", "certificate",
           "has_certificate"),
    Column("Progress", PROGRESS, "number", "progress_pct"),
]  # fmt: skip
