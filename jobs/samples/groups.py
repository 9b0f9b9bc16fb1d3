"""Groups of the small Sunbird: a class, a circle of teachers, an empty one, and one deleted."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from jobs.samples.batches import BIG, FOREIGN, SOUTHERN
from jobs.samples.courses import LANGUAGE, READING, SCIENCE
from jobs.samples.edges import Edge, learner
from jobs.samples.staff import MENTOR_BIG, fixed_id

Row = dict[str, Any]
CLASS, TEACHERS, EMPTY, DELETED, UNKNOWN = (
    fixed_id(f"group {name}") for name in ("class", "teachers", "empty", "deleted", "unknown")
)
CLASS_SIZE = 40


def group_rows() -> list[Row]:
    return [
        {"id": CLASS, "name": "Class 7 B", "status": "active"},
        {"id": TEACHERS, "name": "Science circle", "status": None},
        {"id": EMPTY, "name": "To come", "status": "active"},
        {"id": DELETED, "name": "Old circle", "status": "inactive"},
    ]


def group_activity_rows() -> list[Row]:
    return [
        {"groupid": CLASS, "id": READING.course_id, "type": "Course"},
        {"groupid": CLASS, "id": next(iter(READING.modules)), "type": "Explanation Content"},
        {"groupid": TEACHERS, "id": SCIENCE.course_id, "type": "Course"},
        {"groupid": EMPTY, "id": LANGUAGE.course_id, "type": "Course"},
        {"groupid": DELETED, "id": READING.course_id, "type": "Course"},
        {"groupid": UNKNOWN, "id": READING.course_id, "type": "Course"},
    ]


def group_member_rows(enrolments: Sequence[Row], as_of: datetime) -> list[Row]:
    """A class of the big batch with its mentor, and the learners of both batches of a course."""
    of_class = sorted(
        {row["userid"] for row in enrolments if row["batchid"] == BIG.batch_id and row["userid"]}
    )
    of_teachers = teachers(enrolments)
    rows = [member(CLASS, user) for user in of_class[:CLASS_SIZE]]
    rows.append(member(CLASS, MENTOR_BIG, role="admin"))
    rows += [member(CLASS, of_class[0], role="admin")]
    gone = learner(Edge.GROUP_MEMBER_LEFT)
    rows.append(
        member(CLASS, gone) | {"status": "inactive", "removedon": as_of - timedelta(days=2)}
    )
    rows += [member(TEACHERS, user) for user in of_teachers]
    rows.append(member(UNKNOWN, of_class[0]))
    return rows


def teachers(enrolments: Sequence[Row]) -> list[str]:
    """Those who are in both batches of the science course first, ten in all."""
    seats = Counter(
        row["userid"]
        for row in enrolments
        if row["batchid"] in (SOUTHERN.batch_id, FOREIGN.batch_id) and row["userid"]
    )
    return [user for user, _ in sorted(seats.items(), key=lambda told: (-told[1], told[0]))[:10]]


def member(group_id: str, user_id: str, *, role: str = "member") -> Row:
    return {
        "groupid": group_id,
        "userid": user_id,
        "role": role,
        "status": "active",
        "createdby": MENTOR_BIG,
        "removedon": None,
    }
