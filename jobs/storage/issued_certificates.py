"""Issued certificates in the store, as their verification asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def find_issued(connection: Connection[DictRow], certificate_id: UUID) -> dict[str, Any] | None:
    """What was issued under the id, and whether it still counts."""
    return connection.execute(
        "SELECT certificate_id, status, revoked_at, pdf_key, pdf_sha256, credential_key,"
        " credential_sha256, kid FROM operations.certificate_issued WHERE certificate_id = %s",
        [str(certificate_id)],
    ).fetchone()


def revoked(connection: Connection[DictRow]) -> Iterator[tuple[str, datetime | None]]:
    """The ids of all that were revoked, and when."""
    rows = connection.execute(
        "SELECT certificate_id, revoked_at FROM operations.certificate_issued"
        " WHERE status = 'REVOKED' ORDER BY certificate_id"
    )
    for row in rows:
        yield row["certificate_id"], row["revoked_at"]
