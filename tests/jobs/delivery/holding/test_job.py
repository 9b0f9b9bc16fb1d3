"""Messages with personal data whose sending ended unclear: once at most, unless a person says so."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.delivery.holding.job import drop, release
from jobs.errors import DeliveryError
from tests.jobs.delivery.letters import counts

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture
def unclear(world):
    """A personal message that the server took, whose answer was lost on the way back."""
    world.publish()
    world.enqueue(is_personal=True)
    world.script["DATA"] = ["lost"]
    world.deliver()
    return world


def released(world, store, make_settings, **values):
    told = {"by": "meera", "reason": "the provider has no such Message-ID", "now": LATER}
    release(make_settings(**world.settings), store, "d1", **(told | values))


def audited(store):
    with store.transaction() as connection:
        return connection.execute("SELECT * FROM operations.audit_log ORDER BY audit_id").fetchall()


def test_a_lost_answer_is_held_and_never_sent_by_itself(unclear, store):
    for hour in range(1, 48, 6):
        assert unclear.deliver(AT + timedelta(hours=hour)) == counts(waiting=1)
    assert len(unclear.messages) == 1
    assert unclear.row()["status"] == "held"
    (held,) = audited(store)
    assert (held["event"], held["recipient_user_id"]) == ("mail_held", "asha")
    assert held["message_id"] == unclear.messages[0]["Message-ID"]


def test_a_lost_worker_s_personal_message_is_held_and_told_in_the_audit_log(world, store):
    world.publish()
    world.enqueue(is_personal=True)
    with store.transaction() as connection:
        connection.execute(
            "UPDATE operations.delivery SET status = 'sending', attempts = 1, next_attempt_at = %s",
            [AT],
        )
    assert world.deliver(LATER) == counts(waiting=1)
    assert world.messages == []
    assert [row["event"] for row in audited(store)] == ["mail_held"]


def test_one_that_is_released_is_sent_once_under_the_same_id(unclear, store, make_settings):
    released(unclear, store, make_settings)
    assert unclear.deliver(LATER) == counts(sent=1)
    assert unclear.deliver(LATER + timedelta(days=1)) == counts()
    assert [message["Message-ID"] for message in unclear.messages] == ["<d1@sunbird.invalid>"] * 2
    events = [(row["event"], row["asked_by"], row["details"]) for row in audited(store)]
    assert events[1][:2] == ("delivery_released", "meera")
    assert events[1][2]["reason"] == "the provider has no such Message-ID"
    assert events[2][0] == "mail_sent"


def test_one_whose_tries_are_spent_gets_one_more(unclear, store, make_settings):
    unclear.settings["mail_attempts"] = 1
    released(unclear, store, make_settings)
    assert unclear.deliver(LATER) == counts(sent=1)


def test_one_that_is_dropped_is_never_sent(unclear, store):
    drop(store, "d1", by="meera", reason="the mentor has it", now=LATER)
    assert unclear.deliver(LATER) == counts()
    assert unclear.row()["status"] == "obsolete"
    assert [row["event"] for row in audited(store)] == ["mail_held", "delivery_dropped"]


def test_only_what_is_held_is_decided_about_and_once(unclear, store, make_settings):
    drop(store, "d1", by="meera", reason="the mentor has it", now=LATER)
    with pytest.raises(DeliveryError, match="No message d1 is held"):
        released(unclear, store, make_settings)
    with pytest.raises(DeliveryError, match="No message d2 is held"):
        drop(store, "d2", by="meera", reason="x", now=LATER)
