"""A small platform with one answered request, for tests of the mailer."""

import hashlib
from datetime import UTC, datetime

import pytest

from jobs.contracts.learning import BATCHES, COLLECTIONS, LEARNERS
from jobs.delivery.job import run_deliver
from jobs.storage import deliveries
from jobs.storage.mail import open_mail
from tests.jobs.delivery.letters import KEY, SALT, answer, batch, sealed

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CONTENT = b"PK the file"


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
