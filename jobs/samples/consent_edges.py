"""Learners of the big batch in every state of consent, and minors with and without a guardian."""

from datetime import datetime, timedelta
from typing import Any

from jobs.samples.courses import LANGUAGE, READING
from jobs.samples.edges import Edge, learner
from jobs.samples.places import SOUTH

Row = dict[str, Any]

# What differs from a consent that is active for months, by edge; None: there is no consent.
CONSENTS: dict[Edge, Row | None] = {
    Edge.CONSENT_NEVER_GIVEN: None,
    Edge.CONSENT_WITHDRAWN: {"status": "REVOKED"},
    Edge.CONSENT_EXPIRED: {"expiry": timedelta(days=-1)},
    Edge.CONSENT_WITHOUT_EXPIRY: {"expiry": None},
    Edge.CONSENT_WITHOUT_STATUS: {"status": None},
    Edge.CONSENT_IN_SMALL_LETTERS: {"status": "active"},
    Edge.CONSENT_FOR_ANOTHER_ORGANISATION: {"consumer_id": SOUTH.org_id},
    Edge.CONSENT_FOR_ANOTHER_COURSE: {"object_id": LANGUAGE.course_id},
    Edge.MINOR_WITHOUT_GUARDIAN: {},
    Edge.MINOR_WITH_GUARDIAN: {},
    Edge.STUDENT_WITHOUT_BIRTHDAY: {},
}
USERS: dict[Edge, Row] = {
    Edge.MINOR_WITHOUT_GUARDIAN: {"usertype": "student", "dob": timedelta(days=-14 * 365)},
    Edge.MINOR_WITH_GUARDIAN: {"usertype": "student", "dob": timedelta(days=-14 * 365)},
    Edge.STUDENT_WITHOUT_BIRTHDAY: {"usertype": "student", "dob": None},
}


def user_of(edge: Edge, as_of: datetime) -> Row:
    """What is odd in the learner's row: grown up, but for the minors."""
    row: Row = {"dob": "1990-06-15"} | USERS.get(edge, {})
    if isinstance(row["dob"], timedelta):
        row["dob"] = (as_of + row["dob"]).date().isoformat()
    return row


def consent_rows(as_of: datetime) -> list[Row]:
    given = as_of - timedelta(days=10)
    rows = []
    for edge, odd in CONSENTS.items():
        if odd is None:
            continue
        user_id = learner(edge)
        row: Row = {
            "user_id": user_id,
            "consumer_id": READING.channel,
            "object_id": READING.course_id,
            "status": "ACTIVE",
            "consent_data": '{"isPublic": false}',
            "expiry": timedelta(days=90),
            "last_updated_on": given,
            "created_on": given,
            "object_type": "Collection",
            "consumer_type": "ORGANISATION",
            "id": f"usr-consent:{user_id}:{READING.channel}:{READING.course_id}",
        } | odd
        if isinstance(row["expiry"], timedelta):
            row["expiry"] = as_of + row["expiry"]
        rows.append(row)
    return rows


def guardian_rows(as_of: datetime) -> list[Row]:
    return [
        {
            "user_id": learner(Edge.MINOR_WITH_GUARDIAN),
            "verified_on": as_of - timedelta(days=9),
            "expiry": None,
            "method": "signed form",
        }
    ]
