"""Bring a database to the newest revision, once, whoever comes at the same time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from jobs.contracts.contract import Contract
from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.errors import UnavailableError
from jobs.storage.connect import connect
from jobs.storage.migrations import describe
from jobs.storage.migrations.files import SCHEMA, head

# Any number that nobody else on the server locks.
LOCK = 5_381_770_001


def migrate(url: str, *, request_table: str) -> None:
    """Nothing but one query when the database is up to date."""
    wanted = (head(), describe.fingerprint(described()))
    with connect(url, row_factory=tuple_row, autocommit=True) as connection:
        if applied(connection) == wanted:
            return
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found = applied(connection)
        if found == wanted:
            return
        if found[0] is not None and found[0] > wanted[0]:
            raise UnavailableError(
                f"The store is at revision {found[0]}, made by a newer version of the software;"
                f" this one knows {wanted[0]}. Run the newer version, or restore a backup."
            )
        try:
            if found[0] != wanted[0]:
                move(url, wanted[0], request_table=request_table)
            with connection.transaction():
                describe.lay(
                    connection,
                    STORE_TABLES.values(),
                    METRIC_TABLES.values(),
                    request_table=request_table,
                )
        except psycopg.errors.InsufficientPrivilege as error:
            raise UnavailableError(
                "The store's user may not make what the migrations need:"
                f" {error.diag.message_primary}. Let it create schemas in the database and roles on"
                " the server (CREATEROLE), or create the roles analyst, operator and portal"
                " beforehand."
            ) from None


def described() -> list[Contract]:
    return [*STORE_TABLES.values(), *METRIC_TABLES.values()]


def applied(connection: Connection[Any]) -> tuple[str | None, str | None]:
    """The revision of the database and the fingerprint of the contracts that describe it."""
    try:
        row = connection.execute(
            f"SELECT version_num, obj_description('{SCHEMA}.alembic_version'::regclass)"  # noqa: S608
            f" FROM {SCHEMA}.alembic_version"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None, None
    return (row[0], row[1]) if row else (None, None)


def move(url: str, revision: str, *, request_table: str) -> None:
    """Up to a revision, or down to `base`, the empty database; all of it or nothing."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import NullPool, create_engine, text

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["request_table"] = request_table
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(url, row_factory=tuple_row),
        poolclass=NullPool,
    )
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
