"""The outbox: each message has one sender at a time, and none is lost or sent by two."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from jobs.storage import deliveries

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=120)


def enqueue(store, delivery_id="d1", **changes):
    values = {
        "delivery_id": delivery_id,
        "kind": "exhaust_ready",
        "recipient_user_id": "u1",
        "recipient_role": None,
        "tag": "t",
        "request_id": "R",
        "facts": {"n": 1},
        "attachments": [{"key": "k"}],
        "is_personal": False,
        "now": AT,
    }
    with store.transaction() as connection:
        deliveries.enqueue(connection, **(values | changes))


def claim(store, at=AT):
    with store.transaction() as connection:
        return deliveries.claim(connection, due_at=at, lease_until=at + LEASE)


def recover(store, at):
    with store.transaction() as connection:
        return deliveries.recover(connection, now=at)


def row(store, delivery_id="d1"):
    with store.transaction() as connection:
        return connection.execute(
            "SELECT * FROM operations.delivery WHERE delivery_id = %s", [delivery_id]
        ).fetchone()


def holds(store, delivery):
    with store.transaction() as connection:
        return deliveries.holds(connection, delivery)


def test_message_is_taken_once_with_all_that_it_needs(store):
    enqueue(store)
    taken = claim(store)
    assert (taken.delivery_id, taken.attempts) == ("d1", 1)
    assert taken.facts == {"n": 1}
    assert taken.attachments == [{"key": "k"}]
    assert claim(store) is None
    assert row(store)["status"] == "sending"


def test_same_message_enqueued_again_changes_nothing(store):
    enqueue(store)
    enqueue(store, facts={"n": 2})
    assert claim(store).facts == {"n": 1}
    assert claim(store) is None


def test_duty_to_send_disappears_with_the_transaction_that_made_it(store):
    with pytest.raises(psycopg.errors.NotNullViolation), store.transaction() as connection:
        enqueue_both(connection)
    assert row(store) is None


def enqueue_both(connection):
    whole = {
        "kind": "exhaust_ready",
        "recipient_user_id": "u1",
        "recipient_role": None,
        "tag": "t",
        "request_id": "R",
        "facts": {},
        "attachments": [],
        "is_personal": False,
        "now": AT,
    }
    deliveries.enqueue(connection, delivery_id="d1", **whole)
    deliveries.enqueue(connection, delivery_id="d2", **(whole | {"kind": None}))


def test_message_that_is_not_due_waits(store):
    enqueue(store, now=AT + timedelta(seconds=1))
    assert claim(store) is None
    assert claim(store, AT + timedelta(seconds=1)).delivery_id == "d1"


def test_message_taken_by_another_transaction_is_passed_over(store):
    enqueue(store, "d1")
    enqueue(store, "d2")
    with store.transaction() as connection:
        first = deliveries.claim(connection, due_at=AT, lease_until=AT + LEASE)
        assert claim(store).delivery_id != first.delivery_id
        assert claim(store) is None


def test_least_tried_message_goes_first(store):
    enqueue(store, "d1")
    taken = claim(store)
    with store.transaction() as connection:
        deliveries.reschedule(
            connection, taken, next_attempt_at=AT, server_said="451", is_try_spent=True
        )
    enqueue(store, "d2", now=AT + timedelta(minutes=1))
    assert claim(store, AT + timedelta(hours=1)).delivery_id == "d2"


def test_message_of_a_lost_worker_is_given_back_after_its_lease(store):
    enqueue(store)
    lost = claim(store)
    assert recover(store, AT + LEASE - timedelta(seconds=1)) == []
    assert [status for _, status in recover(store, AT + LEASE)] == ["pending"]
    taken = claim(store, AT + LEASE)
    assert taken.attempts == 2
    assert not holds(store, lost)
    assert holds(store, taken)


def test_personal_message_of_a_lost_worker_is_held_for_a_person(store):
    enqueue(store, is_personal=True)
    claim(store)
    assert [status for _, status in recover(store, AT + LEASE)] == ["held"]
    assert claim(store, AT + LEASE) is None


def test_worker_that_still_sends_is_not_taken_for_lost_however_long_it_takes(store):
    enqueue(store)
    taken = claim(store)
    with store.transaction() as connection:
        assert deliveries.holds(connection, taken)
        assert recover(store, AT + timedelta(days=1)) == []
        deliveries.mark_sent(connection, taken, server_said="250 OK", now=AT)
    assert recover(store, AT + timedelta(days=1)) == []
    assert row(store)["status"] == "sent"


def test_what_became_of_a_message_is_kept(store):
    for number, delivery_id in enumerate(["d1", "d2", "d3"]):
        enqueue(store, delivery_id, now=AT + timedelta(seconds=number))
    later = AT + timedelta(minutes=1)
    taken = [claim(store, later) for _ in range(3)]
    with store.transaction() as connection:
        deliveries.mark_sent(connection, taken[0], server_said="250 OK", now=later)
        deliveries.mark_ended(connection, taken[1], status="failed", server_said="550 No")
        deliveries.reschedule(
            connection, taken[2], next_attempt_at=later, server_said="down", is_try_spent=False
        )
        assert deliveries.counts(connection) == {"sent": 1, "failed": 1, "pending": 1}
        assert deliveries.overdue(connection, now=later, age=timedelta(minutes=1)) == 0
        assert deliveries.overdue(connection, now=later, age=timedelta(seconds=50)) == 1
        listed = deliveries.listing(connection, limit=2)
        assert len(deliveries.listing(connection, status="failed")) == 1
    assert [one["delivery_id"] for one in listed] == ["d3", "d2"]
    assert not {"recipient_user_id", "server_said", "facts"} & set(listed[0])
    assert (row(store, "d1")["sent_at"], row(store, "d1")["server_said"]) == (later, "250 OK")
    assert row(store, "d2")["next_attempt_at"] is None
    # A server that was down has cost no try.
    assert row(store, "d3")["attempts"] == 0


@pytest.mark.parametrize(("status", "after"), [("SUCCESS", "FAILED"), ("SUBMITTED", "SUBMITTED")])
def test_refusal_is_written_to_the_answered_request_only(store, status, after):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO job_request (tag, request_id, job_id, status, request_data, download_urls)"
            " VALUES ('t', 'R', 'progress-exhaust', %s, '{}', '{a.zip}')",
            [status],
        )
        deliveries.refuse_request(
            connection, table="job_request", tag="t", request_id="R", reason="Not yours.", now=AT
        )
        found = connection.execute("SELECT * FROM job_request").fetchone()
    assert found["status"] == after
    assert (found["err_message"], found["download_urls"]) == (
        ("Not yours.", None) if after == "FAILED" else (None, ["a.zip"])
    )
