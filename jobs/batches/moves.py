"""Moves: the rows of `batch_status` that differ from those held, each with what changed and why."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.batches.status import ENDED, ONGOING, UPCOMING, next_status

# What is read back of `batch_status` to compare with, in this order.
HELD = T.StructType(
    [
        T.StructField("batch_id", T.StringType()),
        T.StructField("held_course_id", T.StringType()),
        T.StructField("held_status", T.IntegerType()),
        T.StructField("held_platform_status", T.IntegerType()),
        T.StructField("held_fingerprint", T.LongType()),
    ]
)
STORED = [
    "batch_id", "course_id", "status", "platform_status", "batch_name", "start_on", "end_on",
    "enrolment_end_on", "enrolment_type", "created_for", "problem",
]  # fmt: skip
# What the store takes in, in this order; `reason` is NULL where the status stays.
STAGED = [*STORED, "fingerprint", "from_status", "reason"]


def moves(batches: DataFrame, held: DataFrame, *, today: date) -> DataFrame:
    """Only rows that must be written: new ones, those that differ, and those that are gone."""
    compared = batches.withColumn("is_there", F.lit(True)).join(held, on="batch_id", how="full")
    judged = compared.withColumn("from_status", before()).withColumn(
        "status",
        next_status(
            held=F.col("from_status"),
            start_on=F.col("start_on"),
            end_on=F.col("end_on"),
            problem=F.coalesce("problem", F.lit("")),
            today=today,
        ),
    )
    told = judged.withColumn("fingerprint", F.xxhash64(*[marked(name) for name in STORED]))
    is_gone = F.col("is_there").isNull()
    gone = {
        "course_id": F.coalesce("course_id", "held_course_id"),
        "status": F.when(~is_gone, F.col("status")),
        "reason": F.when(is_gone, "removed").otherwise(why()),
    }
    differs = ~F.col("fingerprint").eqNullSafe(F.col("held_fingerprint"))
    return told.where(is_gone | differs).withColumns(gone).select(*STAGED)


def before() -> Column:
    """The status that a batch has until now.

    A status that the platform has set itself since the last run counts; else the one of the last
    run does, which the lake may hold only later.
    """
    is_unmoved = F.col("platform_status").eqNullSafe(F.col("held_platform_status"))
    is_known = F.col("held_fingerprint").isNotNull()
    is_gone = F.col("is_there").isNull()
    return F.when(is_gone | (is_known & is_unmoved), F.col("held_status")).otherwise(
        F.col("platform_status")
    )


def why() -> Column:
    """The reason of a change; NULL where the status stays."""
    was, will_be = F.col("from_status"), F.col("status")
    return (
        F.when(was.eqNullSafe(will_be), None)
        .when(was.isNull() | ~was.isin(UPCOMING, ONGOING, ENDED), "status_missing")
        .when(will_be == ENDED, "ended")
        .when(will_be == UPCOMING, "start_moved")
        .when(was == ENDED, "extended")
        .otherwise("started")
    )


def marked(name: str) -> Column:
    # The hash leaves NULLs out: two rows with a value in another column would hash the same.
    return F.coalesce(F.col(name).cast("string"), F.lit("\1"))
