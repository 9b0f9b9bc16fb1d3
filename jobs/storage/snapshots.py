"""Which version of a lake table is the published one: one row in the store, written last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs import lineage
from jobs.errors import UnavailableError

log = structlog.get_logger()


@dataclass(frozen=True)
class Snapshot:
    """A published version of a lake table; `path` holds a folder per bucket."""

    snapshot_id: str
    table_name: str
    path: str
    buckets: int
    row_count: int
    quarantined_count: int
    data_as_of: datetime
    published_at: datetime


@dataclass(frozen=True)
class Quarantined:
    """Rows of a source table that were kept out of a snapshot, for one reason."""

    source_table: str
    reason: str
    batch_id: str
    row_count: int


COLUMNS = (
    "snapshot_id, table_name, path, buckets, row_count, quarantined_count, data_as_of, published_at"
)


def publish(
    connection: Connection[DictRow], snapshot: Snapshot, quarantined: list[Quarantined]
) -> None:
    """Make a snapshot the visible one; readers see it when the transaction commits."""
    lineage.note_made(lineage.CLEAN, snapshot.table_name)
    connection.execute(
        f"INSERT INTO operations.snapshot ({COLUMNS}) VALUES"  # noqa: S608 -- our own constant
        " (%(snapshot_id)s, %(table_name)s, %(path)s, %(buckets)s, %(row_count)s,"
        " %(quarantined_count)s, %(data_as_of)s, %(published_at)s)",
        vars(snapshot),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO operations.quarantine"
            " (snapshot_id, source_table, reason, batch_id, row_count)"
            " VALUES (%(snapshot_id)s, %(source_table)s, %(reason)s, %(batch_id)s, %(row_count)s)",
            [{"snapshot_id": snapshot.snapshot_id, **vars(row)} for row in quarantined],
        )


def latest(connection: Connection[DictRow], table_name: str) -> Snapshot | None:
    found = versions(connection, table_name, limit=1)
    return found[0] if found else None


def latest_of(
    connection: Connection[DictRow], tables: Iterable[str]
) -> tuple[dict[str, Snapshot], list[str]]:
    """The published version of each table, and the tables that were never published."""
    found = {name: latest(connection, name) for name in tables}
    there = {name: snapshot for name, snapshot in found.items() if snapshot is not None}
    return there, [name for name in found if name not in there]


def needed(
    connection: Connection[DictRow], tables: Iterable[str], *, what: str, and_then: str = ""
) -> dict[str, Snapshot]:
    """The published version of each table.

    Raises UnavailableError where any was never published: `what` begins its sentence, `and_then`
    is refreshed after them.
    """
    found, missing = latest_of(connection, tables)
    if missing:
        command = " ".join(["python -m jobs refresh", *missing, and_then]).strip()
        raise UnavailableError(
            f"{what} {', '.join(missing)}, which was never refreshed. Run `{command}`."
        )
    return found


def warn_if_old(data_as_of: datetime, now: datetime, *, minutes: int) -> None:
    """Say so in the log where what a product is made of is older than it should be."""
    age = now - data_as_of
    if age > timedelta(minutes=minutes):
        log.warning(
            "the tables are older than they should be", minutes=round(age.total_seconds() / 60)
        )


def versions(
    connection: Connection[DictRow], table_name: str, *, limit: int = 1000
) -> list[Snapshot]:
    """The published versions of a table, the newest first."""
    rows: list[dict[str, Any]] = connection.execute(
        f"SELECT {COLUMNS} FROM operations.snapshot"  # noqa: S608 -- our own constant
        " WHERE table_name = %s ORDER BY published_at DESC, snapshot_id DESC LIMIT %s",
        [table_name, limit],
    ).fetchall()
    return [Snapshot(**row) for row in rows]


def forget(connection: Connection[DictRow], snapshot: Snapshot) -> None:
    """Take a purged version out of the store; its files are removed after this commits."""
    for table in ("operations.quarantine", "operations.snapshot"):
        connection.execute(
            f"DELETE FROM {table} WHERE snapshot_id = %s",  # noqa: S608 -- our own constants
            [snapshot.snapshot_id],
        )


def older_than(connection: Connection[DictRow], before: datetime) -> list[tuple[Snapshot, int]]:
    """Versions published before an instant, each with its rows in `quarantine`."""
    rows = connection.execute(
        f"SELECT {COLUMNS}, (SELECT count(*) FROM operations.quarantine"  # noqa: S608 -- our own
        " WHERE quarantine.snapshot_id = snapshot.snapshot_id) AS kept_out"
        " FROM operations.snapshot WHERE published_at < %s ORDER BY published_at, snapshot_id",
        [before],
    ).fetchall()
    return [(Snapshot(**row), kept_out) for row in rows for kept_out in [row.pop("kept_out")]]


def forget_quarantine(connection: Connection[DictRow], snapshot: Snapshot) -> None:
    """Forget which rows a version was made without; their number stays with the version."""
    connection.execute(
        "DELETE FROM operations.quarantine WHERE snapshot_id = %s", [snapshot.snapshot_id]
    )


def quarantined_of(connection: Connection[DictRow], snapshot_id: str) -> list[Quarantined]:
    """What a version was made without, as it was counted when it was published."""
    rows = connection.execute(
        "SELECT source_table, reason, batch_id, row_count FROM operations.quarantine"
        " WHERE snapshot_id = %s ORDER BY source_table, reason, batch_id",
        [snapshot_id],
    ).fetchall()
    return [Quarantined(**row) for row in rows]
