"""Links in the store: which file each gives out, until when, and how often it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


@dataclass(frozen=True)
class Link:
    """A file that is given out to whoever has the link."""

    link_sha256: str
    object_key: str
    file_name: str
    file_bytes: int
    delivery_id: str
    tag: str | None
    request_id: str | None
    recipient_role: str
    expires_at: datetime
    file_sha256: str | None = None


COLUMNS = ", ".join(Link.__dataclass_fields__)


def offer(connection: Connection[DictRow], link: Link, now: datetime) -> None:
    """The link opens from now on; a message that is tried again offers it for longer."""
    connection.execute(
        f"INSERT INTO operations.link ({COLUMNS}, created_at) VALUES"  # noqa: S608 -- our own
        " (%(link_sha256)s, %(object_key)s, %(file_name)s, %(file_bytes)s, %(delivery_id)s,"
        " %(tag)s, %(request_id)s, %(recipient_role)s, %(expires_at)s, %(file_sha256)s, %(now)s)"
        " ON CONFLICT (link_sha256) DO UPDATE SET expires_at = EXCLUDED.expires_at",
        vars(link) | {"now": now},
    )


def close_links(connection: Connection[DictRow], object_key: str, now: datetime) -> int:
    """The links to a file open no more; how many there were. Their openings stay counted."""
    return connection.execute(
        "UPDATE operations.link SET expires_at = %s WHERE object_key = %s AND expires_at > %s",
        [now, object_key, now],
    ).rowcount


def find(connection: Connection[DictRow], link_sha256: str) -> Link | None:
    row = connection.execute(
        f"SELECT {COLUMNS} FROM operations.link WHERE link_sha256 = %s",  # noqa: S608 -- our own
        [link_sha256],
    ).fetchone()
    return Link(**row) if row else None


def count_opening(connection: Connection[DictRow], link: Link, now: datetime) -> int:
    """One more download; how many there are by now."""
    connection.execute(
        "INSERT INTO operations.link_opening (link_sha256, opened_at) VALUES (%s, %s)",
        [link.link_sha256, now],
    )
    row = connection.execute(
        "SELECT count(*) AS n FROM operations.link_opening WHERE link_sha256 = %s",
        [link.link_sha256],
    ).fetchone()
    return int(row["n"]) if row else 0
