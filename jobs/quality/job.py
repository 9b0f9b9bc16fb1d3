"""Keep what the gate found: rows of operations.gate_verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg import Connection

from jobs.quality.verdicts import Verdict


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
