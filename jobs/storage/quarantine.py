"""Source rows that a snapshot left out: how many, as the store counts them, and which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.storage.clustered import ClusteredTable
from jobs.storage.snapshots import latest


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


def folder_of(path: str) -> Path:
    """Where a version keeps the rows that it left out: no reader of the version looks there."""
    return Path(path) / "_quarantined"


def tables_of_quarantined(
    connection: Connection[DictRow], tables: tuple[str, ...]
) -> list[ClusteredTable]:
    """What the published versions of these tables left out, read by batch."""
    found = [latest(connection, name) for name in tables]
    return [
        ClusteredTable(replace(snapshot, path=str(folder_of(snapshot.path))), QUARANTINED_ROWS)
        for snapshot in found
        if snapshot is not None and folder_of(snapshot.path).is_dir()
    ]
