"""Event days: land what arrived, find what does not count, and publish whole days."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from jobs.contracts.raw_telemetry import TELEMETRY
from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.storage.catalogue import Source, load_catalogue
from jobs.storage.event_accounts import Arrival, arrivals, event_days, lock, used_names
from jobs.storage.event_files import remove_unused
from jobs.storage.spark import spark_session
from jobs.storage.store import Store
from jobs.storage.telemetry_files import TelemetryFolder, arrival_folders
from jobs.usage.events.landing.job import Ground, land, tuned
from jobs.usage.events.making.job import Plan, make
from jobs.usage.events.windows import Window, days_from, version_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

log = structlog.get_logger()

# Grows when the rules of this package change what a row becomes: then all is made anew.
RULES = 1
SMALL_BYTES, AT_ONCE = 16 << 20, 4


@dataclass(frozen=True)
class EventRun:
    """What a run did: the days whose events changed, and what it landed for them."""

    changed: list[date]
    unchanged: list[date]
    landed: list[Arrival]


def make_event_days(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    *,
    last_day: date,
    first_day: date | None = None,
    now: datetime,
) -> EventRun:
    """Bring the events of these days up to date; no first day: those that are open at the last.

    Raises UnavailableError where another run is at work or no path of telemetry is known,
    GateError where an account does not add up or too much of the telemetry is torn.
    """
    ground, window = Ground(spark, settings, store, now), Window(settings.usage_reopen_days)
    first_day = first_day or window.open_days(last_day)[0]
    with store.transaction() as holding:
        if not lock(holding):
            raise UnavailableError(
                "Another run makes usage events on this store, and there is never more than one."
                " Wait until it has ended."
            )
        landed = land_new(ground, window, first_day, last_day)
        with store.transaction() as connection:
            known = arrivals(
                connection, window.first_arrival(first_day), window.last_arrival(last_day)
            )
            made = {day.day: day.version_id for day in event_days(connection, first_day, last_day)}
        plans = plans_of(ground, window, days_from(first_day, last_day), known)
        due = [plan for plan in plans if made.get(plan.day) != plan.version_id]
        if due:
            make(ground, window, due)
        with store.transaction() as connection:
            used = used_names(connection)
        removed = remove_unused(ground.files, used, now)
    changed = [plan.day for plan in due]
    unchanged = [plan.day for plan in plans if plan not in due]
    log.info(
        "event days", first_day=str(first_day), last_day=str(last_day), changed=len(changed),
        unchanged=len(unchanged), landed=len(landed), removed=removed,
    )  # fmt: skip
    return EventRun(changed, unchanged, landed)


def run_events(
    settings: Settings,
    store: Store,
    *,
    first_day: date | None,
    last_day: date | None,
    now: datetime,
) -> EventRun:
    """`make_event_days` in a Spark application of its own; no last day: yesterday."""
    yesterday = now.astimezone(ZoneInfo(settings.report_timezone)).date() - timedelta(days=1)
    with spark_session(settings, name="usage-events") as spark:
        return make_event_days(
            spark, settings, store, first_day=first_day, last_day=last_day or yesterday, now=now
        )


def list_days(store: Store, days: list[date]) -> list[dict[str, Any]]:
    """The accounts of days, a row each."""
    if not days:
        return []
    with store.transaction() as connection:
        found = event_days(connection, min(days), max(days))
    shown = ("day", "is_final", "in_count", "counted_count", "duplicate_count", "collision_count")
    return [
        {name: getattr(one, name) for name in (*shown, "double_click_count", "late_count")}
        for one in found
        if one.day in days
    ]


def land_new(ground: Ground, window: Window, first_day: date, last_day: date) -> list[Arrival]:
    """Land the folders that the days need and that are new, or not as they were."""
    today = today_of(ground)
    last = min(window.last_arrival(last_day), today)
    wanted = days_from(window.first_arrival(first_day), last)
    if not wanted:
        return []
    with ground.store.transaction() as connection:
        known = {one.arrival_day: one for one in arrivals(connection, wanted[0], wanted[-1])}
    folders = arrival_folders(ground.spark, source_of(ground.settings), wanted)
    rules = rules_of(ground.settings)
    told = {folder: version_of([], folder.fingerprint, *rules) for folder in folders}
    due = [
        (folder, fingerprint)
        for folder, fingerprint in told.items()
        if not is_landed(ground, folder, fingerprint, known.get(folder.day))
    ]
    # Of a small folder most of the time is the planning of its query.
    is_small = all(folder.byte_count < SMALL_BYTES for folder, _ in due)
    with tuned(ground.spark), ThreadPoolExecutor(AT_ONCE if is_small else 1) as pool:
        landings = [pool.submit(land, ground, one, fingerprint=told_by) for one, told_by in due]
    return [landing.result() for landing in landings]


def is_landed(
    ground: Ground, folder: TelemetryFolder, fingerprint: str, known: Arrival | None
) -> bool:
    if known is None or known.fingerprint != fingerprint:
        return False
    return ground.files.version(folder.day, known.version_id).is_dir()


def plans_of(ground: Ground, window: Window, days: list[date], known: list[Arrival]) -> list[Plan]:
    """What each day would be made of; a day that no folder can tell of is none."""
    plans = []
    for day in days:
        told = [
            one
            for one in known
            if window.first_arrival(day) <= one.arrival_day <= window.last_arrival(day)
        ]
        own = {str(day), str(day - timedelta(days=1))}
        # What comes after the last rows of the day cannot have come before them.
        last = max((one.arrival_day for one in told if own & set(one.landed)), default=date.min)
        needed = tuple(one for one in told if one.arrival_day <= last)
        is_final = window.is_final(day, today=today_of(ground))
        version_id = version_of(
            [(one.arrival_day, one.version_id) for one in needed],
            is_final,
            ground.settings.double_click_seconds,
            *rules_of(ground.settings),
        )
        if told:
            plans.append(Plan(day, version_id, is_final, needed))
    return plans


def today_of(ground: Ground) -> date:
    return ground.now.astimezone(ZoneInfo(ground.settings.report_timezone)).date()


def rules_of(settings: Settings) -> tuple[object, ...]:
    return (
        RULES,
        settings.report_timezone,
        settings.usage_launched_on,
        settings.usage_reopen_days,
    )


def source_of(settings: Settings) -> Source:
    source = load_catalogue(settings.lake_catalogue, settings.lake).get(TELEMETRY.name)
    if source is None or source.path is None:
        raise UnavailableError(
            f"The raw table `{TELEMETRY.name}` ({TELEMETRY.source}) is needed and the lake"
            " catalogue names no path of it. Name it in SUNBIRD_BATCH_LAKE_CATALOGUE."
        )
    return source
