"""What the store holds about one learner's certificates of one batch."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow


def findings_of(
    connection: Connection[DictRow], *, user_id: str, batch_id: str
) -> list[dict[str, Any]]:
    """What the nightly run found and where it stands."""
    return connection.execute(
        "SELECT template_id, state, reason, first_seen_on FROM operations.missed_certificate"
        " WHERE batch_id = %s AND user_id = %s ORDER BY template_id",
        [batch_id, user_id],
    ).fetchall()


def issued_to(
    connection: Connection[DictRow], *, user_id: str, batch_id: str
) -> list[dict[str, Any]]:
    """The certificates of our own issue that are in force."""
    return connection.execute(
        "SELECT certificate_id, template_id FROM operations.certificate_issued"
        " WHERE batch_id = %s AND user_id = %s AND status = 'ACTIVE' ORDER BY issued_at",
        [batch_id, user_id],
    ).fetchall()
