"""A published table is read by its key without Spark: only the bucket at hand, in order."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import functions as F

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES
from jobs.errors import ContractError, UnavailableError
from jobs.storage.clustered import ClusteredTable, bucket_of, open_table

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def learner(batch_id, user_id, **values):
    return {
        "batch_id": batch_id, "user_id": user_id, "collection_id": "do_1", "is_known": True,
        "has_certificate": False, "stage": "not_started", **values,
    }  # fmt: skip


@pytest.fixture
def table(publish_rows, store):
    rows = [
        learner("b1", "u2", score_pct={"do_q": 28}),
        learner("b1", "u1"),
        *(learner(f"b{n}", "u1") for n in range(2, 30)),
    ]
    publish_rows(PROGRESS, rows, data_as_of=NOON)
    with store.transaction() as connection:
        return open_table(connection, PROGRESS)


def test_rows_of_a_key_come_in_the_tables_order(table):
    assert [row["user_id"] for row in table.rows("b1")] == ["u1", "u2"]
    assert table.rows("b1")[1]["score_pct"] == {"do_q": 28}
    assert table.rows("b-none") == []


def test_only_the_columns_that_are_wanted_are_read(table):
    (page,) = table.batches("b1", ["user_id", "stage"])

    assert page.schema.names == ["user_id", "stage"]


def test_only_the_bucket_of_the_key_is_opened(table):
    root = Path(table.snapshot.path)
    own = root / f"bucket={bucket_of('b1', table.snapshot.buckets)}"
    for bucket in root.iterdir():
        if bucket != own:
            shutil.rmtree(bucket)

    assert len(table.rows("b1")) == 2


@pytest.mark.parametrize("key", ["b1", "0131502800000000002", "भाषा", ""])
def test_bucket_is_the_one_that_spark_writes_to(spark, key):
    bytes_of_key = F.lit(key).cast("binary")
    (row,) = spark.range(1).select(F.expr("1"), F.crc32(bytes_of_key).alias("crc")).collect()

    assert bucket_of(key, 16) == row["crc"] % 16


def test_table_that_was_never_published_says_what_to_run(store):
    with (
        store.transaction() as connection,
        pytest.raises(UnavailableError, match=r"`batches`.*python -m jobs refresh batches"),
    ):
        open_table(connection, BATCHES)


def test_files_that_are_gone_are_told_and_not_taken_for_an_empty_table(table):
    shutil.rmtree(table.snapshot.path)

    with pytest.raises(UnavailableError, match=r"`progress` are gone.*python -m jobs refresh"):
        table.rows("b1")


def test_files_of_another_version_name_every_column_that_they_lack(table):
    for part in Path(table.snapshot.path).rglob("*.parquet"):
        pq.write_table(pq.read_table(part, partitioning=None).drop(["stage", "org_name"]), part)

    with pytest.raises(ContractError, match=r"lack.*org_name, stage|lack.*stage, org_name"):
        table.rows("b1")


def test_a_reader_keeps_its_version_while_the_next_one_is_published(table, publish_rows, store):
    publish_rows(PROGRESS, [learner("b1", "u9")], data_as_of=NOON.replace(hour=13))

    assert [row["user_id"] for row in table.rows("b1")] == ["u1", "u2"]
    with store.transaction() as connection:
        newest = open_table(connection, PROGRESS)
    assert [row["user_id"] for row in newest.rows("b1")] == ["u9"]


def test_pages_have_the_contracts_types_whatever_the_writer_noted(table):
    for part in Path(table.snapshot.path).rglob("*.parquet"):
        noted = pq.read_table(part, partitioning=None).replace_schema_metadata({"by": "another"})
        pq.write_table(noted, part)

    (page,) = ClusteredTable(table.snapshot, PROGRESS).batches("b1")

    assert page.schema == PROGRESS.arrow_schema()
    assert isinstance(page, pa.RecordBatch)
