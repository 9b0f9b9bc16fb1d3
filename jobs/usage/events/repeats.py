"""Which landed rows do not count: sent again, of an id that another has, clicked twice."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from jobs.contracts.landed_events import COLLISION, DROPPED_EVENTS, DUPLICATE

# What is read of all landed rows to find those that came before.
IDENTITY = (
    "row_id", "event_hash", "payload_hash", "row_hash", "event_id", "arrived_at",
    "arrival", "part", "day", "kind",
)  # fmt: skip
ORDER = ("arrival", "arrived_at", "row_hash", "row_id")
CLICK = ("kind", "user_id", "device_id", "is_own", "report", "object_id", "course_id", "batch_id")


def repeated(hashes: DataFrame) -> DataFrame:
    """The hashes that more than one row has: a shuffle of one number a row."""
    counts = hashes.groupBy("event_hash").agg(F.count(F.lit(1)).alias("row_count"))
    return counts.where(F.col("row_count") > 1).select("event_hash")


def repeats(rows: DataFrame, hashes: DataFrame, *, days: list[str], back_days: int) -> DataFrame:
    """The rows of these days whose `mid` came before, in the order of arrival.

    Only what came within `back_days` before counts, so that a day depends on no other arrivals.
    """
    suspects = rows.join(hashes, "event_hash", "left_semi")
    of_mid = Window.partitionBy("event_id").orderBy(*ORDER)
    of_payload = Window.partitionBy("event_id", "payload_hash").orderBy(*ORDER)

    def came_before(window: WindowSpec) -> Column:
        gap = F.date_diff("arrival", F.lag("arrival").over(window))
        return F.coalesce(gap <= back_days, F.lit(False))

    judged = suspects.withColumns(
        {"_again": came_before(of_payload), "_before": came_before(of_mid)}
    )
    reason = F.when(F.col("_again"), DUPLICATE).otherwise(COLLISION)
    return (
        judged.where(F.col("_before") & F.col("part").isin(days))
        .withColumn("reason", reason)
        .select(*DROPPED_EVENTS.columns)
    )


def double_clicks(clicks: DataFrame, *, seconds: float) -> DataFrame:
    """The clicks with `is_double`: the same person, device and thing, so soon after another."""
    in_order = Window.partitionBy(*CLICK).orderBy("event_at", "event_id")
    gap = F.unix_micros("event_at") - F.lag(F.unix_micros("event_at")).over(in_order)
    is_known = F.col("user_id").isNotNull() | F.col("device_id").isNotNull()
    is_double = (gap <= int(seconds * 1_000_000)) & is_known & (F.lit(seconds) > 0)
    return clicks.withColumn("is_double", F.coalesce(is_double, F.lit(False)))
