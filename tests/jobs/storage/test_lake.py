"""The order of a version's rows, and whether a key stands in it twice."""

import itertools

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import functions as F

from jobs.contracts.learning import ENROLMENTS
from jobs.storage.clustered import bucket_of
from jobs.storage.lake import (
    RANK,
    clustered,
    has_repeated_key,
    ranked,
    read_clustered,
    write_clustered,
)

BUCKETS = 4
IDS = ("0131", "0132", "01", "-7", "9" * 30, "b1", "b10", "b2", "", "बैच", "\U0001f600")
USERS = ("", "a", "aaaa", "aaab", "ab", "zz", "é", "ज्ञ", "\U0001f600", "￿")


def enrolments(spark, keys):
    rows = spark.createDataFrame(keys, "batch_id string, user_id string")
    fields = [field for field in ENROLMENTS.spark_schema() if field.name not in rows.columns]
    empty = {field.name: F.lit(None).cast(field.dataType) for field in fields}
    return clustered(rows.withColumns(empty), "batch_id", buckets=BUCKETS)


def test_rows_of_a_batch_are_together_and_in_the_order_of_their_users(spark, tmp_path):
    keys = [(batch, user) for user in reversed(USERS) for batch in IDS]
    version = write_clustered(enrolments(spark, keys), ENROLMENTS, tmp_path)
    read = []
    for part in sorted((tmp_path / "enrolments").glob("*/bucket=*/*.parquet")):
        rows = pq.read_table(part, columns=["batch_id", "user_id"]).to_pylist()
        assert {f"bucket={bucket_of(row['batch_id'], BUCKETS)}" for row in rows} == {
            part.parent.name
        }
        met = [row["batch_id"] for row in rows]
        assert sum(a != b for a, b in itertools.pairwise(met)) == len(set(met)) - 1
        read += rows
    by_batch = {
        batch: [row["user_id"] for row in read if row["batch_id"] == batch] for batch in IDS
    }
    # UTF-8 sorts as its code points do.
    assert by_batch == dict.fromkeys(IDS, sorted(USERS))
    assert read_clustered(spark, ENROLMENTS, version.path).count() == len(keys)


def test_rank_never_contradicts_the_order_of_users_within_a_batch(spark):
    keys = [(batch, user) for user in USERS for batch in IDS]
    table = spark.createDataFrame(keys, "batch_id string, user_id string")
    ranks = {tuple(row[:2]): row[2] for row in ranked(table, ("batch_id", "user_id")).collect()}
    for batch in IDS:
        in_order = [ranks[batch, user] for user in sorted(USERS)]
        assert in_order == sorted(in_order)
    assert RANK in ranked(table, ("user_id",)).columns


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6), st.sampled_from([1, 2, 1 << 16]))
def test_repeated_key_is_found_wherever_its_rows_stand(tmp_path_factory, users, page_rows):
    folder = tmp_path_factory.mktemp("version") / "bucket=0"
    folder.mkdir()
    rows = [{"batch_id": "b1", "user_id": user} for user in sorted(users)]
    schema = pa.schema([("batch_id", pa.string()), ("user_id", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "part-0.parquet")
    found = has_repeated_key(folder.parent, ENROLMENTS, page_rows=page_rows)
    assert found == (len(set(users)) < len(users))
