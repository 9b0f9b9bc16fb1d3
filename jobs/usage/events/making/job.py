"""Make event days of landed rows: what came before is dropped, double clicks count once.

The rows stay where they were landed: a day is the list of its landed versions, the few rows that
do not count, and its clicks, which are a file a day.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jobs.contracts.landed_events import CLICKS, COLLISION, DROPPED_EVENTS, DUPLICATE, REJECTED
from jobs.contracts.usage_events import EVENTS
from jobs.quality.job import record
from jobs.quality.verdicts import Verdict, exact, stop_on_failure
from jobs.storage.crash_points import crash_point
from jobs.storage.event_accounts import Arrival, EventDay, keep_days, late_counts
from jobs.storage.event_files import (
    dropped_counts,
    read_landed,
    read_made,
    rows_below,
    write_options,
)
from jobs.usage.events.landing.job import Ground
from jobs.usage.events.repeats import IDENTITY, double_clicks, repeated, repeats
from jobs.usage.events.windows import Window

IS_DOUBLE = "is_double"


@dataclass(frozen=True)
class Plan:
    """A day to make: of which arrivals, and the id of the outcome."""

    day: date
    version_id: str
    is_final: bool
    arrivals: tuple[Arrival, ...]

    @property
    def parts(self) -> dict[str, str]:
        """The landed versions that hold rows of the day."""
        return {
            str(one.arrival_day): one.version_id
            for one in self.arrivals
            if str(self.day) in one.landed
        }

    @property
    def landed(self) -> Counter[str]:
        """Rows landed for the day, by kind."""
        found: Counter[str] = Counter()
        for one in self.arrivals:
            found.update(one.landed.get(str(self.day), {}))
        return found


def make(ground: Ground, window: Window, plans: Sequence[Plan]) -> list[EventDay]:
    """Make the days and publish them in one transaction; GateError where they do not add up."""
    run_id = uuid.uuid4().hex
    write_dropped(ground, window, plans, run_id)
    crash_point("events: rows dropped")
    write_clicks(ground, plans, run_id)
    crash_point("events: clicks written")
    with ground.store.transaction() as connection:
        late = late_counts(connection)
    days = [accounted(ground, plan, run_id, late.get(plan.day, 0)) for plan in plans]
    verdicts = [verdict for day in days for verdict in judged(ground, day)]
    with ground.store.transaction() as connection:
        record(connection, verdicts, ground.now)
    stop_on_failure(verdicts)
    with ground.store.transaction() as connection:
        keep_days(connection, days)
        crash_point("events: before the commit")
    return days


def write_dropped(ground: Ground, window: Window, plans: Sequence[Plan], run_id: str) -> None:
    """The rows of the days, and of those before them, whose `mid` came before."""
    scope = {one.arrival_day: one for plan in plans for one in plan.arrivals}
    paths = [ground.files.version(day, one.version_id) for day, one in sorted(scope.items())]
    landed = read_landed(ground.spark, ground.files, paths).where(f"part <> '{REJECTED}'")
    hashes = repeated(landed.select("event_hash"))
    rows = repeats(
        landed.select(*IDENTITY),
        hashes,
        days=[str(day) for day in with_eves(plans)],
        back_days=window.back_days,
    )
    rows.write.options(**write_options()).partitionBy("day").parquet(
        str(ground.files.dropped(run_id))
    )


def with_eves(plans: Sequence[Plan]) -> list[date]:
    """The days and those before them: a double click can begin before midnight."""
    days = {plan.day for plan in plans}
    return sorted(days | {day - timedelta(days=1) for day in days})


def write_clicks(ground: Ground, plans: Sequence[Plan], run_id: str) -> None:
    """The clicks of the days, those that count apart from the second of double ones."""
    days = with_eves(plans)
    scope = {one.arrival_day: one for plan in plans for one in plan.arrivals}
    folders = [
        ground.files.version(arrival, one.version_id) / f"part={day}" / f"kind={kind}"
        for arrival, one in sorted(scope.items())
        for day in days
        for kind in CLICKS
    ]
    clicks = read_landed(ground.spark, ground.files, folders)
    dropped = read_made(
        ground.spark,
        DROPPED_EVENTS,
        ground.files.dropped(run_id),
        [ground.files.dropped(run_id) / f"day={day}" for day in days],
    )
    once = clicks.join(dropped.where(f"kind IN {CLICKS}").select("row_id"), "row_id", "left_anti")
    judged_clicks = double_clicks(once, seconds=ground.settings.double_click_seconds)
    of_days = judged_clicks.where(judged_clicks["part"].isin([str(plan.day) for plan in plans]))
    told = of_days.select(*EVENTS.columns, IS_DOUBLE).repartition("day", "kind")
    told.write.options(**write_options()).partitionBy(IS_DOUBLE, "day", "kind").parquet(
        str(ground.files.clicks(run_id))
    )


def clicks_of(ground: Ground, run_id: str, day: date, kind: str, *, is_double: bool) -> Path:
    told = str(is_double).lower()
    return ground.files.clicks(run_id) / f"{IS_DOUBLE}={told}" / f"day={day}" / f"kind={kind}"


def accounted(ground: Ground, plan: Plan, run_id: str, late_count: int) -> EventDay:
    """The day's account: what was landed for it, less what does not count."""
    dropped = dropped_counts(ground.files.dropped(run_id) / f"day={plan.day}")
    doubles = Counter(
        {
            kind: rows_below(clicks_of(ground, run_id, plan.day, kind, is_double=True))
            for kind in CLICKS
        }
    )
    counted = plan.landed
    for (kind, _), row_count in dropped.items():
        counted[kind] -= row_count
    counted.subtract(doubles)
    by_reason: Counter[str] = Counter()
    for (_, reason), row_count in dropped.items():
        by_reason[reason] += row_count
    return EventDay(
        day=plan.day,
        version_id=plan.version_id,
        is_final=plan.is_final,
        parts=plan.parts,
        run_id=run_id,
        in_count=plan.landed.total(),
        counted_count=counted.total(),
        duplicate_count=by_reason[DUPLICATE],
        collision_count=by_reason[COLLISION],
        double_click_count=doubles.total(),
        late_count=late_count,
        counted={kind: count for kind, count in sorted(counted.items()) if count},
        made_at=ground.now,
    )


def judged(ground: Ground, day: EventDay) -> list[Verdict]:
    """Whether the files of the day hold what its account says."""
    subject = f"events {day.day}"
    written = sum(
        rows_below(clicks_of(ground, day.run_id, day.day, kind, is_double=False)) for kind in CLICKS
    )
    told = sum(day.counted.get(kind, 0) for kind in CLICKS)
    fewer = sum(1 for count in day.counted.values() if count < 0)
    return [
        exact(subject, "clicks written are those that count", written, told),
        exact(subject, "kinds of which more was dropped than came", fewer, 0),
        exact(
            subject,
            "in = counted + duplicates + collisions + double clicks",
            day.counted_count + day.duplicate_count + day.collision_count + day.double_click_count,
            day.in_count,
        ),
    ]
