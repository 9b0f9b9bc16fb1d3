"""A version that Spark wrote, written anew without one learner: Spark and Arrow read the rest."""

from datetime import UTC, datetime

from jobs.contracts.learning import ENROLMENTS
from jobs.storage.clustered import ClusteredTable
from jobs.storage.lake import clustered, read_clustered, write_clustered
from jobs.storage.rewriting import find_learner, write_without
from jobs.storage.snapshots import Snapshot

AT = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)
BUCKETS = 4


def rows():
    return [
        {
            "batch_id": f"b{number % 3}", "user_id": f"u{number}", "collection_id": "do_1",
            "is_active": True, "enrolled_at": AT, "status": 1,
            "content_status": {"do_a": 2, "do_b": number}, "certificates": [{"id": f"c{number}"}],
        }
        for number in range(30)
    ]  # fmt: skip


def test_the_rest_is_read_as_it_was_by_spark_and_by_arrow(spark, tmp_path):
    schema = ENROLMENTS.spark_schema()
    table = spark.createDataFrame(
        [{**dict.fromkeys(schema.names), **row} for row in rows()], schema
    )
    written = write_clustered(clustered(table, "batch_id", buckets=BUCKETS), ENROLMENTS, tmp_path)
    before = Snapshot(written.snapshot_id, "enrolments", written.path, BUCKETS, 30, 0, AT, AT)

    found = find_learner(before, ENROLMENTS, "u7")
    assert (found.row_count, found.kept_out_count) == (1, 0)
    path = write_without(found, "u7")

    def of(where):
        return sorted(map(str, read_clustered(spark, ENROLMENTS, where).collect()))

    assert of(path) == [row for row in of(written.path) if "user_id='u7'" not in row]
    assert len(of(path)) == 29
    after = Snapshot("new", "enrolments", path, BUCKETS, 29, 0, AT, AT)
    (one,) = [row for row in ClusteredTable(after, ENROLMENTS).rows("b1") if row["user_id"] == "u4"]
    assert (one["enrolled_at"], one["content_status"]) == (AT, {"do_a": 2, "do_b": 4})
    assert find_learner(after, ENROLMENTS, "u7").row_count == 0
