"""The mailer on a real store, real files and a real mail server."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from jobs.contracts.learning import BATCHES, COLLECTIONS, LEARNERS
from jobs.delivery.job import DeliverCounts, run_deliver
from jobs.sources.cipher import encrypt
from jobs.storage import deliveries
from jobs.storage.mail import open_mail
from tests.jobs.delivery.letters import answer, batch, text

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY, SALT = "0123456789abcdef", "salt"
CONTENT = b"PK the file"


def sealed(address):
    return encrypt(address, key=KEY, salt=SALT)


@pytest.fixture
def world(store, objects, publish_rows, make_settings, smtp_server, tmp_path):
    """A small platform, a request that is answered, and a mail server to send through."""

    class World:
        def __init__(self):
            self.script = {}
            self.server = smtp_server(script=self.script)
            self.learner = {
                "user_id": "asha",
                "email_cipher": sealed("asha@school.example"),
                "root_org_id": "org1",
                "channel": "ka",
                "is_active": True,
                "language": "en",
            }
            self.batch = {"batch_id": "0130", "collection_id": "do_1", "mentors": ["asha"]}
            self.settings = {}
            (tmp_path / "file.zip").write_bytes(CONTENT)
            objects.put("files/0130.zip", tmp_path / "file.zip")
            with store.transaction() as connection:
                connection.execute(
                    "INSERT INTO job_request (tag, request_id, job_id, status, request_data,"
                    " requested_by, requested_channel) VALUES ('maths:ka', '9F86D081',"
                    " 'progress-exhaust', 'SUCCESS', '{}', 'asha', 'ka')"
                )

        def publish(self):
            learners = [self.learner] if self.learner else []
            publish_rows(LEARNERS, learners, data_as_of=AT)
            publish_rows(BATCHES, [self.batch], data_as_of=AT)
            collection = {"collection_id": "do_1", "channel": "ka"}
            publish_rows(COLLECTIONS, [collection], data_as_of=AT)

        def enqueue(self, kind="exhaust_ready", delivery_id="d1", **changes):
            file = {
                "key": "files/0130.zip",
                "file_name": batch().file_name,
                "bytes": len(CONTENT),
                "sha256": hashlib.sha256(CONTENT).hexdigest(),
            }
            facts = answer(*([batch()] if kind == "exhaust_ready" else []), reason="No data.")
            values = {
                "delivery_id": delivery_id,
                "kind": kind,
                "recipient_user_id": "asha",
                "recipient_role": None,
                "tag": facts.tag,
                "request_id": facts.request_id,
                "facts": facts.model_dump(mode="json"),
                "attachments": [file] if kind == "exhaust_ready" else [],
                "is_personal": False,
                "now": AT,
            }
            with store.transaction() as connection:
                deliveries.enqueue(connection, **(values | changes))

        def deliver(self, now=AT, files=objects):
            defaults = {
                "smtp_host": "127.0.0.1",
                "smtp_port": self.server.port,
                "smtp_security": "none",
                "smtp_timeout_seconds": 5,
                "platform_key": KEY,
                "platform_salt": SALT,
            }
            settings = make_settings(**(defaults | self.settings))
            return run_deliver(settings, store, files, open_mail(settings), now)

        def row(self, delivery_id="d1"):
            return self.one("SELECT * FROM operations.delivery WHERE delivery_id = %s", delivery_id)

        def request(self):
            return self.one("SELECT * FROM job_request WHERE request_id = %s", "9F86D081")

        def notices(self):
            with store.transaction() as connection:
                return connection.execute(
                    "SELECT kind, status, facts FROM operations.delivery WHERE delivery_id <> 'd1'"
                ).fetchall()

        def one(self, statement, value):
            with store.transaction() as connection:
                return connection.execute(statement, [value]).fetchone()

        @property
        def messages(self):
            return [got.message for got in self.server.messages]

    return World()


def counts(sent=0, failed=0, waiting=0):
    return DeliverCounts(sent=sent, failed=failed, waiting=waiting)


def test_file_arrives_with_the_mentor_and_the_server_s_words_are_kept(world):
    world.publish()
    world.enqueue()
    assert world.deliver() == counts(sent=1)
    (message,) = world.messages
    (attached,) = message.iter_attachments()
    assert message["To"] == "asha@school.example"
    assert message["Message-ID"] == "<d1@sunbird.invalid>"
    assert attached.get_content() == CONTENT
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


def test_file_above_the_limit_is_named_instead_of_attached(world):
    world.publish()
    world.enqueue()
    world.settings["attachment_bytes"] = len(CONTENT) - 1
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
