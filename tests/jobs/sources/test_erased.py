"""Raw rows of erased learners are read by nobody, whatever the column is called."""

import pytest

from jobs.sources.erased import without_learners


@pytest.mark.parametrize("column", ["userid", "user_id", "userId"])
def test_rows_of_erased_learners_are_left_out_and_rows_of_nobody_stay(spark, column):
    raw = spark.createDataFrame([("u1",), (" u1 ",), ("u2",), (None,), ("u11",)], [column])
    kept = without_learners(raw, {"u1", "u9"})
    assert [row[0] for row in kept.collect()] == ["u2", None, "u11"]


def test_a_table_without_learners_or_an_erasure_is_the_same_table(spark):
    raw = spark.createDataFrame([("b1",)], ["batchid"])
    assert without_learners(raw, {"u1"}) is raw
    assert without_learners(raw.withColumnRenamed("batchid", "userid"), set()).count() == 1
