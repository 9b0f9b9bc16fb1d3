"""Findings in bands of days."""

from jobs.overview.waiting import banded


def test_the_last_day_of_a_band_is_in_it_and_what_failed_waits_again():
    found = banded(
        {"days": days, "state": state, "n": 1}
        for days, state in [(0, "new"), (1, "held"), (7, "failed"), (30, "approved"), (31, "new")]
    )

    assert [tuple(band.values()) for band in found] == [
        ("today", 1, 0, 0),
        ("1 to 7 days", 1, 1, 0),
        ("8 to 30 days", 0, 0, 1),
        ("more than 30 days", 1, 0, 0),
    ]
