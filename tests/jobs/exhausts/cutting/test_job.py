"""What a request is answered with."""

from datetime import datetime, timedelta

import pytest

from tests.jobs.exhausts.small_platform import DATA_AS_OF, NOW, member_of, rows_of, user_ids


def test_a_mentors_request_is_answered_with_the_batchs_file(platform):
    request_id = platform.ask("b1", by="meera")
    platform.claim()
    assert platform.cut() + platform.check(now=NOW + timedelta(minutes=1)) == {
        "cut": 1, "answered": 1,
    }  # fmt: skip

    request = platform.request(request_id)
    assert request["status"] == "SUCCESS"
    assert request["err_message"] is None
    assert request["dt_file_created"] is not None
    assert request["dt_job_completed"] >= request["dt_file_created"]
    assert request["execution_time"] >= 0
    assert request["download_urls"] == [f"progress-exhaust/{request_id}/b1_progress_20261122.zip"]
    (entry,) = request["processed_batches"]
    assert (entry["channel"], entry["batchId"]) == ("up", "b1")
    assert entry["filePath"] == request["download_urls"][0]
    assert entry["fileSize"] == len(platform.archive(request_id))
    assert user_ids(platform.csv(request_id)) == ["u1", "u2", "u3"]


def test_the_message_has_the_facts_and_no_learner(platform):
    request_id = platform.ask("b1", by="meera")
    platform.answer()
    (told,) = platform.deliveries(request_id)
    assert (told["recipient_user_id"], told["status"]) == ("meera", "pending")
    (attached,) = told["attachments"]
    assert attached["file_name"] == "progress_teaching-fractions_b1_2026-11-22.zip"
    facts = told["facts"]
    assert (facts["language"], facts["is_protected"]) == ("hi", False)
    (made,) = facts["batches"]
    assert {name: made[name] for name in ("enrolled", "completed", "in_progress", "not_started")} == {
        "enrolled": 3, "completed": 1, "in_progress": 1, "not_started": 1,
    }  # fmt: skip
    assert made["left_out"] == {"left_batch": 1}
    assert made["unknown_learners"] == 1
    assert made["quarantined"] == {"duplicate": 2}
    assert made["notes"] == []
    assert datetime.fromisoformat(made["data_as_of"]) == DATA_AS_OF
    assert [column["header"] for column in made["columns"]][-3:] == [
        "do_m - Progress", "do_q - Score", "Total Score",
    ]  # fmt: skip
    assert not {"u1", "u2"} & set(str(facts).replace("'", " ").split())


def test_the_same_snapshot_request_and_instant_make_the_same_bytes(platform):
    first = platform.ask("b1")
    second = platform.ask("b1", by="meera", tag="again")
    platform.answer()
    assert platform.archive(first) == platform.archive(second)


def test_sunbirds_layout_by_setting(platform, make_platform):
    platform.settings = make_platform(progress_layout="collection").settings
    request_id = platform.ask("b1")
    platform.answer()
    first = rows_of(platform.csv(request_id))[0]
    assert (first["Batch Id"], first["User UUID"]) == ("BatchId_b1", "u1")
    assert (first["do_m - Progress"], first["do_q - Score"]) == ("10", "67%")


def test_several_batches_are_one_answer(platform):
    request_id = platform.ask("b1", "b2")
    platform.answer()
    assert user_ids(platform.csv(request_id, 0)) == ["u1", "u2", "u3"]
    assert user_ids(platform.csv(request_id, 1)) == ["v1"]
    (told,) = platform.deliveries(request_id)
    assert len(told["attachments"]) == 2


def test_unknown_and_retired_batches_are_named_and_the_others_delivered(platform):
    request_id = platform.ask("b1", "b-none", "b-retired")
    platform.answer()
    facts = platform.facts(request_id)
    assert facts["unknown_batches"] == ["b-none"]
    assert facts["retired_batches"] == ["b-retired"]
    assert [made["batch_id"] for made in facts["batches"]] == ["b1"]
    assert platform.request(request_id)["status"] == "SUCCESS"


def test_a_batch_without_learners_is_answered_with_an_empty_file(platform):
    request_id = platform.ask("b-empty")
    platform.answer()
    assert platform.csv(request_id).count(b"\r\n") == 1
    assert platform.facts(request_id)["batches"][0]["enrolled"] == 0


def test_a_course_without_contents_is_answered_and_the_message_says_so(platform):
    request_id = platform.ask("b-flat")
    platform.answer()
    assert platform.facts(request_id)["batches"][0]["notes"] == ["no_leaf_nodes"]


def test_a_requests_key_locks_the_file(platform):
    request_id = platform.ask("b1", key="secret pass")
    platform.answer()
    locked = platform.archive(request_id)
    with pytest.raises(RuntimeError, match="password required"):
        member_of(locked)
    assert user_ids(member_of(locked, "secret pass")) == ["u1", "u2", "u3"]
    assert platform.facts(request_id)["is_protected"] is True
    assert "secret pass" not in str(platform.request(request_id))


def test_old_data_are_used_and_said_to_be_old(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut(as_of=DATA_AS_OF + timedelta(minutes=61))
    platform.check()
    assert platform.facts(request_id)["batches"][0]["is_stale"] is True


def test_fresh_data_are_not(platform):
    request_id = platform.ask("b1")
    platform.answer()
    assert platform.facts(request_id)["batches"][0]["is_stale"] is False
