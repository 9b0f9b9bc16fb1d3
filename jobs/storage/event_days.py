"""Usage events as their readers see them: what counts, of some days and kinds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as F

from jobs.contracts.landed_events import CLICKS, DROPPED_EVENTS, LATE
from jobs.contracts.usage_events import EVENTS, KINDS
from jobs.settings import Settings
from jobs.storage.event_accounts import (
    EventDay,
    arrivals,
    days_behind,
    event_days,
    late_counts,
    mark_used,
)
from jobs.storage.event_files import EventFiles, read_landed, read_made
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = [
    "EventDay",
    "days_behind",
    "event_days",
    "late_counts",
    "mark_used",
    "read_events",
    "read_late_events",
]

# Of so many dropped rows, every worker can hold the numbers.
FEW_DROPPED = 5_000_000


def read_events(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    first_day: date,
    last_day: date,
    kinds: Collection[str] | None = None,
) -> DataFrame:
    """The events that count, of the days that were made; clicks of all days are a file a day."""
    wanted = KINDS if kinds is None else tuple(kinds)
    with store.transaction() as connection:
        days = event_days(connection, first_day, last_day)
    files = EventFiles(settings.clean_lake)
    clicks = [
        files.clicks(day.run_id) / "is_double=false" / f"day={day.day}" / f"kind={kind}"
        for day in days
        for kind in CLICKS
        if kind in wanted
    ]
    events = read_made(spark, EVENTS, files.made, clicks)
    others = [kind for kind in wanted if kind not in CLICKS]
    return events.unionByName(counted(spark, files, days, others)) if others else events


def counted(
    spark: SparkSession, files: EventFiles, days: list[EventDay], kinds: list[str]
) -> DataFrame:
    """Landed rows of the days without those that were dropped."""
    paths = [
        files.version(date.fromisoformat(arrival), version) / f"part={day.day}" / f"kind={kind}"
        for day in days
        for arrival, version in day.parts.items()
        for kind in kinds
    ]
    dropped_count = sum(day.in_count - day.counted_count for day in days)
    landed = read_landed(spark, files, paths).select("row_id", *EVENTS.columns)
    if dropped_count == 0:
        return landed.select(*EVENTS.columns)
    folders = [files.dropped(day.run_id) / f"day={day.day}" for day in days]
    dropped = read_made(spark, DROPPED_EVENTS, files.made, folders).select("row_id")
    few = F.broadcast(dropped) if dropped_count < FEW_DROPPED else dropped
    return landed.join(few, "row_id", "left_anti").select(*EVENTS.columns)


def read_late_events(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    until_day: date,
    kinds: Collection[str],
) -> DataFrame:
    """Events whose day was closed when they came, until a day of arrival: for cumulative figures.

    Each is there once, and none that `read_events` has.
    """
    files = EventFiles(settings.clean_lake)
    with store.transaction() as connection:
        found = [one for one in arrivals(connection, date.min, until_day) if one.late_count]
    paths = [
        files.version(one.arrival_day, one.version_id) / f"part={LATE}" / f"kind={kind}"
        for one in found
        for kind in kinds
    ]
    late = read_landed(spark, files, paths)
    in_order = Window.partitionBy("event_id").orderBy("arrival", "arrived_at", "row_hash")
    once = late.withColumn("_place", F.row_number().over(in_order)).where("_place = 1")
    days = [date.fromisoformat(day) for one in found for day in one.late]
    if not days:
        return once.select(*EVENTS.columns)
    # The same id can have been counted on a day beside: clocks that are ahead are.
    around = timedelta(days=settings.usage_reopen_days + 2)
    known = read_events(spark, settings, store, min(days), max(days) + around, kinds)
    return once.join(known.select("event_id"), "event_id", "left_anti").select(*EVENTS.columns)
