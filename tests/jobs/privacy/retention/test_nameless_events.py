"""Events that arrived long ago name nobody; clicks do, which figures to date count."""

import pytest

from jobs.errors import UnavailableError
from jobs.storage import event_accounts
from tests.jobs.privacy.landed import land, read

EVENTS = "landed events that name users"
ARRIVED = "2026-01-01"
PLAYS = f"{ARRIVED}/v1/{ARRIVED}/play"
ONE = """
    | row_id | user_id | device_id | object_id | object_type |
    | 1      | u1      | d1        | do_1      | Content     |
    | 2      | u2      | d1        | u2        | User        |
"""


def test_users_are_taken_out_after_ninety_days_and_not_before(people, arrived):
    plays = land(people.settings, PLAYS, ONE)
    assert people.retain(arrived(90))[EVENTS] == 0
    assert read(plays, "user_id") == [("u1",), ("u2",)]
    assert people.retain(arrived(91))[EVENTS] == 1
    assert read(plays, "row_id", "user_id", "device_id", "object_id") == [
        (1, None, "d1", "do_1"),
        (2, None, "d1", None),
    ]


def test_a_day_is_looked_through_once(people, arrived):
    land(people.settings, PLAYS, ONE)
    people.retain(arrived(91))
    assert people.retain(arrived(92))[EVENTS] == 0


def test_clicks_keep_their_user_unless_they_were_rejected(people, arrived):
    kept = [
        land(people.settings, f"{ARRIVED}/v1/{part}/{kind}", ONE)
        for part, kind in ((ARRIVED, "certificate_click"), ("late", "report_click"))
    ]
    rejected = land(people.settings, f"{ARRIVED}/v1/rejected/certificate_click", ONE)
    people.retain(arrived(91))
    assert [read(path, "user_id") for path in kept] == [[("u1",), ("u2",)]] * 2
    assert read(rejected, "user_id") == [(None,), (None,)]


def test_a_version_that_was_replaced_is_taken_too(people, arrived):
    old = land(people.settings, f"{ARRIVED}/v0/{ARRIVED}/play", ONE)
    land(people.settings, PLAYS, ONE)
    assert people.retain(arrived(91))[EVENTS] == 2
    assert read(old, "user_id") == [(None,), (None,)]


def test_how_long_is_a_setting(people, arrived):
    land(people.settings, PLAYS, ONE)
    people.settings = people.settings.model_copy(update={"usage_user_days": 10})
    assert people.retain(arrived(11))[EVENTS] == 1


def test_a_dry_run_tells_the_days_and_changes_none(people, arrived):
    plays = land(people.settings, PLAYS, ONE)
    assert people.retain(arrived(91), dry_run=True)[EVENTS] == 1
    assert read(plays, "user_id") == [("u1",), ("u2",)]


def test_while_a_run_makes_events_the_command_asks_to_be_run_again(people, arrived):
    plays = land(people.settings, PLAYS, ONE)
    with people.store.transaction() as running:
        assert event_accounts.lock(running)
        with pytest.raises(UnavailableError, match="once `usage_metrics` has ended"):
            people.retain(arrived(91))
    assert read(plays, "user_id") == [("u1",), ("u2",)]
    assert people.retain(arrived(91))[EVENTS] == 1
