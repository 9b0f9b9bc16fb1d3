"""Requests that wait longer than was promised, and how long answers took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.request_rows import in_utc


@dataclass(frozen=True)
class LateRequest:
    """A request without an answer; `asked_at` is when it was asked, or asked again."""

    tag: str
    request_id: str
    job_id: str
    requested_by: str | None
    asked_at: datetime


@dataclass(frozen=True)
class Waited:
    """Minutes from the asking to the mail server's yes, over all answers that were sent."""

    answers: int
    p50: float
    p95: float
    longest: float


def late_requests(
    connection: Connection[DictRow],
    *,
    table: str,
    kinds: Sequence[str],
    now: datetime,
    minutes: int,
) -> list[LateRequest]:
    """The oldest first."""
    # A portal that asks again changes the status only: it asked after the answer, at the earliest.
    rows = connection.execute(
        sql.SQL(
            "SELECT tag, request_id, job_id, requested_by,"
            " greatest(dt_job_submitted, dt_job_completed) AS asked_at FROM {}"
            " WHERE status IN ('SUBMITTED', 'PROCESSING') AND job_id = ANY(%s)"
            " AND greatest(dt_job_submitted, dt_job_completed) <= %s"
            " ORDER BY asked_at, tag, request_id"
        ).format(sql.Identifier("public", table)),
        [list(kinds), now - timedelta(minutes=minutes)],
    ).fetchall()
    return [LateRequest(**{**row, "asked_at": in_utc(row["asked_at"])}) for row in rows]


def is_open(connection: Connection[DictRow], *, table: str, tag: str, request_id: str) -> bool:
    row = connection.execute(
        sql.SQL(
            "SELECT 1 FROM {} WHERE tag = %s AND request_id = %s"
            " AND status IN ('SUBMITTED', 'PROCESSING')"
        ).format(sql.Identifier("public", table)),
        [tag, request_id],
    ).fetchone()
    return row is not None


def waited(connection: Connection[DictRow]) -> Waited | None:
    """None while no answer was sent."""
    row = connection.execute(
        "SELECT count(*) AS answers,"
        " percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS p50,"
        " percentile_cont(0.95) WITHIN GROUP (ORDER BY minutes) AS p95,"
        " max(minutes) AS longest FROM metrics.exhaust_minutes"
    ).fetchone()
    return Waited(**row) if row and row["answers"] else None
