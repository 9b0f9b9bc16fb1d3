"""What is too old goes, every night, and nothing older is left: in a folder and in a bucket."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from moto import mock_aws

from jobs.contracts.learning import ENROLMENTS
from jobs.errors import GateError
from jobs.privacy.verifying.job import kept_anchors, verify
from jobs.storage.objects import S3Objects
from jobs.storage.snapshots import latest
from tests.jobs.exhausts.small_platform import NOW

FILE = "files of requests"


@pytest.fixture(params=["folder", "bucket"])
def kept_in(request, people, monkeypatch):
    """The same platform with its files in a folder and in a bucket."""
    if request.param == "folder":
        yield people
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "trial")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "trial")
    with mock_aws():
        people.objects = S3Objects(
            "s3://reports/some/where", endpoint_url=None, region="ap-south-1"
        )
        people.objects.client.create_bucket(
            Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
        )
        yield people


def aged(people, days):
    """The file's own age where the object store is a folder; a bucket cannot be told."""
    at = (NOW - timedelta(days=days)).timestamp()
    for path in people.objects.root.rglob("*.zip"):
        os.utime(path, (at, at))


def test_file_stays_for_seven_days_and_is_gone_the_day_after(kept_in, day):
    request_id = kept_in.answered()
    (key,) = kept_in.request(request_id)["download_urls"]
    kept_in.deliver()
    assert kept_in.retain(day(7) - timedelta(seconds=1))[FILE] == 0
    assert kept_in.objects.exists(key)
    assert kept_in.retain(day(7) + timedelta(minutes=1))[FILE] == 1
    assert not kept_in.objects.exists(key)
    assert kept_in.retain(day(8))[FILE] == 0
    (removed,) = kept_in.audited("file_removed")
    assert (removed["request_id"], removed["details"]) == (request_id, {"reason": "expired"})


def test_request_says_that_its_file_is_gone_and_is_built_anew_when_asked_again(people, day):
    request_id = people.answered()
    people.deliver()
    people.retain(day(8))
    request = people.request(request_id)
    assert (request["status"], request["download_urls"]) == ("SUCCESS", None)
    assert request["err_message"].startswith("The file was removed 7 days after it was made, on")
    people.change("UPDATE job_request SET status = 'SUBMITTED'")  # as a portal does
    people.publish_all()
    people.claim(now=day(8))
    people.cut(now=day(8), as_of=day(8))
    people.check(now=day(8))
    assert people.objects.exists(people.request(request_id)["download_urls"][0])
    assert len(people.deliveries(request_id)) == 2


def test_batch_that_was_finished_before_its_request_is_built_again(people, day):
    request_id = people.ask("b1")
    people.claim()
    people.cut()
    people.change("UPDATE job_request SET status = 'SUBMITTED'")
    people.retain(day(8))
    assert people.request(request_id)["processed_batches"] is None or (
        people.request(request_id)["processed_batches"] == []
    )


def test_how_long_files_stay_is_a_setting(people, make_settings, day):
    people.answered()
    people.settings = people.settings.model_copy(update={"exhaust_days": 2})
    assert people.retain(day(3))[FILE] == 1


def test_files_that_nobody_names_go_too_and_what_is_no_exhaust_stays(people, day, tmp_path):
    (tmp_path / "file").write_bytes(b"PK")
    for key in ("progress-exhaust/R0/old.zip.age", "certificates/ab/1.pdf"):
        people.objects.put(key, tmp_path / "file")
        os.utime(people.objects.path(key), (NOW.timestamp(), NOW.timestamp()))
    assert people.retain(day(8))["files that no request names"] == 1
    assert not people.objects.exists("progress-exhaust/R0/old.zip.age")
    assert people.objects.exists("certificates/ab/1.pdf")


def test_keys_of_rows_kept_out_go_after_thirty_days_and_the_table_stays(people, day):
    with people.store.transaction() as connection:
        snapshot = latest(connection, ENROLMENTS.name)
    folder = Path(snapshot.path, "_quarantined")
    people.retain(day(29))
    assert folder.is_dir()
    assert people.retain(day(31))["rows kept out of tables"] > 0
    assert not folder.exists()
    assert list(Path(snapshot.path).glob("bucket=*/*.parquet"))
    assert people.select("SELECT * FROM operations.quarantine") == []


def test_returned_messages_of_others_go_after_thirty_days(people, day):
    folder = people.settings.bounces / "unmatched"
    folder.mkdir(parents=True)
    (folder / "1").write_text("to asha@example.org")
    os.utime(folder / "1", (NOW.timestamp(), NOW.timestamp()))
    assert people.retain(day(29))["returned messages that were not ours"] == 0
    assert people.retain(day(31))["returned messages that were not ours"] == 1
    assert list(folder.iterdir()) == []


def test_who_was_in_a_file_is_known_for_a_year_after_it_went(people, day):
    people.answered()
    people.deliver()
    people.retain(day(8))
    assert len(people.report()) == 1
    people.retain(day(372))
    assert len(people.report()) == 1
    people.retain(day(374))
    assert people.report() == []


def test_a_dry_run_removes_nothing(people, day):
    request_id = people.answered()
    assert people.retain(day(8), dry_run=True)[FILE] == 1
    assert people.objects.exists(people.request(request_id)["download_urls"][0])


def test_what_cannot_be_removed_is_a_failed_verdict_and_the_command_ends_red(people, day):
    people.answered()
    aged(people, 1)

    class Stubborn(type(people.objects)):
        """A bucket whose rules refuse to delete, and say nothing."""

        def delete(self, key):
            pass

    people.objects = Stubborn(people.objects.root)
    with pytest.raises(GateError, match="files that no request names"):
        people.retain(day(8))
    assert people.select(
        "SELECT check_name, found_count::int AS n FROM operations.gate_verdict"
        " WHERE subject = 'retention' AND verdict = 'failed'"
    ) == [{"check_name": "nothing older is left: files that no request names", "n": 1}]


def test_each_night_the_end_of_the_audit_log_is_kept_apart_from_it(people, day):
    people.answered()
    people.retain(day(1))
    (anchor,) = kept_anchors(people.objects)
    people.retain(day(1))
    assert kept_anchors(people.objects) == [anchor]
    people.report()
    people.retain(day(2))
    assert len(kept_anchors(people.objects)) == 2
    assert verify(people.store, people.objects).rows == 2


def test_a_tail_that_was_cut_off_with_its_head_is_missed_by_what_was_kept_apart(people, day):
    people.answered()
    people.report()
    people.retain(day(1))
    people.change("ALTER TABLE operations.audit_log DISABLE TRIGGER USER")
    people.change("ALTER TABLE operations.audit_head DISABLE TRIGGER USER")
    people.change("DELETE FROM operations.audit_log WHERE audit_id = 2")
    people.change(
        "UPDATE operations.audit_head SET audit_id = 1, row_hash ="
        " (SELECT row_hash FROM operations.audit_log WHERE audit_id = 1)"
    )
    with pytest.raises(GateError, match="row 2 was kept apart, and the log ends at row 1"):
        verify(people.store, people.objects)
