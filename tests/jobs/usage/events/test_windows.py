"""Which arrivals a day is made of, and when it is closed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.usage.events.windows import Window, days_from, version_of

DAY = date(2026, 11, 20)
WEEK = Window(7)
DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))


def test_day_is_open_for_a_week_of_arrivals():
    assert WEEK.last_arrival(DAY) == date(2026, 11, 27)


def test_day_is_final_only_when_its_last_folder_is_over_in_every_time_zone():
    assert not WEEK.is_final(DAY, today=date(2026, 11, 28))
    assert WEEK.is_final(DAY, today=date(2026, 11, 29))


def test_daily_run_meets_each_day_once_more_when_it_is_final():
    run_on = date(2026, 11, 29)
    first, last = WEEK.open_days(run_on - timedelta(days=1))
    assert first == DAY
    assert WEEK.is_final(first, today=run_on)
    assert last == date(2026, 11, 28)


@given(DAYS, st.integers(0, 30), st.integers(0, 40), st.integers(0, 40))
def test_two_arrivals_of_one_day_are_always_among_those_that_it_is_made_of(day, reopen, one, other):
    window = Window(reopen)
    earliest, latest = day - timedelta(days=2), window.last_arrival(day)
    arrivals = [min(earliest + timedelta(days=n), latest) for n in (one, other)]
    assert (max(arrivals) - min(arrivals)).days <= window.back_days
    assert all(window.first_arrival(day) <= arrival <= latest for arrival in arrivals)
    assert window.first_arrival(day) <= min(arrivals) - timedelta(days=window.back_days)


@given(st.lists(st.tuples(DAYS, st.text("abc", min_size=1, max_size=3)), max_size=6), st.randoms())
def test_version_is_the_same_for_the_same_rows_in_any_order(arrivals, random):
    shuffled = list(arrivals)
    random.shuffle(shuffled)
    assert version_of(shuffled, 1) == version_of(arrivals, 1)
    assert version_of([*arrivals, (DAY, "more")], 1) != version_of(arrivals, 1)


def test_version_changes_with_the_rules():
    assert version_of([], 1) != version_of([], 2)


def test_days_are_counted_with_both_ends():
    assert days_from(DAY, DAY) == [DAY]
    assert days_from(DAY, DAY - timedelta(days=1)) == []
