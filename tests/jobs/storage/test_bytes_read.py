"""What a cut reads: its batch, whatever else the platform holds. The kernel counts the bytes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from jobs.contracts.learning import ATTEMPTS
from jobs.storage.clustered import ClusteredTable, bucket_of
from jobs.storage.lake import ROW_GROUP_BYTES, clustered, write_clustered
from jobs.storage.snapshots import Snapshot

AT = datetime(2026, 11, 21, tzinfo=UTC)
BUCKETS, LEARNERS, ANY_BATCH = 4, 2_000, "b00007"


@pytest.fixture
def platform_of(spark, tmp_path):
    """platform_of(batches) -> a table of that many batches, of ids that do not compress."""

    def written(batches):
        row = spark.range(batches * LEARNERS)
        known = {
            "batch_id": F.format_string("b%05d", F.col("id") % batches),
            "user_id": F.sha2(F.col("id").cast("string"), 256),
            "collection_id": F.lit("do_1"),
            "content_id": F.lit("do_2"),
            "attempt_id": F.md5(F.col("id").cast("string")),
        }
        kinds = ATTEMPTS.spark_schema()
        rows = row.select(
            *(
                known.get(name, F.lit(None)).cast(kinds[name].dataType).alias(name)
                for name in ATTEMPTS.columns
            )
        )
        version = write_clustered(
            clustered(rows, "batch_id", buckets=BUCKETS), ATTEMPTS, tmp_path / str(batches)
        )
        return ClusteredTable(
            Snapshot(
                version.snapshot_id, "attempts", version.path, BUCKETS, version.row_count, 0, AT, AT
            ),
            ATTEMPTS,
        )

    return written


def read_so_far():
    counted = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counted["rchar"])


def bytes_for(table, batch_id):
    before = read_so_far()
    rows = sum(page.num_rows for page in table.batches(batch_id))
    assert rows == LEARNERS
    return read_so_far() - before


def size_of(table):
    return sum(part.stat().st_size for part in Path(table.snapshot.path).rglob("*.parquet"))


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="only Linux counts what is read")
def test_a_cut_reads_some_row_groups_of_its_bucket_and_not_the_platform(platform_of):
    small, large = platform_of(20), platform_of(200)
    bytes_for(small, ANY_BATCH)  # what Arrow reads once for itself

    of_small, of_large = bytes_for(small, ANY_BATCH), bytes_for(large, ANY_BATCH)

    assert size_of(large) > 9 * size_of(small)
    bucket = Path(large.snapshot.path, f"bucket={bucket_of(ANY_BATCH, BUCKETS)}")
    assert of_large < sum(part.stat().st_size for part in bucket.glob("*.parquet")) / 3
    assert of_large * 12 < size_of(large)
    assert max(of_small, of_large) < 3 * ROW_GROUP_BYTES
