"""Withdrawals of consent that were noted here, and count before the platform knows of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def withdrawals(
    connection: Connection[DictRow], *, object_id: str, consumers: Collection[str]
) -> dict[str, datetime]:
    """When each learner last withdrew from one of these organisations, for this object."""
    rows = connection.execute(
        "SELECT user_id, max(withdrawn_at) AS withdrawn_at FROM operations.consent_withdrawal"
        " WHERE (consumer_id IS NULL OR consumer_id = ANY(%s))"
        " AND (object_id IS NULL OR object_id = %s) GROUP BY user_id",
        [list(consumers), object_id],
    ).fetchall()
    return {row["user_id"]: row["withdrawn_at"] for row in rows}
