"""What the store says of today, to a role that only reads: counts, ages and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.batch_drift import drift_rows

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
LINES = 8


def batches(connection: Connection[DictRow], *, now: datetime) -> dict[str, Any]:
    """Batches by status, what moved within a day, and what no target of the LMS has taken yet."""
    by_status = connection.execute(
        "SELECT status, count(*) AS n FROM operations.batch_status GROUP BY status"
    ).fetchall()
    moved = connection.execute(
        "SELECT from_status, to_status, reason, count(*) AS n, max(written_at) AS last_at"
        " FROM operations.batch_status_change WHERE written_at > %s"
        " GROUP BY from_status, to_status, reason ORDER BY n DESC, reason",
        [now - DAY],
    ).fetchall()
    drifts = connection.execute(
        "SELECT target, count(*) AS n, min(since) AS since, max(attempts) AS attempts"
        " FROM operations.batch_status_publication GROUP BY target ORDER BY target"
    ).fetchall()
    return {
        "by_status": {row["status"]: row["n"] for row in by_status},
        "moved": moved,
        "drift": drifts,
        "drift_rows": drift_rows(connection, limit=LINES),
    }


def requests(
    connection: Connection[DictRow], *, table: str, kinds: Sequence[str], now: datetime
) -> dict[str, Any]:
    """How long answers of the last week took, and how many requests are open."""
    took = connection.execute(
        "SELECT count(*) AS answers, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS p50,"
        " percentile_cont(0.95) WITHIN GROUP (ORDER BY minutes) AS p95, max(minutes) AS longest"
        " FROM metrics.exhaust_minutes WHERE sent_at > %s",
        [now - WEEK],
    ).fetchone()
    by_status = connection.execute(
        sql.SQL(
            "SELECT status, count(*) AS n FROM {} WHERE job_id = ANY(%s)"
            " AND (status IN ('SUBMITTED', 'PROCESSING') OR dt_job_completed > %s) GROUP BY status"
        ).format(sql.Identifier("public", table)),
        [list(kinds), now - WEEK],
    ).fetchall()
    return {"took": took, "by_status": {row["status"]: row["n"] for row in by_status}}


def missed_certificates(connection: Connection[DictRow], *, now: datetime) -> dict[str, Any]:
    """Findings by state and by the days since they were found, and the night they are from."""
    return {
        "by_age": connection.execute(
            "SELECT state, extract(DAY FROM %s - first_seen_at)::int AS days, count(*) AS n"
            " FROM operations.missed_certificate WHERE state IN ('new', 'pending', 'held',"
            " 'approved', 'failed') GROUP BY state, days ORDER BY days, state",
            [now],
        ).fetchall(),
        "issued": connection.execute(
            "SELECT count(*) AS n FROM operations.certificate_issued WHERE issued_at > %s",
            [now - WEEK],
        ).fetchone(),
        "night": connection.execute(
            "SELECT as_of, data_as_of, published_at FROM operations.missed_certificate_run"
            " ORDER BY as_of DESC LIMIT 1"
        ).fetchone(),
    }


def verdicts(connection: Connection[DictRow], *, now: datetime) -> dict[str, Any]:
    """The verdicts of a day by outcome, and what did not pass within a week."""
    counted = connection.execute(
        "SELECT verdict, count(*) AS n, max(checked_at) AS last_at FROM operations.gate_verdict"
        " WHERE checked_at > %s GROUP BY verdict",
        [now - DAY],
    ).fetchall()
    return {
        "counted": {row["verdict"]: row["n"] for row in counted},
        "last_at": max((row["last_at"] for row in counted), default=None),
        "not_passed": connection.execute(
            "SELECT check_name, severity, verdict, count(*) AS n, max(checked_at) AS last_at,"
            " (array_agg(subject ORDER BY checked_at DESC, verdict_id DESC))[1] AS subject,"
            " (array_agg(found_count ORDER BY checked_at DESC, verdict_id DESC))[1] AS found_count,"
            " (array_agg(checked_count ORDER BY checked_at DESC, verdict_id DESC))[1]"
            " AS checked_count FROM operations.gate_verdict"
            " WHERE verdict <> 'passed' AND checked_at > %s"
            " GROUP BY check_name, severity, verdict"
            " ORDER BY severity, last_at DESC, check_name LIMIT %s",
            [now - WEEK, LINES],
        ).fetchall(),
    }


def tables(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """Every published table, of the lake and of the store, with the age of its data."""
    return connection.execute(
        "SELECT table_name, data_as_of, published_at, row_count, quarantined_count"
        " FROM metrics.table_freshness ORDER BY table_name"
    ).fetchall()
