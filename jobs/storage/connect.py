"""One way to reach a PostgreSQL: UTC, a time-out, and errors that never show a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import RowFactory

from jobs.errors import SettingsError, UnavailableError

CONNECT_SECONDS = 10


def connect(url: str, *, row_factory: RowFactory[Any], autocommit: bool = False) -> Connection[Any]:
    """A new connection in UTC; UnavailableError says which server did not answer, and why."""
    parts = parts_of(url)
    try:
        connection = psycopg.connect(
            make_conninfo(
                url,
                connect_timeout=parts.get("connect_timeout", CONNECT_SECONDS),
                application_name=parts.get("application_name", "sunbird-batch"),
            ),
            row_factory=row_factory,
            autocommit=True,
        )
        connection.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = autocommit
    except psycopg.OperationalError as error:
        raise UnavailableError(unavailable(parts, error)) from None
    return connection


@contextmanager
def transaction(url: str, *, row_factory: RowFactory[Any]) -> Iterator[Connection[Any]]:
    """One transaction on a connection of its own: committed at the end, rolled back on an error."""
    connection = connect(url, row_factory=row_factory)
    try:
        with connection:
            yield connection
    except psycopg.OperationalError as error:
        # Deadlocks and time-outs are operational errors too, on a connection that still works.
        if not connection.broken:
            raise
        raise UnavailableError(unavailable(parts_of(url), error)) from None


def parts_of(url: str) -> dict[str, Any]:
    """The URL's parts; SettingsError, which quotes none of them, when it cannot be meant so."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = None  # the driver's message quotes the whole URL, password included
    # A password's own @ or / ends it early: the rest would be shown as the host or the database.
    if (
        parts is None
        or any("@" in str(parts.get(name, "")) for name in ("host", "dbname"))
        or not str(parts.get("port", "5432")).replace(",", "").isdecimal()
    ):
        raise SettingsError(
            "The URL of the store cannot be read: promised postgresql://user:password@host/name."
            " Mend SUNBIRD_BATCH_STORE_URL, SUNBIRD_BATCH_ANALYST_STORE_URL or"
            " SUNBIRD_BATCH_OPERATOR_STORE_URL; characters such as @ : / in a password are written"
            " %40 %3A %2F."
        ) from None
    return parts


def unavailable(parts: dict[str, Any], error: psycopg.Error) -> str:
    said = " ".join(str(error).split())
    where = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    return (
        f"The store at {where}, database {parts.get('dbname', 'by default')}, promised to answer as"
        f" {parts.get('user', 'the default user')}; it said: {said}. Check that the server runs and"
        " that SUNBIRD_BATCH_STORE_URL names it, then run the command again; nothing was lost."
    )
