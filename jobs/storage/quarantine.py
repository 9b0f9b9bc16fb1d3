"""Source rows that a snapshot left out: how many, as the store counts them, and which."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.dataset as ds
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.storage.clustered import ClusteredTable
from jobs.storage.snapshots import Quarantined, latest

COUNTED = ["source_table", "reason", "batch_id", "row_count"]


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


def counted(folder: Path) -> list[Quarantined]:
    """Numbers by source table, reason and batch, read page by page: learners may be many."""
    found: Counter[tuple[str, str, str]] = Counter()
    parts = sorted(str(part) for part in folder.glob("bucket=*/*.parquet"))
    pages = ds.dataset(parts, format="parquet").to_batches(columns=COUNTED) if parts else ()
    for page in pages:
        for row in page.to_pylist():
            found[row["source_table"], row["reason"], row["batch_id"]] += row["row_count"]
    return [Quarantined(*key, row_count) for key, row_count in sorted(found.items())]
