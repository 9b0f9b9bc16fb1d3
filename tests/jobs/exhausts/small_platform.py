"""A small platform, and what happens to the requests that are put to it."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pyzipper

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.exhausts import job
from jobs.sources import cipher

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # the 22nd in India
DATA_AS_OF = NOW - timedelta(minutes=10)
KIND = "progress-exhaust"
KEY, SALT = "0123456789abcdef", "salt"


def sealed(text):
    return cipher.encrypt(text, key=KEY, salt=SALT)


def person(user_id, **values):
    return {
        "user_id": user_id, "root_org_id": "up", "channel": "up-channel", "is_active": True,
        "email_cipher": sealed(f"{user_id}@example.org"), **values,
    }  # fmt: skip


def learner(user_id, batch_id="b1", **values):
    return {
        "batch_id": batch_id, "user_id": user_id, "collection_id": "do_1", "is_known": True,
        "root_org_id": "up", "has_certificate": False, "stage": "in_progress",
        "progress_pct": 50, "enrolled_on": date(2026, 11, 1), **values,
    }  # fmt: skip


def batch(batch_id, collection_id="do_1", **values):
    return {
        "batch_id": batch_id, "collection_id": collection_id, "batch_name": f"Batch {batch_id}",
        "created_by": "asha", "mentors": ["meera"], "created_for": ["up"], **values,
    }  # fmt: skip


def course(collection_id, **values):
    return {
        "collection_id": collection_id, "collection_name": "Teaching Fractions", "status": "Live",
        "channel": "up", "leaf_nodes": ["do_a"], "mandatory_nodes": ["do_a"],
        "modules": [{"id": "do_m", "name": "First", "mandatory_nodes": ["do_a"]}],
        "assessments": [{"id": "do_q", "name": "Quiz"}], **values,
    }  # fmt: skip


class Platform:
    """One small platform and what happens to its requests."""

    kind = KIND

    def __init__(self, settings, store, objects, publish_rows):
        self.settings, self.store, self.objects = settings, store, objects
        self.publish_rows = publish_rows
        self.data_as_of = DATA_AS_OF

    def hold(self, *, progress=(), batches=(), courses=(), people=(), quarantined=()):
        """Publish the tables; a second time, newer ones."""
        for contract, rows in (
            (PROGRESS, progress),
            (BATCHES, batches),
            (COLLECTIONS, courses),
            (LEARNERS, people),
        ):
            self.publish_rows(contract, list(rows), data_as_of=self.data_as_of)
        self.publish_rows(ENROLMENTS, [], data_as_of=self.data_as_of, quarantined=list(quarantined))
        self.data_as_of += timedelta(seconds=1)

    def ask(self, *batch_ids, by="asha", channel="up", now=NOW, **values):
        return job.submit_request(
            self.settings, self.store, kind=self.kind, batch_ids=batch_ids, requested_by=by,
            channel=channel, now=now, **values,
        )  # fmt: skip

    def claim(self, run_id="run", now=NOW):
        return job.run_claim(self.settings, self.store, kind=self.kind, run_id=run_id, now=now)

    def cut(self, run_id="run", now=NOW, as_of=None, objects=None):
        return job.run_cut(
            self.settings, self.store, objects or self.objects, kind=self.kind, run_id=run_id, now=now,
            as_of=as_of,
        )  # fmt: skip

    def check(self, run_id="run", now=NOW):
        return job.run_check(
            self.settings, self.store, self.objects, kind=self.kind, run_id=run_id, now=now
        )

    def answer(self):
        self.claim()
        return self.cut() + self.check()

    def select(self, statement, *values):
        with self.store.transaction() as connection:
            return connection.execute(statement, values).fetchall()

    def change(self, statement, *values):
        with self.store.transaction() as connection:
            connection.execute(statement, values)

    def request(self, request_id):
        (found,) = self.select("SELECT * FROM job_request WHERE request_id = %s", request_id)
        return found

    def deliveries(self, request_id):
        return self.select(
            "SELECT * FROM operations.delivery WHERE request_id = %s ORDER BY kind", request_id
        )

    def failure(self, request_id):
        """The sentence of a request that failed with one message to its requester and no file."""
        request = self.request(request_id)
        (told,) = self.deliveries(request_id)
        assert (request["status"], request["download_urls"]) == ("FAILED", None)
        assert (told["kind"], told["attachments"]) == ("exhaust_failed", [])
        assert told["facts"]["batches"] == []
        assert self.select("SELECT * FROM operations.lease") == []
        return told["facts"]["reason"]

    def archive(self, request_id, number=0):
        return self.objects.read(self.request(request_id)["download_urls"][number])

    def csv(self, request_id, number=0):
        return member_of(self.archive(request_id, number))

    def facts(self, request_id):
        (told,) = self.deliveries(request_id)
        assert told["kind"] == "exhaust_ready"
        return told["facts"]


def member_of(archive, password=None):
    kind = pyzipper.AESZipFile if password else zipfile.ZipFile
    with kind(io.BytesIO(archive)) as zipped:
        (name,) = zipped.namelist()
        return zipped.read(name, pwd=password and password.encode())


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def user_ids(content):
    return [row["User ID"] for row in rows_of(content)]


class BreaksFor:
    """An object store that has a fault for the files of one batch."""

    def __init__(self, objects, batch_id, error):
        self.objects, self.batch_id, self.error = objects, batch_id, error

    def __getattr__(self, name):
        return getattr(self.objects, name)

    def put(self, key, path):
        if f"/{self.batch_id}_" in key:
            raise self.error
        self.objects.put(key, path)
