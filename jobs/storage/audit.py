"""The audit log in the store: added to in the transaction of what it tells of, and read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from jobs.errors import UnavailableError
from jobs.storage.audit_chain import Anchor, hash_of

# Any number that nothing else in the database locks.
LOCK = 5_381_770_002
JSON_COLUMNS = ("column_names", "consent", "details")


@dataclass(frozen=True)
class Entry:
    """What a row tells; ids and hashes only, and of a person at the terminal the name they gave."""

    event: str
    asked_by: str | None = None
    subject_user_id: str | None = None
    tag: str | None = None
    request_id: str | None = None
    job_id: str | None = None
    channel: str | None = None
    purpose: str | None = None
    batch_id: str | None = None
    file_id: int | None = None
    file_sha256: str | None = None
    row_count: int | None = None
    column_names: list[str] | None = None
    consent: dict[str, Any] | None = None
    recipient_user_id: str | None = None
    recipient_role: str | None = None
    delivery_id: str | None = None
    message_id: str | None = None
    details: dict[str, Any] | None = None


COLUMNS = (
    "audit_id",
    "happened_at",
    *Entry.__dataclass_fields__,
    "previous_hash",
    "row_hash",
)


def append(connection: Connection[DictRow], entry: Entry, now: datetime) -> int:
    """Add a row in the caller's transaction; its number.

    The log is locked until the transaction ends: nothing that waits for others may come after it.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    before = head(connection)
    row: dict[str, Any] = {
        "audit_id": before.audit_id + 1,
        "happened_at": now,
        **asdict(entry),
        "previous_hash": before.row_hash,
    }
    row["row_hash"] = hash_of(row)
    values = row | {name: Jsonb(row[name]) for name in JSON_COLUMNS if row[name] is not None}
    connection.execute(
        f"INSERT INTO operations.audit_log ({', '.join(COLUMNS)}) VALUES"  # noqa: S608 -- our own
        f" ({', '.join(f'%({name})s' for name in COLUMNS)})",
        values,
    )
    connection.execute(
        "UPDATE operations.audit_head SET audit_id = %(audit_id)s, row_hash = %(row_hash)s", row
    )
    return before.audit_id + 1


def head(connection: Connection[DictRow]) -> Anchor:
    row = connection.execute("SELECT audit_id, row_hash FROM operations.audit_head").fetchone()
    if row is None:
        raise UnavailableError(
            "The table operations.audit_head has lost its row, so nothing can be added to the"
            " audit log. Nothing was changed. Restore the row from a backup of the store, then run"
            " `python -m jobs audit verify`."
        )
    return Anchor(row["audit_id"], row["row_hash"])


def rows(connection: Connection[DictRow]) -> Iterator[DictRow]:
    """Every row by its number, some hundreds at a time."""
    with connection.cursor(name="audit_rows") as cursor:
        cursor.itersize = 500
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM operations.audit_log"  # noqa: S608 -- our own
            " ORDER BY audit_id"
        )
        yield from cursor
