"""What the platform sums up per learner, batch and collection: completed counts and scores."""

import json
from datetime import datetime
from typing import Any

from jobs.samples.attempts import Attempt
from jobs.samples.seats import Seat

Row = dict[str, Any]


def activity_rows(seat: Seat) -> list[Row]:
    """One row for the course and one for each collection nested in it that was begun."""
    if not seat.content_status:
        return []
    done = set(seat.completed)
    rows = [activity_row(seat, seat.batch.course.course_id, len(done), seat.attempts)]
    for module, leaves in seat.batch.course.modules.items():
        begun = [leaf for leaf in leaves if leaf in seat.content_status]
        if begun:
            rows.append(activity_row(seat, module, len(done.intersection(leaves)), []))
    return rows


def activity_row(seat: Seat, activity_id: str, completed: int, attempts: list[Attempt]) -> Row:
    aggregates: dict[str, float] = {"completedCount": float(completed)}
    for content in dict.fromkeys(attempt.content_id for attempt in attempts):
        tries = [attempt for attempt in attempts if attempt.content_id == content]
        best = max(tries, key=lambda attempt: attempt.score or 0)
        aggregates[f"score:{content}"] = best.score or 0
        aggregates[f"max_score:{content}"] = best.max_score or 0
        aggregates[f"attempts_count:{content}"] = float(len(tries))
    updated = instant_text(seat.written_at)
    return {
        "activity_type": "Course",
        "activity_id": activity_id,
        "user_id": seat.user_id,
        "context_id": f"cb:{seat.batch.batch_id}",
        "agg": json.dumps({"completedCount": completed}),
        "aggregates": json.dumps(aggregates),
        "agg_last_updated": json.dumps(dict.fromkeys(aggregates, updated)),
        "agg_details": json.dumps([detail(attempt) for attempt in attempts]) if attempts else None,
    }


def in_cassandras_form(row: Row) -> Row:
    """The same row with its maps as Cassandra prints them: {'completedCount': 3}."""
    return row | {
        name: "{" + ", ".join(f"'{k}': {v}" for k, v in json.loads(row[name]).items()) + "}"
        for name in ("agg", "aggregates")
    }


def instant_text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def detail(attempt: Attempt) -> str:
    return json.dumps(
        {
            "max_score": attempt.max_score,
            "score": attempt.score,
            "type": "attempt_metrics",
            "attempt_id": attempt.attempt_id,
            "content_id": attempt.content_id,
            "attempted_on": int(attempt.attempted_at.timestamp() * 1000),
        }
    )
