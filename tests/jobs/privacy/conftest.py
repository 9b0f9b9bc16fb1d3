"""A small platform whose learner u1 is everywhere, with a mail server and old versions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.contracts.learning import ACTIVITY, ATTEMPTS, ENROLMENTS
from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.delivery.job import run_deliver
from jobs.privacy.erasing.job import Erasure, erase_learner
from jobs.privacy.looking.job import search
from jobs.privacy.reporting.job import report_learner, report_request
from jobs.privacy.retention.job import run_retention
from jobs.storage.clustered import bucket_of
from jobs.storage.mail import open_mail
from jobs.storage.snapshots import Quarantined
from tests.jobs.exhausts.small_platform import (
    KEY,
    NOW,
    SALT,
    Platform,
    batch,
    course,
    learner,
    person,
)

ENROLLED = {"collection_id": "do_1", "is_active": True}
KEPT_OUT = [
    {"batch_id": "b1", "source_table": "user_enrolments", "reason": "duplicate", "user_id": user,
     "row_count": count}
    for user, count in (("u1", 2), ("u9", 1))
]  # fmt: skip


class People(Platform):
    """The platform, and what people ask of it about their data."""

    def publish_all(self):
        """All tables, once more: u1 is in each, and in the rows kept out of one."""
        self.hold(
            progress=[learner("u1"), learner("u2", stage="completed"), learner("u3", "b2"),
                      learner("u4", left_out_reason="left_batch")],
            batches=[batch("b1"), batch("b2", mentors=["u1"])],
            courses=[course("do_1")],
            people=[person(name) for name in ("asha", "meera", "u1", "u2")],
        )  # fmt: skip
        at = self.data_as_of
        counted = [Quarantined("user_enrolments", "duplicate", "b1", 3)]
        enrolled = [{"batch_id": "b1", "user_id": user, **ENROLLED} for user in ("u1", "u2")]
        snapshot = self.publish_rows(ENROLMENTS, enrolled, data_as_of=at, quarantined=counted)
        folder = Path(snapshot.path, "_quarantined", f"bucket={bucket_of('b1', 4)}")
        folder.mkdir(parents=True)
        table = pa.Table.from_pylist(KEPT_OUT, schema=QUARANTINED_ROWS.arrow_schema())
        pq.write_table(table, folder / "part-0.parquet")
        activity = {"activity_type": "Course", "activity_id": "do_1", "aggregates": [("x", 1.0)]}
        attempt = {"collection_id": "do_1", "content_id": "q", "attempt_id": "1"}
        for contract, values in ((ACTIVITY, activity), (ATTEMPTS, attempt)):
            rows = [{"batch_id": "b1", "user_id": user, **values} for user in ("u1", "u2")]
            self.publish_rows(contract, rows, data_as_of=at)
        self.data_as_of += timedelta(seconds=1)

    def deliver(self, now=NOW):
        return run_deliver(self.settings, self.store, self.objects, open_mail(self.settings), now)

    def answered(self, *batch_ids, **values):
        """A request whose file is made and whose message waits."""
        request_id = self.ask(*(batch_ids or ["b1"]), **values)
        self.answer()
        return request_id

    def erase(self, user_id="u1", *, now=NOW, dry_run=False):
        erasure = Erasure(user_id, "dpo", "asked by letter 7", now)
        return erase_learner(self.settings, self.store, self.objects, erasure, dry_run=dry_run)

    def retain(self, now, **values):
        return run_retention(self.settings, self.store, self.objects, now, **values)

    def report(self, user_id="u1"):
        return report_learner(self.store, user_id, asked_by="dpo", now=NOW)

    def breach(self, request_id):
        return report_request(self.store, request_id, tag=None, asked_by="dpo", now=NOW)

    def found(self, user_id="u1"):
        places = search(self.settings, self.store, user_id, NOW)
        return {place.place: place.found for place in places if place.fate == "erased"}

    def audited(self, event):
        return self.select(
            "SELECT * FROM operations.audit_log WHERE event = %s ORDER BY audit_id", event
        )


@pytest.fixture
def people(make_settings, store, objects, publish_rows, smtp_server):
    server = smtp_server(script={})
    settings = make_settings(
        platform_key=KEY, platform_salt=SALT, smtp_host="127.0.0.1", smtp_port=server.port,
        smtp_security="none", smtp_timeout_seconds=5,
    )  # fmt: skip
    small = People(settings, store, objects, publish_rows)
    small.server = server
    small.publish_all()
    return small


@pytest.fixture
def day():
    """The days of a request's file, counted from the day that it is made."""
    return lambda number: NOW + timedelta(days=number)


@pytest.fixture
def arrived():
    """An instant so many days after the day on which landed events arrived."""
    return lambda days: datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
