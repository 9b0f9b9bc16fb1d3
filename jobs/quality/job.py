"""What the gate finds in the store, and keeps: rows of operations.gate_verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection

from jobs.quality.verdicts import Verdict
from jobs.storage.checks import run_checks


def checked(
    connection: Connection[Any],
    folder: str,
    parameters: Mapping[str, Any],
    *,
    subject: str,
    row_count: int | None = None,
) -> list[Verdict]:
    """A verdict for each check of a folder of sql/checks, in this transaction."""
    return [
        Verdict(
            subject,
            found.check,
            found.severity,
            "failed" if found.row_count else "passed",
            found.row_count,
            row_count,
        )
        for found in run_checks(connection, folder, parameters)
    ]


def record(connection: Connection[Any], verdicts: Iterable[Verdict], now: datetime) -> None:
    """One row per verdict, the passed ones among them: they tell that somebody looked."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO operations.gate_verdict"
            " (subject, check_name, severity, verdict, found_count, checked_count, checked_at)"
            " VALUES (%(subject)s, %(check_name)s, %(severity)s, %(verdict)s, %(found_count)s,"
            " %(checked_count)s, %(checked_at)s)",
            [vars(verdict) | {"checked_at": now} for verdict in verdicts],
        )
