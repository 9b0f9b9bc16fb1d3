"""Requests by command: asked, listed, answered and sent."""

from datetime import timedelta

import pytest

from jobs.errors import RequestError
from jobs.exhausts import job
from jobs.storage.mail import open_mail
from tests.jobs.exhausts.small_platform import KIND, NOW


def test_a_command_without_work_needs_no_tables_and_no_keys(make_platform):
    bare = make_platform(platform_key=None, platform_salt=None)
    assert (bare.claim(), bare.cut(), bare.check()) == (0, {}, {})


def test_asking_for_an_unknown_kind_is_told_the_known_ones(platform):
    with pytest.raises(RequestError, match="progress-exhaust"):
        job.submit_request(
            platform.settings, platform.store, kind="cost-exhaust", batch_ids=["b1"],
            requested_by="asha", now=NOW,
        )  # fmt: skip


def test_asking_twice_a_day_is_one_request_and_with_the_tag_of_another_is_refused(platform):
    assert platform.ask("b1") == platform.ask("b1", now=NOW + timedelta(hours=1))
    assert platform.ask("b1") != platform.ask("b2")
    platform.ask("b1", tag="mine")
    with pytest.raises(RequestError, match=r"same tag, mine, and asks for b1.*another --tag"):
        platform.ask("b2", tag="mine")


def test_asking_with_an_empty_key_or_for_nobody_is_refused(platform):
    with pytest.raises(RequestError, match="key"):
        platform.ask("b1", key="")
    with pytest.raises(RequestError, match="--requested-by"):
        platform.ask("b1", by=" ")


def test_the_list_tells_each_requests_state_time_and_message(platform):
    answered, waiting = platform.ask("b1", "b2"), platform.ask("b1", now=NOW + timedelta(hours=1))
    platform.change("UPDATE job_request SET job_id = 'other' WHERE request_id = %s", waiting)
    platform.answer()
    rows = job.list_requests(platform.settings, platform.store, now=NOW + timedelta(hours=2))
    told = {row["request_id"]: row for row in rows}
    assert told[answered]["status"] == "SUCCESS"
    assert told[answered]["batches"] == "b1 b2"
    assert (told[answered]["delivery"], told[answered]["minutes"]) == ("pending", 120.0)
    assert (told[waiting]["delivery"], told[waiting]["minutes"]) == (None, 60.0)


def test_one_command_answers_everything_and_sends_the_mails(platform):
    good, bad = platform.ask("b1"), platform.ask("b-none")
    outcomes, sent = job.run_exhaust(
        platform.settings, platform.store, platform.objects, open_mail(platform.settings),
        kind=KIND, run_id="by hand", now=NOW,
    )  # fmt: skip
    assert outcomes == {"answered": 1, "failed": 1}
    assert (sent.sent, sent.failed, sent.waiting) == (2, 0, 0)
    assert platform.request(good)["status"] == "SUCCESS"
    assert platform.request(bad)["status"] == "FAILED"
    assert len(list(platform.settings.mailbox.glob("*.eml"))) == 2
