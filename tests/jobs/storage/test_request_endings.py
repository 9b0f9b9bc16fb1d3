"""How requests end, and that only who holds one can end it, in a real PostgreSQL."""

import json

import pytest

from jobs.errors import FencedError
from jobs.storage import leases
from jobs.storage.request_listing import listed
from jobs.storage.requests import Requests
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
    succeed,
)


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
