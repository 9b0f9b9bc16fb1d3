"""A run of the usage events that is ended by SIGKILL: a day is whole, old or new."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.samples.telemetry_events import play
from jobs.storage.event_days import event_days
from tests.crash import judge
from tests.crash.drive import points

DAY = date(2026, 11, 10)
NOON = datetime(2026, 11, 10, 7, tzinfo=UTC)
IN_ORDER = (
    "events: folder landed",
    "events: rows dropped",
    "events: clicks written",
    "events: before the commit",
)


def write_plays(drive, number):
    """One file more, of an event that is new and one that came before."""
    file = drive.settings.lake / "telemetry" / DAY.isoformat() / f"{number}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    place = {"at": NOON, "device": "d1", "state": "Gujarat"}
    plays = [play("do_1", "book", mid=mid, **place) for mid in ("first", f"play {number}")]
    file.write_text("".join(json.dumps(one) + "\n" for one in plays), encoding="utf-8")


def visible(drive):
    with drive.store.transaction() as connection:
        days = event_days(connection, DAY, DAY)
    return [(day.counted_count, day.duplicate_count) for day in days]


@pytest.mark.full
def test_killed_run_shows_the_old_day_or_the_new_one_and_the_next_run_mends_it(drive):
    assert set(points("events")) == set(IN_ORDER)
    drive.values |= {"spark_master": "local[1]"}
    command = ("usage", "events", "--from", DAY.isoformat(), "--to", DAY.isoformat())
    for number, point in enumerate(IN_ORDER):
        write_plays(drive, number)
        assert drive.run(*command, kill_at=point) == -9, drive.last.stderr[-2000:]
        assert visible(drive) == []

    assert drive.run(*command) == 0, drive.last.stderr[-2000:]
    assert visible(drive) == [(5, 3)]
    left = list((drive.settings.clean_lake / "event_days").glob("run=*"))
    assert len(left) == 4
    for folder in left:
        drive.age(folder, timedelta(days=2))
    write_plays(drive, 9)
    assert drive.run(*command) == 0, drive.last.stderr[-2000:]
    assert visible(drive) == [(6, 4)]
    assert len(list((drive.settings.clean_lake / "event_days").glob("run=*"))) <= 2
    assert judge.was_killed(judge.read(drive.path))
