"""Batches by what a person remembers of them: a name, a course, an id."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

# The newest summary knows the courses' names; a batch that it lacks is found by its own.
FOUND = (
    "SELECT batch.batch_id, batch.batch_name, batch.course_id, batch.status, batch.start_on,"
    " batch.end_on, summed.collection_name, summed.enrolment_count, summed.completion_count"
    " FROM operations.batch_status AS batch LEFT JOIN (SELECT batch_id,"
    " max(collection_name) AS collection_name, sum(enrolment_count)::bigint AS enrolment_count,"
    " sum(completion_count)::bigint AS completion_count FROM metrics.collection_summary_daily"
    " WHERE day = (SELECT max(day) FROM metrics.collection_summary_daily) GROUP BY batch_id"
    ") AS summed USING (batch_id)"
)


def found(connection: Connection[DictRow], text: str, *, limit: int) -> list[dict[str, Any]]:
    """The batches that running ones come first of; every word must be in a name or an id."""
    words = [f"%{escaped(word)}%" for word in text.split()]
    return connection.execute(
        f"{FOUND} WHERE concat_ws(' ', batch.batch_id, batch.batch_name, batch.course_id,"
        " summed.collection_name) ILIKE ALL (%s)"
        " ORDER BY batch.status = 1 DESC, batch.start_on DESC NULLS LAST, batch.batch_id LIMIT %s",
        [words or ["%"], limit],
    ).fetchall()


def one(connection: Connection[DictRow], batch_id: str) -> dict[str, Any] | None:
    return connection.execute(
        f"{FOUND} WHERE batch.batch_id = %s",
        [batch_id],
    ).fetchone()


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
