"""The queue's invariant, read from its SQL file: no request is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from psycopg import Connection, sql
from psycopg.rows import DictRow

FILE = Path(__file__).parents[2] / "sql" / "store" / "checks" / "stranded_requests.sql"
REQUEST_TABLE = "public.job_request"


def stranded(
    connection: Connection[DictRow], *, table: str, job_ids: Sequence[str], now: datetime
) -> list[DictRow]:
    """request_id and reason of every request that nobody works on and nobody was told about."""
    name = sql.Identifier("public", table).as_string(connection)
    statement = FILE.read_text(encoding="utf-8").replace(REQUEST_TABLE, name)
    return connection.execute(statement.encode(), {"job_ids": list(job_ids), "now": now}).fetchall()


def open_requests(connection: Connection[DictRow], *, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) AS n FROM {} WHERE status IN ('SUBMITTED', 'PROCESSING')").format(
            sql.Identifier("public", table)
        )
    ).fetchone()
    return int(row["n"]) if row else 0
