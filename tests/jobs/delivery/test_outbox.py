"""Ids that last, and waits that grow."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.delivery.outbox import after_outage, delivery_id, next_attempt

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_same_try_of_a_request_has_one_id_and_everything_else_another():
    ids = [
        delivery_id("t", "R", AT, 0, "exhaust_ready"),
        delivery_id("t", "R", AT, 1, "exhaust_ready"),
        delivery_id("t", "R", AT + timedelta(days=1), 0, "exhaust_ready"),
        delivery_id("t", "R", None, 0, "exhaust_ready"),
        delivery_id("t", "R", AT, 0, "exhaust_failed"),
        delivery_id("u", "R", AT, 0, "exhaust_ready"),
    ]
    assert len(set(ids)) == len(ids)
    assert ids[0] == delivery_id("t", "R", AT, 0, "exhaust_ready")


@given(st.uuids().map(str), st.integers(1, 30))
def test_waits_double_up_to_an_hour_with_a_quarter_of_jitter(identity, attempts):
    wait = next_attempt(identity, attempts, AT) - AT
    middle = min(timedelta(seconds=30) * 2 ** (attempts - 1), timedelta(hours=1))
    assert middle * 0.75 <= wait <= middle * 1.25
    assert wait == next_attempt(identity, attempts, AT) - AT


def test_messages_that_failed_together_do_not_come_back_together():
    waits = {next_attempt(str(n), 5, AT) for n in range(50)}
    assert len(waits) == 50


@given(st.uuids().map(str), st.integers(0, 1000))
def test_outage_is_over_soon_after_the_server_is_back(identity, attempts):
    assert timedelta(seconds=40) < after_outage(identity, attempts, AT) - AT < timedelta(minutes=2)
