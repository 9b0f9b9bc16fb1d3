"""The mailer on a real store, real files and a real mail server: what becomes of a message."""

from datetime import UTC, datetime, timedelta

import structlog

from jobs.storage import deliveries
from tests.jobs.delivery.letters import counts, text

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_file_arrives_with_the_mentor_and_the_server_s_words_are_kept(world):
    world.publish()
    world.enqueue()
    assert world.deliver() == counts(sent=1)
    (message,) = world.messages
    (attached,) = message.iter_attachments()
    assert message["To"] == "asha@school.example"
    assert message["Message-ID"] == "<d1@sunbird.invalid>"
    assert attached.get_content() == b"PK the file"
    assert world.row()["status"] == "sent"
    assert world.row()["server_said"] == "250 OK queued as 1"
    assert world.row()["sent_at"] >= AT


def test_second_run_sends_nothing_again(world):
    world.publish()
    world.enqueue()
    world.deliver()
    assert world.deliver(AT + timedelta(days=1)) == counts()
    assert len(world.messages) == 1


def test_failed_request_is_answered_in_the_mentor_s_language(world):
    world.learner["language"] = "Hindi"
    world.publish()
    world.enqueue("exhaust_failed")
    assert world.deliver() == counts(sent=1)
    assert "No data." in text(world.messages[0])
    assert world.messages[0]["Content-Language"] == "hi"


def test_server_that_is_down_loses_nothing_and_spends_no_try(world):
    world.publish()
    for number in range(3):
        world.enqueue(delivery_id=f"d{number}")
    world.server.stop()
    for minute in range(0, 60, 5):
        assert world.deliver(AT + timedelta(minutes=minute)) == counts(waiting=3)
    assert {world.row(f"d{number}")["attempts"] for number in range(3)} == {0}


def test_all_is_sent_soon_after_the_server_is_back(world):
    world.publish()
    world.enqueue()
    world.script["MAIL"] = ["421 Closing down"]
    assert world.deliver() == counts(waiting=1)
    assert world.deliver(AT + timedelta(minutes=2)) == counts(sent=1)


def test_greylisted_message_is_tried_again_later_each_time(world):
    world.publish()
    world.enqueue()
    world.script["RCPT"] = ["451 Later", "451 Later"]
    assert world.deliver() == counts(waiting=1)
    assert world.row()["attempts"] == 1
    assert world.deliver(AT + timedelta(seconds=10)) == counts(waiting=1)
    assert world.row()["attempts"] == 1
    assert world.deliver(AT + timedelta(minutes=1)) == counts(waiting=1)
    assert world.deliver(AT + timedelta(hours=2)) == counts(sent=1)


def test_message_refused_for_good_fails_and_the_team_is_told_once_without_the_address(world):
    world.publish()
    world.enqueue()
    world.settings["team_address"] = "team@sunbird.example"
    world.script["RCPT"] = ["550 No such user asha@school.example"]
    assert world.deliver() == counts(sent=1, failed=1)
    assert world.row()["status"] == "failed"
    assert world.row()["server_said"] == "550 No such user asha@school.example"
    (notice,) = world.messages
    assert notice["To"] == "team@sunbird.example"
    assert "refused the recipient with 550" in text(notice)
    assert b"asha" not in world.server.messages[0].content
    assert world.deliver(AT + timedelta(days=1)) == counts()


def test_message_tried_often_enough_fails(world):
    world.publish()
    world.enqueue()
    world.settings["mail_attempts"] = 3
    world.script["DATA"] = "451 Later"
    for hour in range(5):
        world.deliver(AT + timedelta(hours=2 * hour))
    assert (world.row()["status"], world.row()["attempts"]) == ("failed", 3)


def test_unclear_end_is_tried_again_under_the_same_id(world):
    world.publish()
    world.enqueue()
    world.script["DATA"] = ["lost"]
    assert world.deliver() == counts(waiting=1)
    assert world.deliver(AT + timedelta(hours=1)) == counts(sent=1)
    assert {message["Message-ID"] for message in world.messages} == {"<d1@sunbird.invalid>"}


def test_unclear_end_of_a_personal_message_is_held_for_a_person(world):
    world.publish()
    world.enqueue(is_personal=True)
    world.script["DATA"] = ["lost"]
    assert world.deliver() == counts(failed=1, waiting=1)
    assert world.row()["status"] == "held"
    assert world.deliver(AT + timedelta(days=1)) == counts(waiting=1)
    assert len(world.messages) == 1


def test_file_above_the_limit_is_named_instead_of_attached(world):
    world.publish()
    world.enqueue()
    world.settings["attachment_bytes"] = 10
    assert world.deliver() == counts(sent=1)
    (message,) = world.messages
    assert list(message.iter_attachments()) == []
    assert "too large to attach" in text(message)
    assert "9F86D081" in text(message)


def test_file_that_is_gone_is_named(world, objects):
    world.publish()
    world.enqueue()
    objects.delete("files/0130.zip")
    assert world.deliver() == counts(failed=1)
    assert "files/0130.zip" in world.row()["server_said"]


def test_file_that_was_changed_is_not_sent(world, objects, tmp_path):
    world.publish()
    world.enqueue()
    (tmp_path / "other.zip").write_bytes(b"PK another!")
    objects.put("files/0130.zip", tmp_path / "other.zip")
    assert world.deliver() == counts(failed=1)
    assert "checksum differs" in world.row()["server_said"]


def test_unreadable_message_fails_and_the_others_go_out(world):
    world.publish()
    world.enqueue(facts={"request_id": "R"})
    world.enqueue(delivery_id="d2", kind="exhaust_failed")
    assert world.deliver() == counts(sent=1, failed=1)
    assert "cannot be read" in world.row()["server_said"]


def test_worker_that_lost_its_message_before_sending_does_not_send(world, store, objects):
    world.publish()
    world.enqueue()

    class Slow(type(objects)):
        """Takes so long to read a file that another worker takes the message over."""

        def read(self, key):
            with store.transaction() as connection:
                deliveries.recover(connection, now=AT + timedelta(days=1))
                deliveries.claim(
                    connection, due_at=AT + timedelta(days=1), lease_until=AT + timedelta(days=2)
                )
            return super().read(key)

    assert world.deliver(files=Slow(objects.root)) == counts(waiting=1)
    assert world.messages == []
    assert (world.row()["status"], world.row()["attempts"]) == ("sending", 2)


def test_logs_tell_ids_and_counts_and_nobody_s_address(world):
    world.publish()
    world.enqueue()
    world.enqueue("exhaust_failed", "d2")
    world.script["RCPT"] = ["550 No such user asha@school.example"]
    with structlog.testing.capture_logs() as logs:
        world.deliver()
    told = repr(logs)
    assert "d1" in told
    assert "d2" in told
    assert "asha" not in told
    assert "school.example" not in told
