"""What the LMS has not taken yet of the statuses of batches."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.batches import TARGETS


def drift(connection: Connection[DictRow]) -> dict[str, int]:
    """How many duties are open, by target."""
    found = connection.execute(
        "SELECT target, count(*) AS n FROM operations.batch_status_publication GROUP BY target"
    ).fetchall()
    by_target = {row["target"]: row["n"] for row in found}
    return {target: by_target[target] for target in TARGETS if target in by_target}


def drift_rows(connection: Connection[DictRow], *, limit: int) -> list[dict[str, Any]]:
    """The open duties, the oldest first."""
    return connection.execute(
        "SELECT open.target, open.subject_id, held.status, open.since, open.attempts,"
        " open.next_attempt_at, open.last_answer"
        " FROM operations.batch_status_publication AS open"
        " LEFT JOIN operations.batch_status AS held"
        " ON held.batch_id = open.subject_id AND open.target <> 'course'"
        " ORDER BY open.since, open.target, open.subject_id LIMIT %s",
        [limit],
    ).fetchall()
