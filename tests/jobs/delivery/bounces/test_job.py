"""Mail that came back: the request shows it, the address is shut, the team is told once."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from jobs.delivery.bounces.job import run_bounces
from jobs.exhausts.job import list_requests
from tests.jobs.delivery.letters import counts, text
from tests.jobs.delivery.returned_mail import ID, returned

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEAM = "team@sunbird.example"


@pytest.fixture
def came_back(world, make_settings, store):
    """came_back(**notification) -> outcomes, after the answer was mailed."""
    world.publish()
    world.settings["team_address"] = TEAM
    world.enqueue(delivery_id=ID)
    world.deliver()
    settings = make_settings(team_address=TEAM)
    settings.bounces.mkdir(parents=True)

    def take_in(content, name="1.eml"):
        (settings.bounces / name).write_bytes(content)
        return run_bounces(settings, store, AT + timedelta(minutes=5))

    take_in.settings = settings
    return take_in


def test_permanent_bounce_shows_at_the_request_and_shuts_the_address(came_back, world, store, ask):
    assert came_back(returned()) == {"permanent": 1}
    assert world.row(ID)["status"] == "undeliverable"
    (listed,) = list_requests(came_back.settings, store, now=AT)
    assert listed["delivery"] == "UNDELIVERABLE"
    assert ask("SELECT address_sha256, reason, since FROM operations.suppression") == [
        (hashlib.sha256(b"asha@school.example").hexdigest(), "5.1.1", AT + timedelta(minutes=5))
    ]


def test_next_message_to_a_shut_address_is_not_sent_and_says_why(came_back, world):
    came_back(returned(to="Asha@School.example"))
    world.enqueue(delivery_id="d2")
    before = len(world.messages)
    world.deliver(AT + timedelta(minutes=10))
    assert world.row("d2")["status"] == "failed"
    assert (
        "takes no mail: a message to it came back on 2026-11-21" in world.row("d2")["server_said"]
    )
    assert {message["To"] for message in world.messages[before:]} == {TEAM}


def test_team_is_told_once_however_often_the_same_comes_back(came_back, world):
    came_back(returned())
    came_back(returned(), name="2.eml")
    assert world.deliver(AT + timedelta(minutes=10)) == counts(sent=1)
    notice = world.messages[-1]
    assert notice["To"] == TEAM
    assert "sent the message back for good (5.1.1)" in text(notice)
    assert b"asha" not in world.server.messages[-1].content


def test_passing_trouble_is_only_noted(came_back, world, ask):
    assert came_back(returned("4.2.2")) == {"passing": 1}
    assert (world.row(ID)["status"], world.row(ID)["server_said"]) == (
        "sent",
        "The message came back with 4.2.2.",
    )
    assert ask("SELECT count(*) FROM operations.suppression") == [(0,)]
    assert world.notices() == [world.notices()[0]]


def test_what_is_not_ours_is_put_aside_for_people_and_what_was_taken_in_is_removed(came_back):
    mailbox = came_back.settings.bounces
    assert came_back(b"From: asha@school.example\r\n\r\nThanks!", name="thanks") == {"unmatched": 1}
    other = returned(message_id="<00000000-0000-0000-0000-000000000000@sunbird.invalid>")
    assert came_back(other, name="unknown") == {"unmatched": 1}
    came_back(returned())
    assert sorted(path.name for path in mailbox.rglob("*") if path.is_file()) == [
        "thanks",
        "unknown",
    ]
    assert run_bounces(came_back.settings, None, AT) == {}


def test_a_maildir_is_read_as_well(came_back, world):
    (came_back.settings.bounces / "new").mkdir()
    assert came_back(returned(), name="new/1234.host") == {"permanent": 1}


def test_message_that_was_never_sent_cannot_be_bounced_by_anybody(came_back, world):
    other = "00000000-0000-0000-0000-00000000000a"
    world.enqueue(delivery_id=other)
    assert came_back(returned(message_id=f"<{other}@sunbird.invalid>")) == {"unmatched": 1}
    assert world.row(other)["status"] == "pending"


def test_logs_name_no_address(came_back):
    with structlog.testing.capture_logs() as logs:
        came_back(returned())
    assert ID in repr(logs)
    assert "school.example" not in repr(logs)
