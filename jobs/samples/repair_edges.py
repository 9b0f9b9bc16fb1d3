"""Learners whose enrolments and scores could be mended: what happened is in other tables."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from jobs.samples.attempts import attempt_row
from jobs.samples.courses import LANGUAGE
from jobs.samples.edge_rows import TEST, Case, activity_of, both_dates, seat_of, user_row
from jobs.samples.edges import Edge
from jobs.samples.seats import enrolment_row, old_instant

Row = dict[str, Any]


def repair_rows(as_of: datetime, seal: Callable[[str], str]) -> dict[str, list[Row]]:
    """The rows to add, by table."""
    noon = as_of.replace(hour=6, minute=30, second=0, microsecond=0) - timedelta(days=10)
    unnoted = Case(Edge.COMPLETION_UNNOTED, done=tuple(LANGUAGE.leaf_nodes))
    too_many = Case(
        Edge.ANSWERS_TOO_MANY, done=(TEST,), points=((TEST, 5.0, 10.0), (TEST, 9.0, 10.0))
    )
    rows: dict[str, list[Row]] = {
        "users": [user_row(case, seal) for case in (unnoted, too_many)],
        "user_enrolments": [],
        "user_activity_agg": [],
        "assessment_aggregator": [],
        "user_content_consumption": [],
    }
    for case in (unnoted, too_many):
        seat = seat_of(case, noon)
        rows["user_enrolments"].append(enrolment_row(seat) | both_dates(seat))
        rows["user_activity_agg"] += activity_of(case, seat)
        rows["assessment_aggregator"] += [
            attempt_row(seat.user_id, LANGUAGE.course_id, case.batch.batch_id, taken)
            for taken in seat.attempts
        ]
    last = rows["assessment_aggregator"][-1]
    asked = json.loads(last["question"])
    last["question"] = json.dumps([*asked, asked[0] | {"id": "do_3188000000000000099"}])
    rows["user_content_consumption"] = [
        consumed(unnoted, content, noon + timedelta(hours=hours), is_old=hours % 2 == 0)
        for hours, content in enumerate(LANGUAGE.leaf_nodes, 1)
    ]
    return rows


def consumed(case: Case, content_id: str, at: datetime, *, is_old: bool) -> Row:
    """Completed then; the time is in the old column or in the new one."""
    return {
        "userid": case.user_id,
        "contentid": content_id,
        "courseid": case.batch.course.course_id,
        "batchid": case.batch.batch_id,
        "status": 2,
        "progress": 100,
        "lastcompletedtime": old_instant(at) if is_old else None,
        "last_completed_time": None if is_old else at,
        "timespent": 600_000,
    }
