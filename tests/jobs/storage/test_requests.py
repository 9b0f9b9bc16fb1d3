"""The request queue and its leases, in a real PostgreSQL."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from psycopg import sql

from jobs.errors import FencedError
from jobs.storage import leases
from jobs.storage.request_listing import listed
from jobs.storage.requests import Requests

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
QUEUE = Requests()
KIND = "progress-exhaust"


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def submit(store, request_id="R1", *, at=NOW, batch_id="b1", queue=QUEUE):
    with store.transaction() as connection:
        return queue.submit(
            connection, tag="t:up", request_id=request_id, job_id=KIND,
            request_data={"batchId": batch_id}, requested_by="asha", requested_channel="up",
            encryption_key=None, now=at,
        )  # fmt: skip


def claim(store, run_id="run-1", *, at=NOW, limit=10, queue=QUEUE):
    with store.transaction() as connection:
        return queue.claim(
            connection, run_id=run_id, job_id=KIND, limit=limit, tries=3, lease_seconds=120, now=at
        )


def row(store, request_id="R1", table="job_request"):
    with store.transaction() as connection:
        return connection.execute(
            sql.SQL("SELECT * FROM {} WHERE request_id = %s").format(sql.Identifier(table)),
            [request_id],
        ).fetchone()


def change(store, assignments, request_id="R1"):
    with store.transaction() as connection:
        connection.execute(
            sql.SQL("UPDATE job_request SET {} WHERE request_id = %s").format(sql.SQL(assignments)),
            [request_id],
        )


def fail(store, lease, *, message="no", iteration=1, at=NOW):
    with store.transaction() as connection:
        QUEUE.fail(connection, lease, message=message, iteration=iteration, now=at)


def succeed(store, lease, *, at=NOW):
    with store.transaction() as connection:
        QUEUE.succeed(connection, lease, download_urls=["k"], file_created_at=at, now=at)


def held_leases(store):
    with store.transaction() as connection:
        return connection.execute("SELECT * FROM operations.lease").fetchall()


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


def test_a_zombie_can_publish_fail_retry_note_and_beat_nothing(store):
    submit(store)
    (zombie,) = claim(store)
    claim(store, "run-2", at=later(600))
    acts = [
        lambda c: QUEUE.succeed(c, zombie, download_urls=["k"], file_created_at=NOW, now=NOW),
        lambda c: QUEUE.fail(c, zombie, message="no", iteration=1, now=NOW),
        lambda c: QUEUE.retry(c, zombie, iteration=1),
        lambda c: QUEUE.note_batches(c, zombie, [{"batchId": "b1"}]),
        lambda c: leases.heartbeat(c, zombie, NOW),
        lambda c: leases.check_fence(c, zombie),
    ]
    for act in acts:
        with pytest.raises(FencedError, match="another worker"), store.transaction() as connection:
            act(connection)
    after = row(store)
    assert (after["status"], after["processed_batches"]) == ("PROCESSING", None)


def test_a_zombie_of_a_request_that_ended_and_came_back_stays_fenced(store):
    submit(store)
    (zombie,) = claim(store)
    (second,) = claim(store)
    fail(store, second)
    submit(store, at=later(5))
    (third,) = claim(store, at=later(6))
    assert third.run_id == zombie.run_id
    with pytest.raises(FencedError):
        succeed(store, zombie)
    succeed(store, third, at=later(7))
    assert row(store)["status"] == "SUCCESS"


def test_another_process_of_the_run_holds_the_same_requests_and_fences_the_first(store):
    submit(store, "R1")
    submit(store, "R2", at=later(1))
    first = claim(store)
    with store.transaction() as connection:
        held = QUEUE.held(connection, run_id="run-1", job_id=KIND, now=later(5))
    assert [request.request_id for request, _ in held] == ["R1", "R2"]
    assert all(lease.fence > old.fence for (_, lease), old in zip(held, first, strict=True))
    with pytest.raises(FencedError):
        succeed(store, first[0])
    succeed(store, held[0][1])


def test_success_clears_the_old_failure_and_sets_every_time(store):
    submit(store)
    (lease,) = claim(store)
    change(store, "err_message = 'an earlier one'")
    with store.transaction() as connection:
        QUEUE.succeed(
            connection, lease, download_urls=["a.zip"], file_created_at=later(2), now=later(3)
        )
    after = row(store)
    assert after["status"] == "SUCCESS"
    assert after["err_message"] is None
    assert after["download_urls"] == ["a.zip"]
    assert after["dt_file_created"] == later(2)
    assert after["dt_job_completed"] == later(3)
    assert after["execution_time"] == 3000
    assert held_leases(store) == []


def test_a_failure_says_why_in_at_most_300_characters(store):
    submit(store)
    fail(store, *claim(store), message="x" * 400, at=later(9))
    after = row(store)
    assert (after["status"], after["iteration"]) == ("FAILED", 1)
    assert len(after["err_message"]) == 300
    assert after["dt_job_completed"] == later(9)
    assert held_leases(store) == []


def test_success_and_what_goes_with_it_commit_together_or_not_at_all(store):
    submit(store)
    (lease,) = claim(store)

    def publish():
        with store.transaction() as connection:
            QUEUE.succeed(connection, lease, download_urls=["k"], file_created_at=NOW, now=NOW)
            raise RuntimeError("the outbox could not be written")

    with pytest.raises(RuntimeError):
        publish()
    assert row(store)["status"] == "PROCESSING"
    assert len(held_leases(store)) == 1


def test_sunbirds_own_table_with_other_types_and_name_is_served_too(store):
    with store.transaction() as connection:
        connection.execute(
            "CREATE TABLE public.dev_job_request (tag text, request_id text, job_id text,"
            " status text, request_data json, requested_by text, requested_channel text,"
            " dt_job_submitted timestamp, download_urls text[], dt_file_created timestamp,"
            " dt_job_completed timestamp, execution_time bigint, err_message text, iteration int,"
            " encryption_key text, batch_number int, processed_batches text,"
            " PRIMARY KEY (tag, request_id))"
        )
    queue = Requests("dev_job_request")
    assert submit(store, queue=queue).submitted_at == NOW
    (lease,) = claim(store, queue=queue)
    with store.transaction() as connection:
        queue.note_batches(connection, lease, [{"batchId": "b1"}])
        ((request, lease),) = queue.held(connection, run_id="run-1", job_id=KIND, now=NOW)
    assert request.processed_batches == [{"batchId": "b1"}]
    with store.transaction() as connection:
        queue.succeed(connection, lease, download_urls=["k"], file_created_at=NOW, now=later(60))
    after = row(store, table="dev_job_request")
    assert json.loads(after["processed_batches"]) == [{"batchId": "b1"}]
    assert after["dt_job_completed"] == later(60).replace(tzinfo=None)
    with store.transaction() as connection:
        (shown,) = listed(connection, table="dev_job_request", now=later(600), limit=5)
    assert (shown["submitted_at"], shown["minutes"]) == (NOW, 1.0)


def test_a_row_whose_notes_cannot_be_read_is_done_again(store):
    submit(store)
    change(store, """processed_batches = '"no list"'""")
    with store.transaction() as connection:
        assert QUEUE.one(connection, "t:up", "R1").processed_batches == []


def test_an_absent_request_is_named(store):
    with pytest.raises(LookupError, match="R9"), store.transaction() as connection:
        QUEUE.one(connection, "t:up", "R9")


def test_minutes_run_until_the_message_is_sent(store):
    submit(store)
    (lease,) = claim(store)
    succeed(store, lease, at=later(60))
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.delivery (delivery_id, kind, recipient_user_id, tag,"
            " request_id, status, attempts, created_at, is_personal)"
            " VALUES ('d', 'exhaust_ready', 'asha', 't:up', 'R1', 'pending', 0, %s, false)",
            [later(60)],
        )
        (waiting,) = listed(connection, table="job_request", now=later(600), limit=5)
        connection.execute("UPDATE operations.delivery SET status='sent', sent_at=%s", [later(90)])
        (sent,) = listed(connection, table="job_request", now=later(600), limit=5)
    assert (waiting["delivery"], waiting["minutes"]) == ("pending", 10.0)
    assert (sent["delivery"], sent["minutes"]) == ("sent", 1.5)
