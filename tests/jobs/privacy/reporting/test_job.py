"""Who has whose data: answered from the register of files and the audit log."""

import io

import pytest

from jobs.errors import RequestError
from jobs.privacy.reporting.job import write_csv
from jobs.storage import exhaust_files
from jobs.storage.exhaust_files import MadeFile, keep
from tests.jobs.exhausts.small_platform import NOW


def test_report_tells_each_file_of_a_learner_who_asked_who_got_it_and_when(people):
    request_id = people.answered()
    people.answered("b2", now=NOW)
    people.deliver()
    (file,) = people.report("u1")
    assert (file["request_id"], file["batch_id"]) == (request_id, "b1")
    assert (file["asked_by"], file["recipients"], file["tenant"]) == ("asha", "asha", "up")
    assert file["mailed_at"] == "2026-11-21T20:00Z"
    assert file["learners"] == 3
    assert "User ID; " in file["columns"]
    assert file["removed"] is None


def test_learner_who_is_left_out_of_a_file_is_not_in_it(people):
    people.answered()
    assert people.report("u4") == []
    assert people.report("nobody") == []


def test_file_that_is_not_mailed_yet_has_no_recipient(people):
    people.answered()
    (file,) = people.report()
    assert (file["recipients"], file["mailed_at"]) == (None, None)


def test_breach_tells_every_learner_once_the_recipients_and_the_columns(people):
    request_id = people.answered("b1", "b2")
    people.deliver()
    found = people.breach(request_id)
    assert found.learners == ["u1", "u2", "u3", "u9"]
    assert [file["batch_id"] for file in found.files] == ["b1", "b2"]
    assert {file["recipients"] for file in found.files} == {"asha"}
    page = io.StringIO(newline="")
    write_csv([{"user_id": one} for one in found.learners], page)
    assert page.getvalue() == "user_id\r\nu1\r\nu2\r\nu3\r\nu9\r\n"


def test_request_without_a_file_is_told_so(people):
    with pytest.raises(RequestError, match="No file was made for the request R404"):
        people.breach("R404")


def test_whoever_looks_is_in_the_audit_log(people):
    request_id = people.answered()
    people.report("u1")
    people.breach(request_id)
    (looked,) = people.audited("learner_reported")
    assert (looked["asked_by"], looked["subject_user_id"]) == ("dpo", "u1")
    assert people.audited("request_reported")[0]["details"] == {"files": 1, "learners": 3}


def test_audit_log_says_what_was_published_and_mailed_and_names_nobody(people):
    request_id = people.answered()
    people.deliver()
    (published,) = people.audited("file_published")
    (sent,) = people.audited("mail_sent")
    told = people.request(request_id)["processed_batches"][0]
    assert published["asked_by"] == "asha"
    assert (published["job_id"], published["row_count"]) == ("progress-exhaust", 2)
    assert published["file_sha256"] == sent["file_sha256"] == told["sha256"]
    assert published["file_id"] == sent["file_id"]
    assert published["column_names"][:2] == ["External ID", "User ID"]
    assert sent["recipient_user_id"] == "asha"
    assert sent["message_id"] == people.server.messages[0].message["Message-ID"]
    assert sent["details"] == {"is_attached": True}
    assert "example.org" not in str(published) + str(sent)


def test_learner_whose_rows_were_kept_out_is_in_the_file_that_lists_them(people):
    people.answered()
    (file,) = people.report("u9")
    assert (file["batch_id"], file["learners"]) == ("b1", 3)


def file_of(number=1):
    return MadeFile(f"k/{number}.zip", "ab", "progress-exhaust", "t", "R", "b1", 3)


def test_a_large_file_takes_a_few_hundred_rows_and_everybody_is_found_in_it(store, ask):
    learners = [f"user-{number:05}" for number in range(20_000)]
    with store.transaction() as connection:
        keep(connection, file_of(), learners, NOW)
        keep(connection, file_of(2), learners[:3], NOW)
    assert ask("SELECT count(*) FROM operations.exhaust_file_learners WHERE file_id = 1") == [
        (256,)
    ]
    with store.transaction() as connection:
        assert exhaust_files.learners_of(connection, [1]) == learners
        found = [len(exhaust_files.holding(connection, one)) for one in learners[::3000]]
        assert exhaust_files.holding(connection, "user-") == []
    assert found == [2, 1, 1, 1, 1, 1, 1]


def test_a_file_made_anew_under_the_same_key_replaces_the_one_before(store):
    with store.transaction() as connection:
        first = keep(connection, file_of(), ["u1"], NOW)
        second = keep(connection, file_of(), ["u2"], NOW)
        assert exhaust_files.kept(connection, "k/1.zip")["file_id"] == second
        (before,) = exhaust_files.holding(connection, "u1")
    assert (before["file_id"], before["removed_reason"]) == (first, "replaced")
