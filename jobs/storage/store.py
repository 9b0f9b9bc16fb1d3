"""The store: an open, migrated PostgreSQL, the project's own or the one that a setting names."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlsplit, urlunsplit

from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row

from jobs.errors import SettingsError
from jobs.settings import Settings
from jobs.storage import cluster, postgres
from jobs.storage.connect import connect, transaction
from jobs.storage.migrations.run import migrate


class Reader(StrEnum):
    """A role that only reads: the team its own tables and the metrics, analysts the metrics."""

    OPERATOR = "operator"
    ANALYST = "analyst"


@dataclass(frozen=True)
class Store:
    """Where transactions come from; the URLs hold passwords."""

    url: str = field(repr=False)
    analyst_url: str | None = field(default=None, repr=False)
    operator_url: str | None = field(default=None, repr=False)

    def transaction(self) -> AbstractContextManager[Connection[DictRow]]:
        """A connection of its own; committed at the end, rolled back on an error."""
        return transaction(self.url, row_factory=dict_row)

    @contextmanager
    def reader_transaction(self, role: Reader) -> Iterator[Connection[TupleRow]]:
        """Read only, and only what the role may see; the owner takes it where it has no login."""
        own_url = self.analyst_url if role is Reader.ANALYST else self.operator_url
        with transaction(own_url or self.url, row_factory=tuple_row) as connection:
            connection.execute("SET TRANSACTION READ ONLY")
            if own_url is None:
                connection.execute(f"SET LOCAL ROLE {role}")
            connection.execute("SET LOCAL search_path = metrics, operations, public")
            yield connection


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """A store that answers and is up to date; UnavailableError says what is in the way."""
    with contextlib.ExitStack() as stack:
        if settings.store_url is not None:
            url = settings.store_url.get_secret_value()
            migrate(url, request_table=settings.job_request_table)
            analyst, operator = settings.analyst_store_url, settings.operator_store_url
            yield Store(
                url,
                analyst_url=analyst.get_secret_value() if analyst else None,
                operator_url=operator.get_secret_value() if operator else None,
            )
            return
        url = stack.enter_context(postgres.using(settings.home))
        migrate(url, request_table=settings.job_request_table)
        yield Store(
            url,
            analyst_url=reader_login(url, settings.home, Reader.ANALYST),
            operator_url=reader_login(url, settings.home, Reader.OPERATOR),
        )


@contextmanager
def open_reader(settings: Settings, role: Reader) -> Iterator[Connection[DictRow]]:
    """One read-only transaction of a role. By its own login alone where a setting names it: whoever
    only looks needs no owner's password, and migrates nothing."""
    named = settings.analyst_store_url if role is Reader.ANALYST else settings.operator_store_url
    with contextlib.ExitStack() as stack:
        if named is not None:
            store = Store("", named.get_secret_value(), named.get_secret_value())
        else:
            store = stack.enter_context(open_store(settings))
        connection = stack.enter_context(store.reader_transaction(role))
        connection.row_factory = dict_row  # type: ignore[assignment]
        try:
            yield cast("Connection[DictRow]", connection)
        except InsufficientPrivilege as error:
            # A request table that is a Sunbird's own has the grants that its owner gave.
            raise SettingsError(
                f"The role {role} promised to read all but personal columns; the store said:"
                f" {error.diag.message_primary}. As the table's owner, GRANT SELECT on its other"
                f" columns TO {role}."
            ) from None


def reader_login(url: str, home: Path, role: Reader) -> str:
    """The embedded server's URL for people who only read."""
    kept = home / "store" / f"{role}_password"
    if not kept.exists():
        with connect(url, row_factory=tuple_row) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{role}_login"])
            if not kept.exists():
                password = secrets.token_urlsafe(24)
                connection.execute(
                    sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(role), password
                    )
                )
                cluster.write(kept, password)
    password = kept.read_text(encoding="utf-8").strip()
    parts = urlsplit(url)
    where = f"{role}:{quote(password)}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=where))
