"""Mail servers that are down, hang or lose their answer, on a clock that the test sets."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from jobs.delivery.composing import job as composing
from tests.jobs.delivery.letters import counts

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=2)
LETTERS = 4


@pytest.mark.full
def test_after_two_hours_without_a_server_all_is_out_within_ten_minutes(world, smtp_server):
    world.publish()
    for number in range(LETTERS):
        world.enqueue(delivery_id=f"d{number}")
    world.server.stop()
    now = AT
    while now < AT + timedelta(hours=2):
        assert world.deliver(now) == counts(waiting=LETTERS)
        now += EVERY
    world.server = smtp_server(script={})
    back = now
    while len(world.messages) < LETTERS:
        world.deliver(now)
        now += EVERY
    assert now - back <= timedelta(minutes=10)
    assert len({message["Message-ID"] for message in world.messages}) == LETTERS
    assert world.deliver(now + timedelta(days=1)) == counts()


def test_server_that_takes_the_call_and_says_nothing_loses_nothing(world):
    world.publish()
    world.enqueue()
    world.settings["smtp_timeout_seconds"] = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        world.settings["smtp_port"] = port
        assert world.deliver() == counts(waiting=1)
    assert world.row()["attempts"] == 0
    world.settings = {}
    assert world.deliver(AT + EVERY) == counts(sent=1)


def hang_after_the_message(world):
    """The server takes the first message and never answers."""
    handler = world.server.handler
    take = handler.handle_DATA

    async def hang(server, session, envelope):
        handler.handle_DATA = take
        await take(server, session, envelope)
        await asyncio.sleep(3600)

    handler.handle_DATA = hang
    world.settings["smtp_timeout_seconds"] = 0.5


def test_server_that_hangs_after_the_message_gets_the_same_id_again(world):
    world.publish()
    world.enqueue()
    hang_after_the_message(world)
    assert world.deliver() == counts(waiting=1)
    assert world.deliver(AT + timedelta(hours=1)) == counts(sent=1)
    assert [message["Message-ID"] for message in world.messages] == ["<d1@sunbird.invalid>"] * 2


def test_with_an_id_per_try_a_lost_answer_would_be_two_different_mails(world, monkeypatch):
    compose = composing.compose

    def with_an_id_per_try(*arguments, **values):
        return compose(*arguments, **{**values, "delivery_id": str(uuid4())})

    monkeypatch.setattr(composing, "compose", with_an_id_per_try)
    world.publish()
    world.enqueue()
    world.script["DATA"] = ["lost"]
    world.deliver()
    world.deliver(AT + timedelta(hours=1))
    assert len({message["Message-ID"] for message in world.messages}) == 2


def test_greylisting_and_a_full_mailbox_are_tried_again_and_refusal_is_not(world):
    world.publish()
    for number in range(3):
        world.enqueue(delivery_id=f"d{number}")
    world.script["RCPT"] = ["450 4.2.0 Greylisted", "452 4.2.2 Full", "550 5.1.1 Unknown"]
    assert world.deliver() == counts(failed=1, waiting=2)
    assert world.deliver(AT + timedelta(hours=1)) == counts(sent=2)
    assert world.deliver(AT + timedelta(days=1)) == counts()
