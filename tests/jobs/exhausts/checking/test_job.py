"""What the gate lets through."""

from jobs.contracts.exhausts import PROGRESS
from tests.jobs.exhausts.small_platform import DATA_AS_OF, batch, course, learner, person, user_ids


def test_a_file_that_was_changed_after_the_cut_is_not_delivered(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    key = platform.request(request_id)["processed_batches"][0]["filePath"]
    platform.objects.path(key).write_bytes(b"something else")
    assert platform.check() == {"failed": 1}
    assert platform.request(request_id)["status"] == "FAILED"
    assert not platform.objects.exists(key)
    kinds = [told["kind"] for told in platform.deliveries(request_id)]
    assert kinds == ["exhaust_failed", "team_notice"]
    (verdict,) = platform.select("SELECT * FROM operations.gate_verdict WHERE verdict <> 'passed'")
    assert verdict["check_name"] == "the kept file is the one that was made"


def test_rows_that_break_the_contract_are_not_delivered(platform):
    platform.hold(
        progress=[learner("u1", progress_pct=101)],
        batches=[batch("b1")], courses=[course("do_1")], people=[person("asha")],
    )  # fmt: skip
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    assert platform.check() == {"failed": 1}
    assert "did not pass our checks" in platform.request(request_id)["err_message"]
    assert list(platform.objects.root.rglob("*.zip")) == []


def test_a_snapshot_purged_between_cut_and_check_is_cut_again(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    platform.change("DELETE FROM operations.snapshot WHERE table_name = 'progress'")
    platform.publish_rows(PROGRESS, [learner("u9")], data_as_of=DATA_AS_OF)
    assert platform.check() == {"put back": 1}
    assert platform.answer() == {"cut": 1, "answered": 1}
    assert user_ids(platform.csv(request_id)) == ["u9"]
