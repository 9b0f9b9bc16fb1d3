"""Rows kept out of a table: their keys beside the version, their numbers for the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from jobs.contracts.contract import Contract
from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.sources.keys import duplicates
from jobs.sources.raw import Refined
from jobs.storage.lake import BUCKET, Written, clustered
from jobs.storage.quarantine import counted, folder_of
from jobs.storage.snapshots import Quarantined

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def keep_out(
    contract: Contract, refined: Refined, read: dict[str, int], written: Written, *, buckets: int
) -> list[Quarantined]:
    """Write the keys of the rows kept out; how many there are by source table, reason and batch.

    A source with a row for each row written kept nothing out, and is not read a second time.
    """
    main = contract.source.split(",")[0]
    folder = folder_of(written.path)
    for source, rows in refined.kept_out.items():
        if read[source] != written.row_count:
            write(rows.withColumn("n", F.lit(1)), source, folder, buckets=buckets)
    found = counted(folder)
    if read[main] != written.row_count + sum(q.row_count for q in found if q.source_table == main):
        write(duplicates(refined.rows, contract), main, folder, buckets=buckets)
        found = counted(folder)
    return found


def write(rows: DataFrame, source: str, folder: Path, *, buckets: int) -> None:
    """Add rows (reason, batch_id, user_id, n) of a source table to those kept out so far."""
    together = (
        rows.groupBy("batch_id", F.lit(source).alias("source_table"), "reason", "user_id")
        .agg(F.sum("n").cast("long").alias("row_count"))
        .select(*QUARANTINED_ROWS.columns)
    )
    (
        clustered(together, "batch_id", buckets=buckets)
        .sortWithinPartitions(BUCKET, *QUARANTINED_ROWS.key)
        .write.mode("append")
        .partitionBy(BUCKET)
        .parquet(str(folder))
    )
