"""Faults, crashes and workers that come back: each request fails alone, and none is lost."""

from datetime import timedelta

import pytest

from jobs.errors import UnavailableError
from jobs.exhausts import job
from tests.jobs.exhausts.small_platform import KIND, NOW, BreaksFor


def test_a_fault_is_tried_again_fails_alone_and_never_quotes_a_learner(platform, capsys):
    bad, good = platform.ask("b1"), platform.ask("b2")
    fault = BreaksFor(platform.objects, "b1", KeyError("Asha Devi"))
    for expected in ({"put back": 1, "cut": 1}, {"put back": 1, "cut": 1}):
        platform.claim()
        assert platform.cut(objects=fault) == expected
    platform.claim()
    assert platform.cut(objects=fault) == {"failed": 1, "cut": 1}
    platform.check()

    kinds = [told["kind"] for told in platform.deliveries(bad)]
    assert kinds == ["exhaust_failed", "team_notice"]
    assert "unexpected fault" in platform.request(bad)["err_message"]
    assert platform.request(bad)["iteration"] == 3
    assert platform.request(good)["status"] == "SUCCESS"
    assert "Asha Devi" not in capsys.readouterr().out
    assert "Asha Devi" not in str(platform.deliveries(bad))


def test_a_request_whose_tries_are_spent_is_answered_when_asked_again(platform):
    request_id = platform.ask("b1")
    fault = BreaksFor(platform.objects, "b1", KeyError())
    for _ in range(3):
        platform.claim()
        platform.cut(objects=fault)
    # As Sunbird's portal does: the status alone, the count is kept.
    platform.change("UPDATE job_request SET status = 'SUBMITTED'")
    later = NOW + timedelta(minutes=5)
    platform.claim(now=later)
    platform.cut(now=later)
    platform.check(now=later)
    after = platform.request(request_id)
    assert (after["status"], after["err_message"]) == ("SUCCESS", None)


def test_an_object_store_that_is_down_loses_nothing_and_spends_no_try(platform):
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError):
        platform.cut(objects=BreaksFor(platform.objects, "b1", UnavailableError("down")))
    assert platform.request(request_id)["status"] == "PROCESSING"
    # The same run, tried again, goes on at once.
    assert platform.answer() == {"cut": 1, "answered": 1}
    assert platform.request(request_id)["iteration"] == 0


def test_finished_batches_are_not_made_again_after_a_crash(platform):
    request_id = platform.ask("b1", "b2")
    platform.claim()
    with pytest.raises(UnavailableError):
        platform.cut(objects=BreaksFor(platform.objects, "b2", UnavailableError("down")))
    assert platform.check() == {}
    untouchable = BreaksFor(platform.objects, "b1", AssertionError("made again"))
    platform.claim()
    assert platform.cut(objects=untouchable) == {"cut": 1}
    assert platform.check() == {"answered": 1}
    assert len(platform.request(request_id)["download_urls"]) == 2


class WakesLate:
    """The store of a worker that sleeps before one of its transactions."""

    def __init__(self, store, *, before, sleep):
        self.store, self.left, self.sleep = store, before, sleep

    def transaction(self):
        self.left -= 1
        if self.left == 0:
            self.sleep()
        return self.store.transaction()


@pytest.mark.parametrize("before", range(1, 7))
def test_a_worker_that_is_taken_over_publishes_nothing_wherever_it_slept(platform, before):
    request_id = platform.ask("b1", key="locked files differ each time")
    platform.claim("zombie")
    late = NOW + timedelta(minutes=10)

    def successor():
        platform.claim("second", now=late)
        assert platform.cut("second", now=late) == {"cut": 1}

    asleep = WakesLate(platform.store, before=before, sleep=successor)
    outcome = job.run_cut(
        platform.settings, asleep, platform.objects, kind=KIND, run_id="zombie", now=NOW
    )
    assert asleep.left <= 0, "it did not sleep"
    assert outcome == ({} if before == 1 else {"lost": 1})
    assert platform.check("zombie", now=late) == {}
    assert platform.check("second", now=late) == {"answered": 1}
    assert len(platform.deliveries(request_id)) == 1


def test_requests_whose_turn_has_not_come_show_signs_of_life(platform):
    platform.ask("b1")
    second = platform.ask("b2", now=NOW + timedelta(seconds=1))
    platform.claim(now=NOW)
    seen = []

    class Looks(BreaksFor):
        def put(self, key, path):
            seen.extend(platform.select("SELECT heartbeat_at FROM operations.lease"
                                        " WHERE request_id = %s", second))  # fmt: skip
            self.objects.put(key, path)

    resumed = NOW + timedelta(seconds=100)
    assert platform.cut(now=resumed, objects=Looks(platform.objects, "", None)) == {"cut": 2}
    assert seen[0]["heartbeat_at"] > resumed


def test_a_silent_request_is_not_taken_over_in_the_middle_of_writing_its_file(platform):
    platform.ask("b1")
    platform.claim("slow")

    class Slow(BreaksFor):
        def put(self, key, path):
            assert platform.claim("second", now=NOW + timedelta(hours=1)) == 0
            self.objects.put(key, path)

    assert platform.cut("slow", objects=Slow(platform.objects, "", None)) == {"cut": 1}
