"""Whose turn it is: the open requests of the queue in an order that is fair between tenants.

A tenant's first request comes before any tenant's second one, so that a tenant with five hundred
makes no other wait. Two rows are the same request when tag, kind, user, tenant and day are equal:
Sunbird's request id is made of these. The one asked first is answered; while it is open, the
others wait for its answer.
"""

from __future__ import annotations

from datetime import datetime

from psycopg import Connection, sql
from psycopg.rows import DictRow

# Sunbird's own table may hold instants without a zone; the session's zone is UTC.
DAY = "({row}.dt_job_submitted::timestamptz AT TIME ZONE %(timezone)s)::date"
SAME_REQUEST = (
    " earlier.tag = request.tag AND earlier.request_id <> request.request_id"
    " AND earlier.job_id = request.job_id"
    " AND earlier.requested_by IS NOT DISTINCT FROM request.requested_by"
    " AND earlier.requested_channel IS NOT DISTINCT FROM request.requested_channel"
    f" AND {DAY.format(row='earlier')} = {DAY.format(row='request')}"
    " AND (earlier.dt_job_submitted, earlier.request_id)"
    " < (request.dt_job_submitted, request.request_id)"
)
IS_OPEN = (
    " request.job_id = %(job_id)s AND (request.status = 'SUBMITTED'"
    " OR (request.status = 'PROCESSING' AND (lease.run_id IS NULL"
    " OR lease.run_id = %(run_id)s OR lease.heartbeat_at < %(abandoned)s)))"
)


def in_turn(
    connection: Connection[DictRow],
    *,
    table: str,
    job_id: str,
    run_id: str,
    abandoned: datetime,
    timezone: str,
    limit: int,
) -> list[DictRow]:
    """The keys of the requests to take now, locked; each channel's oldest first, in turns."""
    return connection.execute(
        sql.SQL(
            "WITH waiting AS (SELECT request.tag, request.request_id,"  # noqa: S608 -- ours
            " row_number() OVER (PARTITION BY request.requested_channel ORDER BY"
            " request.dt_job_submitted NULLS FIRST, request.tag, request.request_id) AS turn"
            " FROM {table} AS request"
            " LEFT JOIN operations.lease AS lease USING (tag, request_id)"
            f" WHERE {IS_OPEN} AND NOT EXISTS (SELECT 1 FROM {{table}} AS earlier"
            f" WHERE {SAME_REQUEST} AND earlier.status IN ('SUBMITTED', 'PROCESSING')))"
            " SELECT request.tag, request.request_id, request.status = 'SUBMITTED' AS is_new,"
            " request.dt_job_completed IS NOT NULL AS has_ended_before"
            " FROM {table} AS request JOIN waiting USING (tag, request_id)"
            " LEFT JOIN operations.lease AS lease USING (tag, request_id)"
            f" WHERE {IS_OPEN}"
            " ORDER BY waiting.turn, request.dt_job_submitted NULLS FIRST, request.tag,"
            " request.request_id LIMIT %(limit)s FOR UPDATE OF request SKIP LOCKED"
        ).format(table=sql.Identifier("public", table)),
        {
            "job_id": job_id,
            "run_id": run_id,
            "abandoned": abandoned,
            "timezone": timezone,
            "limit": limit,
        },
    ).fetchall()


def twin_of(
    connection: Connection[DictRow], *, table: str, tag: str, request_id: str, timezone: str
) -> DictRow | None:
    """The row of the same request that was asked earlier, an answered one before a failed one."""
    return connection.execute(
        sql.SQL(
            "SELECT earlier.* FROM {table} AS request JOIN {table} AS earlier"  # noqa: S608
            f" ON {SAME_REQUEST}"
            " WHERE request.tag = %(tag)s AND request.request_id = %(request_id)s"
            " ORDER BY earlier.status = 'FAILED', earlier.dt_job_submitted, earlier.request_id"
            " LIMIT 1"
        ).format(table=sql.Identifier("public", table)),
        {"tag": tag, "request_id": request_id, "timezone": timezone},
    ).fetchone()
