"""The refresh edge on a small lake: what becomes visible, what is kept out, what is refused."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import LEARNERS
from jobs.errors import ContractError, UnavailableError
from jobs.refresh import job
from jobs.sources.cipher import decrypt, encrypt
from jobs.storage.clustered import open_table
from jobs.storage.snapshots import latest, versions
from tests.spark_fixtures import PLATFORM_KEY as KEY
from tests.spark_fixtures import PLATFORM_SALT as SALT

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def lines(*rows):
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


SMALL_SUNBIRD = {
    "course_batch/a.jsonl": lines(
        {"courseid": "do_1", "batchid": "b1", "name": "Batch", "createdby": "mentor"}
    ),
    "user_enrolments/a.jsonl": lines(
        {"userid": "asha", "courseid": "do_1", "batchid": "b1", "active": True}
        | {"enrolled_date": "2021-07-01T00:00:00.000Z", "contentstatus": {"a": 2}},
        '{"userid": "cut off',
    ),
    "users/a.csv": (
        "userid,firstname,email,phone\n"
        f'asha,"Rao, ""A""",asha@example.org,{encrypt("9876543210", key=KEY, salt=SALT)}\n'
    ),
    "content_hierarchy/a.jsonl": lines(
        {"identifier": "do_1"}
        | {"hierarchy": json.dumps({"identifier": "do_1", "leafNodes": ["a", "b"]})}
    ),
}


@pytest.fixture
def small_sunbird(make_settings, monkeypatch, spark):
    """Settings whose lake is the small Sunbird; the refresh uses the tests' one session."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    settings = make_settings(lake_buckets=2, platform_key=KEY, platform_salt=SALT)
    for name, text in SMALL_SUNBIRD.items():
        file = settings.lake / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return settings


def refresh(settings, store, *tables, now=NOW, due_only=False):
    return job.run_refresh(
        settings, store, tables=list(tables), due_only=due_only, clock=lambda: now
    )


def rows(store, contract, key):
    with store.transaction() as connection:
        return open_table(connection, contract).rows(key)


def test_refresh_publishes_every_table_and_keeps_bad_lines_out(small_sunbird, store):
    made = {table.table: table for table in refresh(small_sunbird, store)}

    assert made["progress"].row_count == 1
    assert made["enrolments"].quarantined == {"user_enrolments.malformed_row": 1}
    (row,) = rows(store, PROGRESS, "b1")
    assert (row["user_id"], row["progress_pct"], row["user_name"]) == ("asha", 50, 'Rao, "A"')


def test_plain_email_is_encrypted_on_entry_and_ciphertext_stays(small_sunbird, store):
    refresh(small_sunbird, store, "learners")

    (row,) = rows(store, LEARNERS, "asha")
    assert "@" not in row["email_cipher"]
    assert decrypt(row["email_cipher"], key=KEY, salt=SALT) == "asha@example.org"
    assert decrypt(row["phone_cipher"], key=KEY, salt=SALT) == "9876543210"
    written = b"".join(part.read_bytes() for part in small_sunbird.clean_lake.rglob("*.parquet"))
    assert b"asha@example.org" not in written


def test_missing_raw_table_is_named_and_the_published_version_stays(small_sunbird, store):
    refresh(small_sunbird, store, "batches")
    (small_sunbird.lake / "course_batch" / "a.jsonl").unlink()

    with pytest.raises(UnavailableError, match=r"`course_batch`.*is needed and is not there"):
        refresh(small_sunbird, store, "batches")

    with store.transaction() as connection:
        assert latest(connection, "batches").row_count == 1


def test_table_whose_rows_are_all_unusable_is_refused_and_not_published(small_sunbird, store):
    file = small_sunbird.lake / "course_batch" / "a.jsonl"
    file.write_text(lines({"courseid": "do_1", "batch": "b1"}))

    with pytest.raises(
        ContractError, match=r"No row of the raw table `course_batch`.*missing_batchid"
    ):
        refresh(small_sunbird, store, "batches")

    with store.transaction() as connection:
        assert latest(connection, "batches") is None


def test_empty_table_is_published_as_an_empty_table(small_sunbird, store):
    (small_sunbird.lake / "course_batch" / "a.jsonl").write_text("")
    (made,) = refresh(small_sunbird, store, "batches")

    assert made.row_count == 0


def test_progress_before_its_tables_says_what_to_refresh(small_sunbird, store):
    with pytest.raises(UnavailableError, match="refresh enrolments learners collections activity"):
        refresh(small_sunbird, store, "progress")


def test_old_versions_are_purged_and_their_files_too(small_sunbird, store):
    for minutes in range(4):
        refresh(small_sunbird, store, "batches", now=NOW + timedelta(minutes=minutes))

    with store.transaction() as connection:
        kept = versions(connection, "batches")
    assert len(kept) == small_sunbird.snapshots_kept
    folders = {str(path) for path in (small_sunbird.clean_lake / "batches").iterdir()}
    assert folders == {version.path for version in kept}


def test_due_refresh_does_nothing_while_all_is_fresh(small_sunbird, store):
    refresh(small_sunbird, store, "batches")

    assert refresh(small_sunbird, store, "batches", due_only=True) == []
    later = NOW + timedelta(minutes=26)
    assert [
        t.table for t in refresh(small_sunbird, store, "batches", due_only=True, now=later)
    ] == ["batches"]


def test_two_kinds_of_files_in_one_folder_are_refused_by_name(small_sunbird, store):
    Path(small_sunbird.lake / "course_batch" / "b.csv").write_text("courseid,batchid\n")

    with pytest.raises(UnavailableError, match=r"course_batch.*\.csv, \.jsonl"):
        refresh(small_sunbird, store, "batches")
