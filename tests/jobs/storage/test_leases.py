"""Who may answer a request, judged by the statement that takes the lease."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.errors import FencedError
from jobs.storage import leases

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def take(store, run_id, *, is_free=False, silent_seconds=120, at=NOW):
    with store.transaction() as connection:
        return leases.take(
            connection, tag="t", request_id="R1", run_id=run_id, is_free=is_free,
            abandoned=at - timedelta(seconds=silent_seconds), now=at,
        )  # fmt: skip


def test_a_lease_that_was_taken_since_the_queue_was_read_is_not_taken_again(store):
    assert take(store, "one")
    assert take(store, "two") is None


def test_a_silent_lease_a_free_request_and_ones_own_are_taken(store):
    first = take(store, "one")
    own = take(store, "one")
    late = take(store, "two", at=NOW + timedelta(seconds=121))
    free = take(store, "three", is_free=True)
    assert first.fence < own.fence < late.fence < free.fence


def test_only_the_run_itself_renews_its_lease(store):
    first = take(store, "one")
    with store.transaction() as connection:
        assert leases.renew(connection, tag="t", request_id="R1", run_id="two", now=NOW) is None
        renewed = leases.renew(connection, tag="t", request_id="R1", run_id="one", now=NOW)
    assert renewed.fence > first.fence
    assert renewed.claimed_at == first.claimed_at


def test_a_lease_that_was_given_up_is_gone_and_only_for_its_holder(store):
    first = take(store, "one")
    second = take(store, "one")
    with store.transaction() as connection:
        leases.release(connection, first)
        leases.check_fence(connection, second)
        leases.release(connection, second)
    with pytest.raises(FencedError, match="R1"), store.transaction() as connection:
        leases.check_fence(connection, second)
