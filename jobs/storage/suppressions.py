"""Addresses that take no mail, known by their hash only."""

from __future__ import annotations

import hashlib
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def hashed(address: str) -> str:
    """The same for every spelling that one mailbox is written in by profiles and servers."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def suppress(connection: Connection[DictRow], address: str, *, reason: str, now: datetime) -> None:
    """Not to be mailed from now on; the first reason stays."""
    connection.execute(
        "INSERT INTO operations.suppression (address_sha256, reason, since) VALUES (%s, %s, %s)"
        " ON CONFLICT (address_sha256) DO NOTHING",
        [hashed(address), reason, now],
    )


def suppressed_since(connection: Connection[DictRow], address: str) -> datetime | None:
    row = connection.execute(
        "SELECT since FROM operations.suppression WHERE address_sha256 = %s", [hashed(address)]
    ).fetchone()
    return row["since"] if row else None
