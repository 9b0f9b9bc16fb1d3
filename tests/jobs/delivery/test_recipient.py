"""To whom a message goes, through the mailer: the address, the account, the right to the file."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.jobs.delivery.letters import counts, sealed, text

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email_cipher": None}, "no e-mail address"),
        ({"email_cipher": "asha@school.example"}, "does not open"),
        ({"email_cipher": sealed("")}, "empty e-mail address"),
        ({"email_cipher": sealed("asha@a.example, b@b.example")}, "not one plain"),
        ({"is_active": False}, "not active"),
        (None, "not in the user table"),
    ],
)
def test_recipient_who_cannot_be_written_to_is_told_to_the_team(world, change, reason):
    world.learner = None if change is None else world.learner | change
    world.publish()
    world.enqueue("exhaust_failed")
    world.settings["team_address"] = "team@sunbird.example"
    assert world.deliver() == counts(sent=1, failed=1)
    assert reason in world.row()["server_said"]
    assert [message["To"] for message in world.messages] == ["team@sunbird.example"]
    assert reason in " ".join(text(world.messages[0]).split())


def test_without_a_team_s_mailbox_no_notice_waits_for_ever(world):
    world.learner["email_cipher"] = None
    world.publish()
    world.enqueue()
    assert world.deliver() == counts(failed=1)
    assert world.notices() == []


def test_mentor_removed_since_the_build_gets_a_reason_and_no_file(world):
    world.batch["mentors"] = ["someone else"]
    world.publish()
    world.enqueue()
    assert world.deliver() == counts(sent=1, failed=1)
    (message,) = world.messages
    assert list(message.iter_attachments()) == []
    assert "neither the creator nor a mentor" in text(message)
    assert world.request()["status"] == "FAILED"
    assert "neither the creator nor a mentor" in world.request()["err_message"]
    assert world.row()["status"] == "failed"


def test_account_closed_since_the_build_gets_nothing_at_all(world):
    world.learner["is_active"] = False
    world.publish()
    world.enqueue()
    assert world.deliver() == counts(failed=2)
    assert world.messages == []
    assert world.request()["status"] == "FAILED"


def test_message_waits_while_there_is_no_user_table(world):
    world.enqueue()
    assert world.deliver() == counts(waiting=1)
    assert "no published version" in world.row()["server_said"]
    world.publish()
    assert world.deliver(AT + timedelta(minutes=2)) == counts(sent=1)


@pytest.mark.parametrize("key", [None, "too short"])
def test_message_waits_while_the_platform_s_key_is_missing_or_wrong(world, key):
    world.publish()
    world.enqueue()
    world.settings["platform_key"] = key
    assert world.deliver() == counts(waiting=1)
    assert "SUNBIRD_BATCH_PLATFORM_KEY" in world.row()["server_said"]


@pytest.mark.parametrize(("declared", "language"), [(None, "hi"), ("English", "en")])
def test_who_declares_no_language_gets_the_platform_s(world, declared, language):
    world.learner["language"] = declared
    world.settings["language"] = "hi"
    world.publish()
    world.enqueue("exhaust_failed")
    world.deliver()
    assert world.messages[0]["Content-Language"] == language
