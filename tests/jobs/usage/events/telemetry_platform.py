"""Telemetry written the ways that platforms hand it over, and a run over it."""

import json
from datetime import UTC, datetime, timedelta

from jobs.settings import Settings
from jobs.storage.event_accounts import arrivals
from jobs.storage.event_days import event_days, read_events
from jobs.usage.events.job import make_event_days

DAY = datetime(2026, 11, 20, tzinfo=UTC).date()
NOON = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def told(mid, at=NOON, *, device="d1", state="Gujarat", **more):
    return {"mid": mid, "at": at, "device": device, "state": state} | more


def write_lines(home, arrival, events, *, name="part-0.jsonl"):
    folder = home / "lake" / "telemetry" / arrival.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder / name


class Platform:
    """A home with telemetry, and what its runs make of it."""

    def __init__(self, spark, store, home, **settings):
        self.spark, self.store, self.home = spark, store, home
        self.settings = Settings(home=home, **settings)

    def write(self, arrival, *events, name="part-0.jsonl"):
        return write_lines(self.home, arrival, events, name=name)

    def run(self, *, first_day=None, last_day=DAY, now=NOW):
        return make_event_days(
            self.spark, self.settings, self.store, first_day=first_day, last_day=last_day, now=now
        )

    def events(self, first_day=DAY, last_day=DAY, kinds=None):
        frame = read_events(self.spark, self.settings, self.store, first_day, last_day, kinds)
        return {row.event_id: row for row in frame.collect()}

    def day(self, day=DAY):
        with self.store.transaction() as connection:
            [found] = event_days(connection, day, day)
        return found

    def arrivals(self):
        with self.store.transaction() as connection:
            return arrivals(connection, DAY - timedelta(days=90), DAY + timedelta(days=90))
