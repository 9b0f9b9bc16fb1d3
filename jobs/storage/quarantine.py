"""Source rows that a snapshot left out, as the store counts them."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import DictRow


def quarantined(
    connection: Connection[DictRow], *, snapshot_id: str, batch_id: str
) -> dict[str, int]:
    """How many of a batch's source rows a snapshot left out, by reason."""
    rows = connection.execute(
        "SELECT reason, sum(row_count)::bigint AS row_count FROM operations.quarantine"
        " WHERE snapshot_id = %s AND batch_id = %s GROUP BY reason ORDER BY reason",
        [snapshot_id, batch_id],
    ).fetchall()
    return {row["reason"]: row["row_count"] for row in rows}
