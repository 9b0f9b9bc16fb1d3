"""One learner erased: from tables, files and waiting messages, and from nobody else's data."""

import io
import os
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, ENROLMENTS
from jobs.errors import UnavailableError
from jobs.privacy.erasing import job as erasing
from jobs.storage.exhaust_files import MadeFile, keep
from jobs.storage.snapshots import latest, versions
from tests.jobs.exhausts.small_platform import NOW, rows_of

LATER = NOW + timedelta(hours=1)


def published(people, contract):
    with people.store.transaction() as connection:
        return versions(connection, contract.name)


def read(snapshot):
    parts = sorted(Path(snapshot.path).glob("bucket=*/*.parquet"))
    return [row for part in parts for row in pq.ParquetFile(part).read().to_pylist()]


def rows(people, contract):
    return read(published(people, contract)[0])


def reported(people, request_id):
    """The learners in a request's file."""
    with zipfile.ZipFile(io.BytesIO(people.archive(request_id))) as zipped:
        (name,) = [one for one in zipped.namelist() if one.startswith("progress")]
        return [row["User ID"] for row in rows_of(zipped.read(name))]


def bytes_of_everything(people):
    """Every byte of the clean lake and the object store, by file."""
    with people.store.transaction() as connection:
        paths = [row["path"] for row in connection.execute("SELECT path FROM operations.snapshot")]
    roots = [*map(Path, paths), people.objects.root]
    return {path: path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


def test_nothing_of_the_learner_is_left_and_the_proof_says_what_was_there(people):
    people.answered()
    proof = people.erase()
    found = {place.place: place.found for place in proof.before if place.fate == "erased"}
    assert found == {
        "table enrolments": 1,
        "table learners": 1,
        "table activity": 1,
        "table attempts": 1,
        "table progress": 1,
        "kept out of enrolments": 1,
        "files in the object store": 1,
        "messages waiting with such files": 1,
    } | {place: count for place, count in found.items() if count == 0}
    assert proof.left == 0
    assert set(people.found().values()) == {0}
    # Whoever mentors a batch is the platform's to say.
    batches = Path(published(people, BATCHES)[0].path)
    left = [path for path, data in bytes_of_everything(people).items() if b"u1" in data]
    assert [path for path in left if not path.is_relative_to(batches)] == []
    (told,) = people.audited("learner_erased")
    assert (told["asked_by"], told["subject_user_id"], told["details"]["left"]) == ("dpo", "u1", 0)


def test_everybody_else_stays_row_by_row(people):
    before = {contract: rows(people, contract) for contract in (PROGRESS, ENROLMENTS)}
    data_as_of = published(people, PROGRESS)[0].data_as_of
    people.erase()
    for contract, held in before.items():
        assert rows(people, contract) == [row for row in held if row["user_id"] != "u1"]
    newest = published(people, PROGRESS)[0]
    assert (newest.data_as_of, newest.row_count) == (data_as_of, 3)
    assert published(people, ENROLMENTS)[0].quarantined_count == 1
    assert people.select(
        "SELECT row_count FROM operations.quarantine WHERE batch_id = 'b1' AND reason = 'duplicate'"
    ) == [{"row_count": 1}]


def test_only_the_buckets_concerned_are_written_anew(people):
    before = Path(published(people, PROGRESS)[0].path)
    files = {path.relative_to(before): path.stat().st_ino for path in before.rglob("*.parquet")}
    people.erase("u3")
    after = Path(published(people, PROGRESS)[0].path)
    kept = {path.relative_to(after): path.stat().st_ino for path in after.rglob("*.parquet")}
    assert len(files) == 2
    assert len(files.items() & kept.items()) == 1


def test_versions_that_hold_the_learner_are_removed_and_others_stay(people):
    people.publish_all()
    assert len(published(people, PROGRESS)) == 2
    people.erase()
    assert len(published(people, PROGRESS)) == 1
    people.publish_all()
    people.erase("nobody")
    assert len(published(people, PROGRESS)) == 2


def test_a_dry_run_tells_and_changes_nothing(people):
    people.answered()
    before = bytes_of_everything(people)
    proof = people.erase(dry_run=True)
    assert proof.left == sum(people.found().values()) == 8
    assert bytes_of_everything(people) == before
    assert people.select("SELECT * FROM operations.erasure") == []
    assert people.audited("learner_erased") == []


def test_waiting_message_is_cancelled_and_its_file_is_made_anew_without_the_learner(people):
    request_id = people.answered()
    people.erase()
    (cancelled,) = people.deliveries(request_id)
    assert cancelled["status"] == "obsolete"
    assert people.request(request_id)["status"] == "SUBMITTED"
    assert people.deliver(NOW + timedelta(minutes=1)).sent == 0

    people.claim(now=LATER)
    people.cut(now=LATER)
    people.check(now=LATER)
    assert people.deliver(LATER + timedelta(hours=1)).sent == 1
    assert reported(people, request_id) == ["u2"]
    assert people.audited("delivery_cancelled")[0]["delivery_id"] == cancelled["delivery_id"]


def test_file_that_was_mailed_goes_and_its_request_says_so_and_can_be_asked_again(people):
    request_id = people.answered()
    people.deliver()
    key = people.request(request_id)["download_urls"][0]
    people.erase()
    assert not people.objects.exists(key)
    request = people.request(request_id)
    assert (request["status"], request["download_urls"]) == ("SUCCESS", None)
    assert "asked for their data to be erased" in request["err_message"]
    assert request["processed_batches"][0]["outcome"] == "removed"
    (file,) = people.report()
    assert file["removed"].endswith("erased")
    assert file["mailed_at"]

    assert people.ask("b1", now=LATER) == request_id
    people.answer()
    assert reported(people, request_id) == ["u2"]


def test_message_that_is_held_may_have_arrived_and_is_not_sent_a_second_time(people):
    request_id = people.answered()
    people.change("UPDATE operations.delivery SET status = 'held', is_personal = true")
    people.erase()
    assert people.request(request_id)["status"] == "SUCCESS"
    assert people.deliveries(request_id)[0]["status"] == "obsolete"


def test_file_that_is_cut_and_not_checked_yet_is_made_anew(people):
    request_id = people.ask("b1")
    people.claim()
    people.cut()
    people.erase()
    assert people.check() + people.cut() + people.check()
    people.claim("again", now=LATER)
    people.cut("again", now=LATER)
    people.check("again", now=LATER)
    assert reported(people, request_id) == ["u2"]


def test_withdrawal_is_recorded_for_everything_and_everybody(people):
    people.erase()
    (row,) = people.select("SELECT * FROM operations.consent_withdrawal")
    assert (row["user_id"], row["consumer_id"], row["object_id"]) == ("u1", None, None)
    assert (row["withdrawn_at"], row["recorded_by"]) == (NOW, "dpo")


def test_no_file_with_an_erased_learner_is_entered_afterwards(people, store):
    people.erase()
    file = MadeFile("k.zip", "ab", "progress-exhaust", "t", "R", "b1", 2)
    with (
        pytest.raises(UnavailableError, match="erased while the file was made"),
        store.transaction() as connection,
    ):
        keep(connection, file, ["u2", "u1"], NOW)


def test_version_published_meanwhile_is_not_rolled_back_but_searched_too(people, monkeypatch):
    write = erasing.rewriting.write_without
    published_meanwhile = []

    def and_a_refresh_is_faster(found, user_id):
        if not published_meanwhile:
            published_meanwhile.append(True)
            people.publish_all()
        return write(found, user_id)

    monkeypatch.setattr(erasing.rewriting, "write_without", and_a_refresh_is_faster)
    people.erase()
    assert set(people.found().values()) == {0}
    with people.store.transaction() as connection:
        newest = latest(connection, PROGRESS.name)
    assert newest.data_as_of > NOW - timedelta(minutes=10)
    assert len(published(people, PROGRESS)) == 1


def test_version_that_a_killed_process_left_behind_is_found_and_removed(people):
    path = Path(published(people, PROGRESS)[0].path)
    left, half = path.with_name("left"), path.with_name("half")
    shutil.copytree(path, left)
    (half / "bucket=1").mkdir(parents=True)
    (half / "bucket=1" / "part-0.parquet").write_bytes(b"PAR1 torn")
    assert people.erase(dry_run=True).left == 8
    assert people.erase().left == 0
    assert (left.exists(), half.exists()) == (False, False)


def test_erasing_twice_finds_nothing_more(people):
    people.answered()
    people.erase()
    again = people.erase(now=LATER)
    assert {place.found for place in again.before if place.fate == "erased"} == {0}


@pytest.mark.full
@pytest.mark.parametrize(
    "place",
    ["erase: noted", "erase: version written", "erase: version published", "erase: tables written"],
)
def test_one_that_was_killed_is_finished_by_the_next(people, run_command, tmp_path, place):
    people.answered()
    environment = os.environ | {
        "SUNBIRD_BATCH_HOME": str(people.settings.home),
        "SUNBIRD_BATCH_STORE_URL": people.store.url,
    }
    command = ["privacy", "erase", "--user", "u1", "--by", "dpo", "--yes"]
    killed = run_command(environment | {"SUNBIRD_BATCH_KILL_AT": place}, *command)
    assert killed.returncode == -9
    proof = people.erase()
    assert proof.left == 0
    assert set(people.found().values()) == {0}
