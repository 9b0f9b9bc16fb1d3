"""Usage: events, then every metric of their days, in one Spark application."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.raw_telemetry import TELEMETRY
from jobs.errors import RequestError
from jobs.quality.metrics.job import publish_partitions
from jobs.settings import Settings
from jobs.storage.aside import folder_aside
from jobs.storage.catalogue import load_catalogue
from jobs.storage.event_days import EventDay, days_behind, event_days, mark_used
from jobs.storage.metrics import Partition
from jobs.storage.objects import Objects
from jobs.storage.spark import spark_session
from jobs.storage.store import Store
from jobs.storage.telemetry_files import listed
from jobs.usage.counting.job import stage_usage
from jobs.usage.events.job import make_event_days
from jobs.usage.exporting.job import export_daily_metrics
from jobs.usage.keeping.job import keep_dimensions, last_whole_day
from jobs.usage.ratios.job import stage_ratios

log = structlog.get_logger()

PRODUCT = "usage"
# Below this much telemetry the second compiler's work does not pay.
SMALL_BYTES = 16 << 20
COUNTED_DAYS = "SELECT DISTINCT usage_daily.day FROM metrics.usage_daily"


@dataclass(frozen=True)
class UsageRun:
    """The days that were counted, the rows by table, and the files written."""

    days: list[date] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    file_count: int = 0


def run_usage(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    first_day: date,
    last_day: date,
    with_earlier: bool,
    now: datetime,
) -> UsageRun:
    """Count the days from the first to the last; `with_earlier` those too that are still open and
    that late events changed.

    Raises RequestError for a day that is not over, GateError where a check fails: then that day
    and the later ones stay as they were.
    """
    refuse_days_to_come(settings, last_day, now)
    # A day is final one day after its last late events were taken.
    still_open = timedelta(days=settings.usage_reopen_days + 1 if with_earlier else 0)
    earliest = first_day - still_open
    aside = settings.clean_lake / ".usage"
    is_brief = telemetry_bytes(settings, earliest, last_day) < SMALL_BYTES
    with (
        spark_session(settings, name="usage", is_brief=is_brief) as spark,
        folder_aside(aside) as folder,
    ):
        make_event_days(spark, settings, store, first_day=earliest, last_day=last_day, now=now)
        keep_dimensions(spark, settings, store, now=now)
        with store.transaction() as connection:
            made = {one.day: one for one in event_days(connection, earliest, last_day)}
            behind = changed_days(connection) & made.keys()
            asked = [first_day + timedelta(n) for n in range((last_day - first_day).days + 1)]
            days = sorted({*asked, *behind})
            # Their ratios count all events until the day: what changed before it changes it too.
            later = published_after(connection, min(behind)) if behind else []
        partitions = [
            *stage_usage(spark, settings, store, days, made, folder / "usage", now=now),
            *stage_ratios(spark, settings, store, sorted({*days, *later}), folder / "ratios"),
        ]
        used = {day: one for day, one in made.items() if day in days}
        rows = publish(store, partitions, used, now=now)
    written = export_daily_metrics(store, objects)
    log.info("usage", days=[day.isoformat() for day in days], rows=rows, files=written)
    return UsageRun(days, rows, written)


def refuse_days_to_come(settings: Settings, last_day: date, now: datetime) -> None:
    whole = last_whole_day(settings, now)
    if last_day > whole:
        raise RequestError(
            f"Usage is counted of days that are over, and {last_day.isoformat()} is not: the last"
            f" one in {settings.report_timezone} is {whole.isoformat()}. Ask for that, or wait."
        )


def telemetry_bytes(settings: Settings, first_day: date, last_day: date) -> float:
    """The size of what arrived around the days; endless where it is not on this machine."""
    source = load_catalogue(settings.lake_catalogue, settings.lake).get(TELEMETRY.name)
    if source is None or source.path is None or "://" in source.path:
        return float("inf")
    around = range(-2, (last_day - first_day).days + settings.usage_reopen_days + 1)
    folders = [Path(source.path) / str(first_day + timedelta(days=n)) for n in around]
    return sum(file.byte_count for folder in folders for file in listed(folder))


def changed_days(connection: Connection[DictRow]) -> set[date]:
    """Days whose events changed since they were counted; one that never had any is none."""
    counted = {row["day"] for row in connection.execute(COUNTED_DAYS)}
    behind = days_behind(connection, PRODUCT)
    return {one.day for one in behind if one.in_count or one.day in counted}


def published_after(connection: Connection[DictRow], day: date) -> list[date]:
    query = (
        "SELECT DISTINCT ratio.day FROM metrics.certificate_download_ratio_daily AS ratio"
        " WHERE ratio.day > %s"
    )
    return [row["day"] for row in connection.execute(query, [day])]


def publish(
    store: Store,
    partitions: Sequence[Partition],
    used: Mapping[date, EventDay],
    *,
    now: datetime,
) -> dict[str, int]:
    """A day at a time, all of its tables or none."""
    written: dict[str, int] = {}
    of_day = sorted(partitions, key=day_of)
    for day, own in groupby(of_day, key=day_of):
        rows = publish_partitions(store, list(own), now=now, also=marking(used.get(day)))
        for name, count in rows.items():
            written[name] = written.get(name, 0) + count
    return written


def day_of(partition: Partition) -> date:
    return date.fromisoformat(str(partition.values["day"]))


def marking(used: EventDay | None) -> Callable[[Connection[DictRow]], None]:
    """What tells, with the publish or not at all, which version of the events was counted."""

    def mark(connection: Connection[DictRow]) -> None:
        if used is not None:
            mark_used(connection, PRODUCT, used.day, used.version_id)

    return mark
