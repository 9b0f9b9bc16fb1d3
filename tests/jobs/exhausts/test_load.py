"""The queue under load: turns between tenants, limits, several at once, and faults of one alone."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.errors import UnavailableError
from jobs.exhausts import job
from jobs.storage.clustered import bucket_of
from jobs.storage.mail import open_mail
from jobs.storage.snapshots import latest
from tests.jobs.exhausts.small_platform import (
    KIND,
    NOW,
    BreaksFor,
    batch,
    course,
    learner,
    person,
    user_ids,
)

MANY = 500


def insert_many(platform, channel, count, *, at=NOW):
    platform.change(
        "INSERT INTO job_request (tag, request_id, job_id, status, request_data, requested_by,"
        " requested_channel, dt_job_submitted, iteration) SELECT 't' || n || ':' || %s,"
        " %s || n, %s, 'SUBMITTED', '{\"batchId\": \"b1\"}', 'asha', %s, %s + n * interval '1 ms', 0"
        " FROM generate_series(1, %s) AS n",
        channel, channel, KIND, channel, at, count,
    )  # fmt: skip


def held_channels(platform):
    rows = platform.select(
        "SELECT requested_channel FROM job_request JOIN operations.lease USING (tag, request_id)"
    )
    return Counter(row["requested_channel"] for row in rows)


def test_a_channel_with_five_hundred_requests_makes_no_other_wait(platform):
    insert_many(platform, "up", MANY)
    insert_many(platform, "br", 2, at=NOW + timedelta(minutes=1))
    insert_many(platform, "mh", 1, at=NOW + timedelta(minutes=2))
    assert platform.claim() == 50
    assert held_channels(platform) == {"up": 47, "br": 2, "mh": 1}


def test_what_was_claimed_is_worked_on_in_turns_too(platform):
    insert_many(platform, "up", 5)
    insert_many(platform, "br", 2, at=NOW + timedelta(minutes=1))
    platform.claim()
    with platform.store.transaction() as connection:
        held = job.Requests().held(connection, run_id="run", job_id=KIND, now=NOW)
    assert [request.requested_channel for request, _ in held] == [
        "up", "br", "up", "br", "up", "up", "up",
    ]  # fmt: skip


def deferring(make_platform, **overrides):
    settings = {"batches_per_channel": 2, "cut_workers": 1, **overrides}
    platform = make_platform(**settings)
    platform.hold(
        progress=[learner("u1", f"b{n}") for n in range(5)],
        batches=[batch(f"b{n}") for n in range(5)],
        courses=[course("do_1")],
        people=[person("asha"), person("beena", root_org_id="br", channel="br-channel",
                                       roles=[{"role": "ORG_ADMIN", "organisation_ids": ["up"]}])],
    )  # fmt: skip
    return platform


def test_batches_over_a_channels_room_are_put_off_and_finished_ones_not_made_again(make_platform):
    platform = deferring(make_platform)
    request_id = platform.ask("b0", "b1", "b2", "b3", "b4")
    other = platform.ask("b0", by="beena", channel="br", now=NOW + timedelta(seconds=1))
    made = []

    class Notes(BreaksFor):
        def put(self, key, path):
            made.append(key.split("/")[-1][:2])
            self.objects.put(key, path)

    outcomes = []
    while platform.claim():
        outcomes.append(platform.cut(objects=Notes(platform.objects, "", None)))
        platform.check()
        row = platform.request(request_id)
        assert row["iteration"] == 0
    assert outcomes == [{"deferred": 1, "cut": 1}, {"deferred": 1}, {"cut": 1}]
    assert sorted(made) == ["b0", "b0", "b1", "b2", "b3", "b4"]
    assert len(platform.request(request_id)["download_urls"]) == 5
    assert platform.request(request_id)["dt_job_submitted"] == NOW
    assert platform.request(other)["status"] == "SUCCESS"


def test_one_command_goes_on_until_what_was_put_off_is_answered(make_platform):
    platform = deferring(make_platform)
    platform.ask("b0", "b1", "b2", "b3", "b4")
    outcomes, sent = job.run_exhaust(
        platform.settings, platform.store, platform.objects, open_mail(platform.settings),
        kind=KIND, run_id="by hand", now=NOW,
    )  # fmt: skip
    assert (outcomes, sent.sent) == ({"answered": 1}, 1)


def test_several_requests_are_cut_at_the_same_time(platform, make_platform):
    platform.settings = make_platform(cut_workers=3).settings
    ids = [platform.ask("b1", by=by, tag=tag) for by in ("asha", "meera") for tag in "abc"]
    together, most, now_in = Barrier(3), [], Counter()
    lock = Lock()

    class Meets(BreaksFor):
        def put(self, key, path):
            with lock:
                now_in["in"] += 1
                most.append(now_in["in"])
            # Passed only where three are here at once.
            together.wait(30)
            self.objects.put(key, path)
            with lock:
                now_in["in"] -= 1

    platform.claim()
    assert platform.cut(objects=Meets(platform.objects, "", None)) == {"cut": 6}
    assert platform.check() == {"answered": 6}
    assert max(most) == 3
    assert {platform.archive(request_id) for request_id in ids} == {platform.archive(ids[0])}


def break_file_of(platform, batch_id):
    """A published file that cannot be read any more: the disk's fault, or a writer's."""
    with platform.store.transaction() as connection:
        snapshot = latest(connection, PROGRESS.name)
    bucket = bucket_of(batch_id, snapshot.buckets)
    (part,) = Path(snapshot.path).glob(f"bucket={bucket}/*.parquet")
    part.write_bytes(b"PAR1 no table at all")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_broken_for_one_tenant_or_batch_is_that_requests_alone(make_platform, workers):
    """G5: a policy that cannot be kept, a poisoned batch, a channel that is not the requester's."""
    good, poisoned = (
        "b-good",
        next(f"b{n}" for n in range(99) if bucket_of(f"b{n}", 4) != bucket_of("b-good", 4)),
    )
    platform = make_platform(team_address="team@example.org", cut_workers=workers)
    platform.hold(
        progress=[learner("u1", good), learner("u2", poisoned)],
        batches=[batch(good), batch(poisoned)],
        courses=[course("do_1")],
        people=[person("asha"), person("beena", root_org_id="br", channel="br-channel",
                                       roles=[{"role": "ORG_ADMIN", "organisation_ids": ["up"]}])],
    )  # fmt: skip
    platform.change("INSERT INTO operations.policy VALUES ('br', '*', 'NOBODY_KNOWS_IT')")
    break_file_of(platform, poisoned)
    policy = platform.ask(good, by="beena", channel="br")
    broken = platform.ask(poisoned)
    stranger = platform.ask(good, channel="nowhere")
    fine = platform.ask(good)
    while platform.claim():
        platform.cut()
        platform.check()
    assert user_ids(platform.csv(fine)) == ["u1"]
    assert "'NOBODY_KNOWS_IT', cannot be kept" in platform.request(policy)["err_message"]
    assert "unexpected fault" in platform.request(broken)["err_message"]
    assert platform.request(broken)["iteration"] == 3
    assert "another one" in platform.request(stranger)["err_message"]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_missing_for_one_request_leaves_the_others_answered(
    platform, make_platform, workers
):
    platform.settings = make_platform(cut_workers=workers).settings
    bad, good = platform.ask("b1"), platform.ask("b2")
    fault = BreaksFor(platform.objects, "b1", UnavailableError("this part of the disk is gone"))
    platform.claim()
    assert platform.cut(objects=fault) == {"set aside": 1, "cut": 1}
    assert platform.check() == {"answered": 1}
    row = platform.request(bad)
    assert (row["status"], row["iteration"], row["err_message"]) == ("SUBMITTED", 0, None)
    assert platform.request(good)["status"] == "SUCCESS"
    assert platform.answer() == {"cut": 1, "answered": 1}


def test_what_is_missing_for_all_stops_the_run_after_a_few_and_spends_no_try(platform):
    ids = [platform.ask("b1", tag=f"tag {n}") for n in range(8)]
    tried = []

    class Down(BreaksFor):
        def put(self, key, path):
            tried.append(key)
            raise UnavailableError("down")

    platform.claim()
    with pytest.raises(UnavailableError, match="down"):
        platform.cut(objects=Down(platform.objects, "", None))
    assert 3 <= len(tried) <= 4
    assert {platform.request(one)["status"] for one in ids} == {"PROCESSING"}
    assert platform.answer() == {"cut": 8, "answered": 8}


def test_a_killed_workers_request_is_answered_by_another_run_within_three_minutes(platform):
    request_id = platform.ask("b1")
    platform.claim("killed")
    assert platform.claim("next", now=NOW + timedelta(seconds=119)) == 0
    late = NOW + timedelta(seconds=121)
    assert platform.claim("next", now=late) == 1
    platform.cut("next", now=late)
    platform.check("next", now=late)
    row = platform.request(request_id)
    assert row["status"] == "SUCCESS"
    assert row["dt_job_completed"] - NOW < timedelta(minutes=3)
