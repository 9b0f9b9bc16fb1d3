"""Adoptions of textbooks in the store: read, overwritten, ended; history is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from jobs.contracts.adoptions import ADOPTION_FILE, ADOPTION_NOTICE, TEXTBOOK_ADOPTION
from jobs.contracts.contract import Contract

COLUMNS = sql.SQL(", ").join(map(sql.Identifier, TEXTBOOK_ADOPTION.columns))
TABLE = sql.Identifier("operations", TEXTBOOK_ADOPTION.name)
# Filled by the store itself.
GENERATED = "is_current"
SHORTEST = timedelta(microseconds=1)


def adoptions(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """Every version there ever was, of every board, the oldest of a textbook first."""
    return versions(connection, sql.SQL("true"), {})


def current_adoptions(
    connection: Connection[DictRow], textbook_ids: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """What is adopted now, of all textbooks or of these."""
    return versions(
        connection,
        sql.SQL("valid_to IS NULL AND (%(ids)s::text[] IS NULL OR textbook_id = ANY(%(ids)s))"),
        {"ids": None if textbook_ids is None else list(textbook_ids)},
    )


def of_boards(
    connection: Connection[DictRow], boards: Collection[str]
) -> dict[tuple[str, str], dict[str, Any]]:
    """What is adopted now for these boards, by textbook and board."""
    held = versions(
        connection,
        sql.SQL("valid_to IS NULL AND board = ANY(%(boards)s)"),
        {"boards": list(boards)},
    )
    return {(row["textbook_id"], row["board"]): row for row in held}


def of_channel(connection: Connection[DictRow], channel: str | None) -> list[dict[str, Any]]:
    """Every version of a tenant, or of all."""
    return versions(
        connection,
        sql.SQL("(%(channel)s::text IS NULL OR adopting_channel = %(channel)s)"),
        {"channel": channel},
    )


def versions(
    connection: Connection[DictRow], where: sql.Composable, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY textbook_id, board, valid_from").format(
            COLUMNS, TABLE, where
        ),
        values,
    ).fetchall()


def hold(connection: Connection[DictRow], boards: Collection[str]) -> None:
    """Be the only one who changes these boards until the transaction ends; others wait.

    The first thing in a transaction. In one order, so that two files of the same boards never wait
    for each other.
    """
    # Whatever the server's default is: what the one before wrote must be seen after the wait.
    connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    for board in sorted(boards):
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext('textbook adoption'), hashtext(%s))", [board]
        )


def instant_after(
    connection: Connection[DictRow], boards: Collection[str], now: datetime
) -> datetime:
    """Now, or just after the last change of these boards by a clock that is ahead."""
    row = connection.execute(
        "SELECT max(greatest(valid_from, valid_to)) AS last FROM operations.textbook_adoption"
        " WHERE board = ANY(%s)",
        [list(boards)],
    ).fetchone()
    last = row["last"] if row else None
    return now if last is None or now > last else last + SHORTEST


def end(
    connection: Connection[DictRow],
    adoption_ids: Collection[str],
    *,
    at: datetime,
    removed_by: str | None = None,
) -> int:
    """Close versions: they are history from then on; returns how many."""
    return connection.execute(
        "UPDATE operations.textbook_adoption SET valid_to = %s, removed_by = %s"
        " WHERE adoption_id = ANY(%s) AND valid_to IS NULL",
        [at, removed_by, list(adoption_ids)],
    ).rowcount


def add(connection: Connection[DictRow], rows: Sequence[Mapping[str, Any]]) -> None:
    insert(connection, TEXTBOOK_ADOPTION, rows, [GENERATED])


def add_notices(connection: Connection[DictRow], rows: Sequence[Mapping[str, Any]]) -> None:
    told = [row | {"changes": Jsonb(row["changes"])} for row in map(dict, rows)]
    insert(connection, ADOPTION_NOTICE, told)


def note_file(connection: Connection[DictRow], row: Mapping[str, Any]) -> None:
    insert(connection, ADOPTION_FILE, [row])


def insert(
    connection: Connection[DictRow],
    contract: Contract,
    rows: Sequence[Mapping[str, Any]],
    without: Collection[str] = (),
) -> None:
    names = [name for name in contract.columns if name not in without]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("operations", contract.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    with connection.cursor().copy(statement) as sink:
        for row in rows:
            sink.write_row([row.get(name) for name in names])


def taken(connection: Connection[DictRow], intake_id: str) -> dict[str, Any] | None:
    """What became of a file that was taken in before."""
    return connection.execute(
        "SELECT * FROM operations.adoption_file WHERE intake_id = %s", [intake_id]
    ).fetchone()


def untold(connection: Connection[DictRow], *, limit: int) -> list[dict[str, Any]]:
    """Notices whose event was not handed over, the oldest first, locked meanwhile."""
    return connection.execute(
        "SELECT * FROM operations.adoption_notice WHERE told_at IS NULL"
        " ORDER BY noticed_at, notice_id LIMIT %s FOR UPDATE SKIP LOCKED",
        [limit],
    ).fetchall()


def note_told(
    connection: Connection[DictRow], notice_ids: Collection[str], *, key: str, now: datetime
) -> None:
    ids = list(notice_ids)
    connection.execute(
        "UPDATE operations.adoption_notice SET told_at = %s, event_key = %s"
        " WHERE notice_id = ANY(%s)",
        [now, key, ids],
    )
    connection.execute(
        "UPDATE operations.textbook_adoption SET notified_at = %s WHERE adoption_id IN"
        " (SELECT adoption_id FROM operations.adoption_notice WHERE notice_id = ANY(%s))",
        [now, ids],
    )
