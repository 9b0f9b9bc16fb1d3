"""The refresh of the responses: from the table and the archive, only what changed, once each."""

import csv
import io
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.contracts.learning import CONTENTS
from jobs.contracts.responses import RESPONSES
from jobs.refresh import job
from jobs.storage.clustered import bucket_of, open_table
from jobs.storage.snapshots import latest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BUCKETS = 4
HEADER = ["course_id", "batch_id", "user_id", "content_id", "attempt_id", "question"]
# One batch in each of two buckets.
FIRST = "b1"
OTHER = next(
    f"b{n}" for n in range(2, 99) if bucket_of(f"b{n}", BUCKETS) != bucket_of("b1", BUCKETS)
)


def attempt(batch_id, attempt_id, *questions):
    asked = [{"id": id, "score": 1.0} for id in questions]
    return ["do_1", batch_id, "asha", "q", attempt_id, json.dumps(asked)]


class Lake:
    """A small lake of attempts, live and archived, and its refreshes."""

    def __init__(self, settings, store):
        self.settings, self.store, self.now = settings, store, NOW

    def live(self, *rows):
        lines = [json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows]
        self.write("assessment_aggregator/a.jsonl", "".join(f"{line}\n" for line in lines))

    def archived(self, folder, *rows, name="2026-40-1.csv"):
        page = io.StringIO(newline="")
        csv.writer(page, lineterminator="\n").writerows([HEADER, *rows])
        self.write(f"assessment_archive/{folder}/{name}", page.getvalue())

    def write(self, name, text):
        file = self.settings.lake / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def refresh(self, table="responses"):
        self.now += timedelta(minutes=30)
        (made,) = job.run_refresh(
            self.settings, self.store, tables=[table], due_only=False, clock=lambda: self.now
        )
        return made

    def answers(self, batch_id):
        with self.store.transaction() as connection:
            found = open_table(connection, RESPONSES).rows(batch_id)
        return [(row["attempt_id"], row["question_id"]) for row in found]

    def files(self, batch_id):
        with self.store.transaction() as connection:
            folder = latest(connection, RESPONSES.name).path
        bucket = bucket_of(batch_id, BUCKETS)
        return {part.name for part in Path(folder, f"bucket={bucket}").glob("*.parquet")}


@pytest.fixture
def lake(make_settings, monkeypatch, spark, store):
    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    small = Lake(make_settings(lake_buckets=BUCKETS), store)
    small.live(attempt(FIRST, "a1", "k1", "k2"), attempt(OTHER, "a1", "k1"))
    small.archived(f"{FIRST}_do_1", attempt(FIRST, "a0", "k1"), attempt(FIRST, "a1", "k1"))
    return small


def test_archived_answers_stand_beside_live_ones(lake):
    made = lake.refresh()

    assert (made.row_count, made.quarantined) == (4, {})
    assert lake.answers(FIRST) == [("a0", "k1"), ("a1", "k1"), ("a1", "k2")]
    assert lake.answers(OTHER) == [("a1", "k1")]


def test_only_the_buckets_that_changed_are_made_and_bad_rows_are_counted_once(lake):
    lake.archived(f"{OTHER}_do_1", attempt(OTHER, None, "k1"), attempt(FIRST, "a8", "k1"))
    lake.archived(f"{FIRST}_do_1", attempt(FIRST, None, "k1"), name="2026-41-1.csv")
    bad = {"assessment_archive.missing_attempt_id": 2, "assessment_archive.other_folder": 1}
    assert lake.refresh().quarantined == bad
    before = lake.files(FIRST), lake.files(OTHER)

    assert lake.refresh().quarantined == bad
    assert (lake.files(FIRST), lake.files(OTHER)) == before

    lake.archived(f"{OTHER}_do_1", attempt(OTHER, "a7", "k1"), name="2026-42-1.csv")
    assert lake.refresh().quarantined == bad
    assert lake.files(FIRST) == before[0]
    assert lake.files(OTHER) != before[1]
    assert lake.answers(OTHER) == [("a1", "k1"), ("a7", "k1")]


def test_row_that_was_deleted_or_changed_is_seen_without_any_change_time(lake):
    lake.refresh()
    lake.live(attempt(FIRST, "a1", "k1", "k3"))

    assert lake.refresh().row_count == 3
    assert lake.answers(FIRST) == [("a0", "k1"), ("a1", "k1"), ("a1", "k3")]
    assert lake.answers(OTHER) == []


def test_archive_of_another_format_is_a_table_like_any_other(lake):
    (lake.settings.lake / "assessment_archive" / f"{FIRST}_do_1" / "2026-40-1.csv").unlink()
    (lake.settings.lake / "assessment_archive" / f"{FIRST}_do_1").rmdir()
    row = dict(zip(HEADER, attempt(OTHER, "a0", "k1"), strict=True))
    lake.write("assessment_archive/a.jsonl", json.dumps(row) + "\n")

    lake.refresh()
    lake.refresh()

    assert lake.answers(OTHER) == [("a0", "k1"), ("a1", "k1")]


def test_titles_of_all_contents_are_a_table(lake):
    told = [{"identifier": f"do_{n}", "name": f"Title {n}"} for n in range(150)]
    lake.write("content/a.jsonl", "".join(f"{json.dumps(row)}\n" for row in told))

    assert lake.refresh("contents").row_count == 150
    with lake.store.transaction() as connection:
        (row,) = open_table(connection, CONTENTS).rows("do_149")
    assert row["content_name"] == "Title 149"
