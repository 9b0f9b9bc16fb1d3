"""What people ask of the queue: the requests, with their times and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.request_rows import in_utc

SECONDS_PER_MINUTE = 60


def listed(
    connection: Connection[DictRow],
    *,
    table: str,
    now: datetime,
    limit: int,
    requesters: bool = True,
    request_id: str | None = None,
) -> list[dict[str, Any]]:
    """The newest requests with the state of the message that answers each.

    `minutes` run from the asking to the sent message; while there is none, to now. A role that
    only reads may not see who asks: it leaves `requesters` out.
    """
    rows = connection.execute(
        sql.SQL(
            "SELECT request.request_id, request.tag, request.job_id, request.request_data,"
            " {} request.status, request.dt_job_submitted, request.err_message,"
            " request.dt_file_created, request.dt_job_completed, answer.status AS delivery,"
            " answer.sent_at"
            " FROM {} AS request LEFT JOIN LATERAL ("
            " SELECT status, sent_at FROM operations.delivery AS delivery"
            " WHERE delivery.tag = request.tag AND delivery.request_id = request.request_id"
            " AND delivery.recipient_role IS NULL AND delivery.kind <> 'exhaust_late'"
            " AND request.status IN ('SUCCESS', 'FAILED')"
            " ORDER BY delivery.created_at DESC LIMIT 1) AS answer ON true"
            " WHERE %(id)s::text IS NULL OR request.request_id = %(id)s"
            " ORDER BY request.dt_job_submitted DESC NULLS LAST, request.request_id"
            " LIMIT %(limit)s"
        ).format(
            sql.SQL("request.requested_by," if requesters else ""), sql.Identifier("public", table)
        ),
        {"id": request_id, "limit": limit},
    ).fetchall()
    return [timed(row, now) for row in rows]


def timed(row: DictRow, now: datetime) -> dict[str, Any]:
    submitted_at = in_utc(row.pop("dt_job_submitted"))
    completed_at = in_utc(row.pop("dt_job_completed"))
    made_at = in_utc(row.pop("dt_file_created"))
    has_answer = row["delivery"] is not None
    until = row["sent_at"] or (now if has_answer else completed_at) or now
    return {
        **row,
        "submitted_at": submitted_at,
        "made_at": made_at,
        "completed_at": completed_at,
        "minutes": round((until - submitted_at).total_seconds() / SECONDS_PER_MINUTE, 1)
        if submitted_at
        else None,
    }
