from datetime import UTC, date, datetime

import pytest

from jobs.textbooks.weeks import academic_year_of, folders_of, week_at

INDIA = "Asia/Kolkata"


def test_a_week_begins_on_monday_in_india_and_its_scans_end_with_the_last_whole_day():
    # Sunday in UTC, and Monday in India.
    week = week_at(datetime(2026, 11, 15, 20, tzinfo=UTC), INDIA)

    assert (week.starts_on, week.scans_until) == (date(2026, 11, 16), date(2026, 11, 15))
    assert week.scans_from == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 5, 31), date(2025, 6, 1)),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2026, 12, 31), date(2026, 6, 1)),
        (date(2027, 1, 1), date(2026, 6, 1)),
    ],
)
def test_the_academic_year_begins_on_1_june(day, begins):
    assert academic_year_of(day) == begins


def test_on_1_june_the_year_that_ended_is_shown_once_more():
    week = week_at(datetime(2026, 6, 1, 5, tzinfo=UTC), INDIA)

    assert (week.scans_from, week.scans_until) == (date(2025, 6, 1), date(2026, 5, 31))


def test_a_tenants_folder_is_its_slug_where_that_is_a_name_of_its_own():
    slugs = {"c1": "gj", "c2": "two", "c3": "two", "c4": "../up", "c5": "overall", "a/b": ".x"}

    assert folders_of(slugs) == {
        "c1": "gj", "c2": "tenant-c2", "c3": "tenant-c3", "c4": "tenant-c4", "c5": "tenant-c5",
        "a/b": "tenant-a_b",
    }  # fmt: skip
