"""Split, shuffled and repeated files, and replays in any order, change no event of a day."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.samples.telemetry_events import play
from tests.jobs.usage.events.telemetry_platform import DAY, NOON, NOW, Platform, told

MIDS = st.sampled_from("abcdef")
ROWS = st.lists(st.tuples(MIDS, st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=12)


def rows_of(drawn):
    """Events of few ids and payloads, by the day of arrival: 0 to 2 days after they happened."""
    by_day = {}
    for mid, after, seconds in drawn:
        arrived = NOON + timedelta(days=after, minutes=seconds)
        event = play("do_1", "book", seconds=float(seconds), **told(mid))
        event["syncts"] = arrived.timestamp() * 1000
        by_day.setdefault(arrived.date(), []).append(event)
    return by_day


def outcome(platform, order):
    with platform.store.transaction() as connection:
        connection.execute("TRUNCATE operations.telemetry_arrival, operations.event_day")
    now = NOW + timedelta(days=3)
    for back in order:
        day = DAY - timedelta(days=back)
        platform.run(first_day=day, last_day=day, now=now)
    day = platform.day()
    counts = (day.counted_count, day.collision_count)
    return {mid: row.seconds for mid, row in platform.events().items()}, counts


def check_invariance(platforms, drawn, random):
    by_day = rows_of(drawn)
    plain, shuffled = platforms(), platforms()
    for arrival, events in by_day.items():
        plain.write(arrival, *events)
        for number, at in enumerate(random.sample(range(3), 3)):
            part = events[at::3]
            again = random.sample(part, len(part)) + part[:1]
            shuffled.write(arrival, *again, name=f"part-{number}.jsonl")
    last = max(by_day)
    # A file that is handed over a second time, a day later.
    shuffled.write(last + timedelta(days=1), *by_day[last], name="again.jsonl")

    plainly = outcome(plain, [0])
    assert outcome(shuffled, [*random.sample(range(2), 2), 0]) == plainly


@pytest.fixture
def platforms(spark, store, tmp_path):
    """Platforms without end, one after the other in one store."""
    numbers = itertools.count()

    def make():
        return Platform(spark, store, tmp_path / str(next(numbers)))

    return make


INVARIANT = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=1, **INVARIANT)
@given(ROWS, st.randoms(use_true_random=False))
def test_split_shuffled_and_repeated_files_and_replays_change_nothing(platforms, drawn, random):
    check_invariance(platforms, drawn, random)


@pytest.mark.full
@settings(max_examples=15, **INVARIANT)
@given(ROWS, st.randoms(use_true_random=False))
def test_no_drawn_telemetry_is_changed_by_its_files_or_the_order_of_runs(platforms, drawn, random):
    check_invariance(platforms, drawn, random)
