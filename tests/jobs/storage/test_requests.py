"""The request queue: who takes what, in a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from jobs.storage import leases
from tests.jobs.storage.request_queue import (
    KIND,
    NOW,
    QUEUE,
    change,
    claim,
    fail,
    held_leases,
    later,
    row,
    submit,
)


def test_asking_twice_is_one_request(store):
    first = submit(store)
    assert submit(store, at=later(60)) == first
    assert (first.status, first.iteration) == ("SUBMITTED", 0)


def test_asking_again_after_a_failure_starts_afresh(store):
    submit(store)
    fail(store, *claim(store), iteration=3, at=later(60))
    again = submit(store, at=later(120), batch_id="b2")
    assert (again.status, again.iteration, again.message) == ("SUBMITTED", 0, None)
    assert again.submitted_at == later(120)
    assert again.request_data == {"batchId": "b2"}


def test_asking_again_while_it_is_answered_changes_nothing(store):
    submit(store)
    claim(store)
    assert submit(store, at=later(60), batch_id="b2").request_data == {"batchId": "b1"}
    assert row(store)["status"] == "PROCESSING"


def test_the_oldest_requests_are_taken_first_and_no_more_than_the_limit(store):
    for number, request_id in enumerate(["R3", "R1", "R2"]):
        submit(store, request_id, at=later(number))
    assert [lease.request_id for lease in claim(store, limit=2)] == ["R3", "R1"]
    assert [lease.request_id for lease in claim(store, "run-2")] == ["R2"]


def test_other_kinds_and_ended_requests_are_left_alone(store):
    submit(store)
    change(store, "job_id = 'response-exhaust'")
    assert claim(store) == []
    change(store, f"job_id = '{KIND}', status = 'SUCCESS'")
    assert claim(store) == []
    change(store, "status = 'FAILED'")
    assert claim(store) == []


def test_what_another_run_works_on_is_not_taken_until_it_falls_silent(store):
    submit(store)
    (first,) = claim(store)
    assert claim(store, "run-2", at=later(119)) == []
    with store.transaction() as connection:
        leases.heartbeat(connection, first, later(100))
    assert claim(store, "run-2", at=later(121)) == []
    (second,) = claim(store, "run-2", at=later(221))
    assert second.fence > first.fence
    assert second.run_id == "run-2"


def test_a_retry_of_the_same_run_takes_its_request_over_at_once(store):
    submit(store)
    (first,) = claim(store)
    (second,) = claim(store, at=later(1))
    assert second.fence > first.fence
    assert second.claimed_at == first.claimed_at


def test_a_request_in_work_without_a_lease_is_taken(store):
    submit(store)
    change(store, "status = 'PROCESSING', iteration = NULL")
    (lease,) = claim(store)
    assert lease.request_id == "R1"


def test_a_null_iteration_counts_as_none_spent(store):
    submit(store)
    change(store, "iteration = NULL")
    claim(store)
    assert row(store)["iteration"] == 0


def test_a_portal_that_submits_a_spent_request_again_gets_it_answered(store):
    submit(store)
    fail(store, *claim(store), iteration=3, at=later(60))
    # As Sunbird's portal does: the status alone.
    change(store, "status = 'SUBMITTED'")
    (lease,) = claim(store, at=later(3600))
    renewed = row(store)
    assert (lease.request_id, renewed["iteration"], renewed["err_message"]) == ("R1", 0, None)
    assert renewed["dt_job_submitted"] == later(3600)
    assert renewed["dt_job_completed"] is None


def test_a_request_that_was_put_back_keeps_its_count_its_time_and_its_files(store):
    submit(store)
    (lease,) = claim(store)
    with store.transaction() as connection:
        QUEUE.note_batches(connection, lease, [{"batchId": "b1"}])
        QUEUE.retry(connection, lease, iteration=2)
    assert held_leases(store) == []
    claim(store, at=later(60))
    again = row(store)
    assert (again["iteration"], again["dt_job_submitted"]) == (2, NOW)
    assert again["processed_batches"] == [{"batchId": "b1"}]


def test_many_workers_at_once_never_take_the_same_request(store):
    ids = [f"R{number}" for number in range(30)]
    for request_id in ids:
        submit(store, request_id)
    start = Barrier(6)

    def work(number):
        start.wait()
        # A run that claims again takes its own over again: that is no second owner.
        name = f"run-{number}"
        return {lease.request_id for _ in range(5) for lease in claim(store, name, limit=3)}

    with ThreadPoolExecutor(6) as pool:
        owners = list(pool.map(work, range(6)))
    assert sum(len(of_one) for of_one in owners) == len(set().union(*owners))
    rest = {lease.request_id for n in range(6) for lease in claim(store, f"run-{n}", limit=30)}
    assert rest == set(ids)


def test_an_abandoned_request_is_taken_over_by_one_worker_only(store):
    submit(store)
    claim(store, "dead")
    start = Barrier(6)

    def work(number):
        start.wait()
        return claim(store, f"run-{number}", at=later(600))

    with ThreadPoolExecutor(6) as pool:
        taken = [lease for of_one in pool.map(work, range(6)) for lease in of_one]
    assert len(taken) == 1
    assert [held["run_id"] for held in held_leases(store)] == [taken[0].run_id]


def test_who_finds_a_request_while_its_lease_is_being_taken_does_not_take_it_too(store):
    submit(store)
    change(store, "status = 'PROCESSING'")
    with store.transaction() as connection:
        first = QUEUE.claim(
            connection, run_id="one", job_id=KIND, limit=1, tries=3, lease_seconds=120, now=NOW
        )
        assert claim(store, "two") == []
    assert len(first) == 1
    assert claim(store, "two") == []
