"""One night over the drawn tables of every case: a case draws what matters, the rest is usual."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import types as T

from jobs.certificates.reconciliation import Tables, reconciliation
from jobs.certificates.rules.conversion import converted
from jobs.certificates.rules.model import shape_of, values_of
from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ACTIVITY, ATTEMPTS, BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.contracts.raw_certificates import (
    CERTIFICATE_ISSUE_FAILURE,
    CERTIFICATE_REGISTRY,
    USER_CONTENT_CONSUMPTION,
)
from jobs.errors import RequestError
from tests.tables import rows_of

AS_OF = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)
TIMEZONE = "Asia/Kolkata"
CONTRACTS = {
    "associations": CERTIFICATE_ASSOCIATIONS, "enrolments": ENROLMENTS, "progress": PROGRESS,
    "batches": BATCHES, "learners": LEARNERS, "collections": COLLECTIONS, "attempts": ATTEMPTS,
    "activity": ACTIVITY, "consumption": USER_CONTENT_CONSUMPTION,
    "failures": CERTIFICATE_ISSUE_FAILURE, "registry": CERTIFICATE_REGISTRY,
}  # fmt: skip
IDS = {
    "batch_id": "b", "batchid": "b", "course_id": "c", "courseid": "c", "collection_id": "c",
    "activity_id": "c", "version_id": "v1",
}  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


USUAL: dict[str, dict[str, Any]] = {
    "associations": {
        "scope": "batch", "tenant_id": "ap", "certificate_type": "completion", "template_id": "T1",
        "template_name": "Course completion", "rule": '{"enrollment":{"status":2}}', "flags": [],
        "origin": "command", "valid_from": at("2026-01-01"),
    },
    "enrolments": {
        "status": 2, "is_active": True, "has_active_mark": True,
        "enrolled_at": at("2026-01-05"), "completed_at": at("2026-02-01T10:00"), "certificates": [],
    },
    "progress": {"progress_pct": 100, "has_certificate": False},
    "batches": {
        "created_for": ["ap"], "start_on": at("2026-01-02").date(),
        "end_on": at("2026-05-31").date(),
    },
    "learners": {"user_name": "Asha Rao", "root_org_id": "ap", "is_active": True},
    "collections": {
        "status": "Live", "leaf_nodes": ["video", "practice", "q1", "q2"],
        "assessments": [("q1", "First"), ("q2", "Second")],
    },
    "attempts": {"content_id": "q1", "attempted_at": at("2026-01-31"), "max_score": 100.0},
    "activity": {"activity_type": "Course"},
    "consumption": {},
    "failures": {"failed_at": at("2026-02-01T11:00")},
    "registry": {"status": "ACTIVE"},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A row of the table of cases: its number and what it draws."""

    number: int
    tables: dict[str, str]


def case(number: int, **tables: str) -> Callable[[Any], Any]:
    """What a test draws for the night; `found` is what came of it."""

    def mark(test: Any) -> Any:
        test.case = Case(number, tables)
        return test

    return mark


def rows_of_case(one: Case) -> dict[str, list[dict[str, Any]]]:
    """The drawn rows with ids of the case's own, and the rows that every platform has."""
    rows = {
        table: [usual(table, row, one.number) for row in drawn_rows(one, table)]
        for table in CONTRACTS
    }
    learners = {row["user_id"] for table in ("enrolments", "progress") for row in rows[table]}
    batches = {row["batch_id"] for row in rows["enrolments"] + rows["progress"]}
    for table, key, found in (
        ("learners", "user_id", learners),
        ("batches", "batch_id", batches),
        ("collections", "collection_id", {f"{one.number}-c"}),
    ):
        if one.tables.get(table) != "none":
            drawn = {row[key] for row in rows[table]}
            rows[table] += [usual(table, {key: name}, 0) for name in sorted(found - drawn)]
    for row in rows["batches"]:
        row["collection_id"] = row.get("collection_id") or f"{one.number}-c"
    return rows


def drawn_rows(one: Case, table: str) -> list[dict[str, Any]]:
    drawing = one.tables.get(table, "none")
    return [] if drawing == "none" else rows_of(CONTRACTS[table], drawing)


def usual(table: str, drawn: dict[str, Any], number: int) -> dict[str, Any]:
    """A row with the usual values where it draws none; its ids are those of the case."""
    row = dict.fromkeys(CONTRACTS[table].columns) | USUAL[table] | drawn
    if table == "associations":
        marks = [drawn.get(name) for name in ("version_id", "batch_id", "template_id")]
        row["version_id"] = marks[0] or "/".join(mark for mark in ("v1", *marks) if mark)
    if number:
        for name in row:
            if name in IDS:
                row[name] = f"{number}-{row[name] or IDS[name]}"
            elif name in ("user_id", "userid") and row[name]:
                row[name] = f"{number}-{row[name]}"
    if table == "associations":
        row["batch_id"] = row["batch_id"] if row["scope"] == "batch" else None
        row |= read_rule(row)
    return row


def read_rule(row: dict[str, Any]) -> dict[str, Any]:
    try:
        read = converted(row["rule"], tenant_id=row["tenant_id"])
    except RequestError as error:
        return {"rule": None, "rule_problem": str(error), "rule_shape": None, "rule_values": None}
    return {
        "rule": read.rule.text(),
        "rule_shape": shape_of(read.rule),
        "rule_values": values_of(read.rule),
        "flags": [*row["flags"], *read.flags],
    }


@dataclass(frozen=True)
class Found:
    """What a night said of one case, with the ids as they were drawn."""

    missed: dict[str, Any]
    held: dict[str, str]
    problems: dict[str, str]
    tally: dict[tuple[str, str], int]
    rows: dict[str, Any]

    def flags(self, user: str) -> list[str]:
        return self.rows[user].flags


def frames_of(spark, cases: list[Case]) -> dict[str, DataFrame]:
    """The rows of all cases as the tables that are compared."""
    drawn = [rows_of_case(one) for one in cases]
    frames = {}
    for table, contract in CONTRACTS.items():
        schema = contract.spark_schema()
        if table == "associations":
            schema = schema.add("rule_shape", T.StringType()).add(
                "rule_values", T.ArrayType(T.StringType())
            )
        rows = [row for rows in drawn for row in rows[table]]
        frames[table] = spark.createDataFrame(
            [tuple(row[name] for name in schema.names) for row in rows], schema
        )
    return frames


def night_of(spark, cases: list[Case]) -> Callable[[int], Found]:
    """The night over all cases at once: what it found, by the number of the case."""
    frames = frames_of(spark, cases)
    result = reconciliation(
        Tables(**frames),
        as_of=AS_OF,
        timezone=TIMEZONE,
        keep=lambda frame, _: frame.localCheckpoint(),
    )
    found, unclear = result.findings.collect(), result.problems.collect()
    counted = result.tally.collect()

    def of(number: int) -> Found:
        own = {bare(row.user_id) + also(row): row for row in found if is_of(row, number)}
        return Found(
            {user: bare(row.version_id) for user, row in own.items() if row.reason == "earned"},
            {user: row.reason for user, row in own.items() if row.reason != "earned"},
            {bare(row.user_id): row.problem for row in unclear if is_of(row, number)},
            {
                (row.outcome, row.why or ""): row.learner_count
                for row in counted
                if is_of(row, number)
            },
            own,
        )

    return of


def bare(text: str) -> str:
    return text.split("-", 1)[-1]


def is_of(row: Any, number: int) -> bool:
    return bool(row.batch_id.startswith(f"{number}-"))


def also(row: Any) -> str:
    """What tells two findings of one learner apart."""
    batch = "" if bare(row.batch_id) == "b" else f"@{bare(row.batch_id)}"
    return batch + ("" if row.template_id == "T1" else f"/{row.template_id}")
