"""The numbered SQL files of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SQL = Path(__file__).parents[3] / "sql" / "store"
SCHEMA = "migrations"
REQUEST_TABLE = "public.job_request"


def head() -> str:
    """The newest revision that this version of the software brings."""
    return max(file.name.split("_")[0] for file in SQL.glob("*.up.sql"))


def run_file(name: str) -> None:
    """Run a file inside the running migration, with the request table under its configured name."""
    from alembic import context, op

    text = (SQL / name).read_text(encoding="utf-8")
    table = context.config.attributes["request_table"]
    # The driver's own connection takes a file of many statements as it is.
    connection: Any = op.get_bind().connection.driver_connection
    connection.execute(text.replace(REQUEST_TABLE, f"public.{table}"))
