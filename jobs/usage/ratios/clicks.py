"""The clicks that ratios count, those that came after their day was closed among them."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.sources.raw import day_of


def cumulative_clicks(events: DataFrame, late: DataFrame, *, timezone: str) -> DataFrame:
    """Each click with `counted_from`: the first day whose counts to date hold it.

    A click that came too late for its day counts to date from the day of its arrival on, and on
    no day alone: a day that was closed stays as it is.
    """
    arrived_on = day_of(F.col("arrived_at"), timezone)
    return events.withColumn("counted_from", F.col("day")).unionByName(
        late.withColumn("counted_from", F.greatest("day", arrived_on))
    )
