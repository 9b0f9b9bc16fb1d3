"""Learners who completed the batch that has ended, and what became of their certificates."""

from datetime import datetime, timedelta
from typing import Any

from jobs.samples.batches import FINISHED
from jobs.samples.edges import Edge, learner

Row = dict[str, Any]

NAME = "Course completion certificate"
NAMELESS = {"firstname": None, "lastname": " "}
# What a learner's list holds, by edge; the others' is empty.
LISTED: dict[Edge, Row] = {
    Edge.CERTIFICATE_IN_OTHER_LETTERS: {"name": " COURSE  completion Certificate"},
    Edge.CERTIFICATE_WITHOUT_ID: {"identifier": ""},
    Edge.CERTIFICATE_UNREGISTERED: {"identifier": "1-never-registered"},
}
ODD: dict[Edge, Row] = {
    Edge.CERTIFICATE_OF_1970: {"completedon": datetime.fromisoformat("1970-01-01T00:00:00+00:00")},
    Edge.CERTIFICATE_DATE_MISSING: {"completedon": None},
    Edge.CERTIFICATE_STATUS_MISSING: {"status": 1},
    Edge.CERTIFICATE_OF_UNMARKED: {"active": None},
}
CERTIFICATE_EDGES = tuple(edge for edge in Edge if edge.name.startswith("CERTIFICATE_"))


def completed_at(as_of: datetime) -> datetime:
    noon = as_of.replace(hour=6, minute=30, second=0, microsecond=0)
    return noon + timedelta(days=(FINISHED.ends or 0) - 3)


def user_of(edge: Edge) -> Row:
    return NAMELESS if edge is Edge.CERTIFICATE_OF_NAMELESS else {}


def enrolment_of(edge: Edge, as_of: datetime) -> Row:
    """What differs from an enrolment that was only begun."""
    held = LISTED.get(edge)
    usual = {"identifier": f"1-{learner(edge)}", "name": NAME, "type": "TrainingCertificate"}
    return {
        "completedon": completed_at(as_of),
        "status": 2,
        "certificates": None,
        "issued_certificates": None if held is None else [usual | held],
    } | ODD.get(edge, {})


def registry_rows(enrolments: list[Row], as_of: datetime) -> list[Row]:
    """The platform's registry: all that is listed, but for what the edges leave out of it."""
    unknown = learner(Edge.CERTIFICATE_UNREGISTERED)
    rows = {
        held["identifier"]: registered(row, held["identifier"], "ACTIVE", as_of)
        for row in enrolments
        for held in [*(row["certificates"] or []), *(row["issued_certificates"] or [])]
        if held.get("identifier") and row["userid"] != unknown
    }
    revoked = {
        "userid": learner(Edge.CERTIFICATE_REVOKED),
        "courseid": FINISHED.course.course_id,
        "batchid": FINISHED.batch_id,
    }
    return [*rows.values(), registered(revoked, "1-revoked", "REVOKED", as_of)]


def registered(row: Row, identifier: str, status: str, as_of: datetime) -> Row:
    return {
        "id": identifier,
        "userid": row["userid"],
        "courseid": row["courseid"],
        "batchid": row["batchid"],
        "templateid": f"do_3199{row['batchid'][-3:]}" if row["batchid"] else None,
        "status": status,
        "issuedon": row.get("completedon") or as_of,
    }


def failure_rows(as_of: datetime) -> list[Row]:
    """What the live issuer told of: a first try, and the last one."""
    return [
        {
            "user_id": learner(Edge.CERTIFICATE_ISSUE_FAILED),
            "course_id": FINISHED.course.course_id,
            "batch_id": FINISHED.batch_id,
            "failed_at": completed_at(as_of) + timedelta(minutes=minutes),
            "template_id": None,
            "error": error,
        }
        for minutes, error in ((1, "MANDATORY_PARAMETER_MISSING"), (31, "registry: 503"))
    ]
