"""A refresh that makes only the buckets that changed gives the same rows as a full one."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ENROLMENTS
from jobs.refresh import job
from jobs.storage.clustered import open_table
from jobs.storage.snapshots import latest

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
BATCHES = [f"b{n}" for n in range(12)]
CATALOGUE = "".join(
    f'[{table}]\npath = "{{lake}}/{table}"\n'
    for table in ("course_batch", "users", "content_hierarchy", "content")
)


def enrolment(
    batch_id, user_id="asha", *, changed_at=START - timedelta(days=9), status=None, **more
):
    return {
        "userid": user_id, "courseid": "do_1", "batchid": batch_id, "active": True,
        "enrolled_date": "2021-07-01T00:00:00Z", "contentstatus": status or {"a": 2},
        "datetime": changed_at.isoformat(), **more,
    }  # fmt: skip


class Lake:
    def __init__(self, settings, store):
        self.settings, self.store = settings, store
        self.minutes = 0

    def put(self, table, rows):
        file = self.settings.lake / table / "a.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def refresh(self, *tables, minutes=30):
        self.minutes += minutes
        at = START + timedelta(minutes=self.minutes)
        return {
            made.table: made
            for made in job.run_refresh(
                self.settings, self.store, tables=list(tables), due_only=False, clock=lambda: at
            )
        }

    def now(self):
        return START + timedelta(minutes=self.minutes)

    def files(self, table):
        """Bucket -> names of its files, in the published version."""
        with self.store.transaction() as connection:
            folder = Path(latest(connection, table).path)
        return {
            bucket.name: sorted(file.name for file in bucket.glob("*.parquet"))
            for bucket in sorted(folder.glob("bucket=*"))
        }

    def rows(self, contract):
        with self.store.transaction() as connection:
            table = open_table(connection, contract)
            return {batch_id: table.rows(batch_id) for batch_id in BATCHES}


@pytest.fixture
def lake(make_settings, monkeypatch, spark, store, tmp_path):
    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    catalogue = tmp_path / "catalogue.toml"
    told = '[user_enrolments]\npath = "{lake}/user_enrolments"\nchanged_at = "datetime"\n'
    catalogue.write_text(CATALOGUE + told)
    made = Lake(make_settings(lake_buckets=8, lake_catalogue=catalogue), store)
    tree = {"identifier": "do_1", "leafNodes": ["a", "b"]}
    made.put("content_hierarchy", [{"identifier": "do_1", "hierarchy": json.dumps(tree)}])
    made.put("users", [{"userid": "asha", "firstname": "Asha"}])
    made.put("course_batch", [{"courseid": "do_1", "batchid": "b1"}])
    made.put("user_enrolments", [enrolment(batch_id) for batch_id in BATCHES])
    made.refresh(minutes=0)
    return made


def change_one(lake):
    """One batch has a learner more and a broken row; the others stand as they stood."""
    rows = [enrolment(batch_id) for batch_id in BATCHES]
    rows.append(enrolment("b3", "ravi", changed_at=lake.now(), status={"a": 2, "b": 2}))
    rows.append(enrolment("b3", None, changed_at=lake.now()))
    lake.put("user_enrolments", rows)


def test_only_changed_buckets_are_made_and_all_rows_are_as_a_full_refresh_makes_them(lake):
    before, progress_before = lake.files("enrolments"), lake.files("progress")
    change_one(lake)
    made = lake.refresh("enrolments", "progress")
    partial = lake.rows(ENROLMENTS), lake.rows(PROGRESS)

    after = lake.files("enrolments")
    assert len([bucket for bucket in after if after[bucket] != before[bucket]]) == 1
    progress_after = lake.files("progress")
    assert len([b for b in progress_after if progress_after[b] != progress_before[b]]) == 1
    assert made["enrolments"].row_count == made["progress"].row_count == len(BATCHES) + 1
    assert made["enrolments"].quarantined == {"user_enrolments.missing_userid": 1}

    full = lake.refresh("enrolments", "progress", minutes=25 * 60)
    assert (lake.rows(ENROLMENTS), lake.rows(PROGRESS)) == partial
    assert full["enrolments"].row_count == made["enrolments"].row_count
    assert full["enrolments"].quarantined == made["enrolments"].quarantined


@pytest.mark.full
def test_deleted_rows_are_gone_with_the_next_full_refresh(lake):
    lake.put("user_enrolments", [enrolment(batch_id) for batch_id in BATCHES[1:]])

    assert lake.refresh("enrolments")["enrolments"].row_count == len(BATCHES)
    assert lake.refresh("enrolments", minutes=25 * 60)["enrolments"].row_count == len(BATCHES) - 1


@pytest.mark.full
def test_rows_without_a_change_time_are_read_again(lake):
    rows = [enrolment(batch_id) for batch_id in BATCHES]
    rows[5] = enrolment("b5", status={"a": 2, "b": 2}) | {"datetime": None}
    lake.put("user_enrolments", rows)
    lake.refresh("enrolments", "progress")

    assert lake.rows(PROGRESS)["b5"][0]["progress_pct"] == 100


@pytest.mark.full
def test_nothing_changed_makes_nothing_and_is_published_as_fresh(lake):
    before = lake.files("enrolments")
    made = lake.refresh("enrolments", "progress")

    assert lake.files("enrolments") == before
    assert made["progress"].row_count == len(BATCHES)
    with lake.store.transaction() as connection:
        assert latest(connection, "enrolments").data_as_of == lake.now()


@pytest.mark.full
def test_files_outlive_the_version_that_wrote_them(lake):
    for _ in range(4):
        lake.refresh("enrolments", "progress")

    assert all(len(rows) == 1 for rows in lake.rows(PROGRESS).values())
