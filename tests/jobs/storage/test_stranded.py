"""The invariant of the queue: who is left alone is found, and nobody else."""

from datetime import timedelta

import pytest

from jobs.storage.stranded import stranded
from tests.jobs.storage.request_queue import KIND, NOW, change, claim, fail, later, submit, succeed


def found(store, *, at, table="job_request"):
    with store.transaction() as connection:
        rows = stranded(connection, table=table, job_ids=[KIND], now=at)
    return [(row["request_id"], row["reason"]) for row in rows]


def tell(store, request_id="R1", *, tag="t:up", at=NOW, status="pending", kind="exhaust_ready"):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.delivery (delivery_id, kind, recipient_user_id, tag,"
            " request_id, status, attempts, next_attempt_at, created_at, is_personal, facts)"
            " VALUES (gen_random_uuid()::text, %s, 'asha', %s, %s, %s, 1, %s, %s, false, '{}')",
            [kind, tag, request_id, status, at, at],
        )


def begin_work(store):
    """From the first verdict on, what ends is ours to tell of."""
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.gate_verdict (check_name, verdict, checked_at)"
            " VALUES ('any', 'passed', %s)",
            [NOW],
        )


def test_a_request_may_wait_thirty_minutes(store):
    submit(store)
    assert found(store, at=NOW + timedelta(minutes=30)) == []
    ((id, reason),) = found(store, at=NOW + timedelta(minutes=30, seconds=1))
    assert (id, reason) == ("R1", "waits for more than 30 minutes")


def test_a_request_in_work_needs_a_sign_of_life_within_ten_minutes(store):
    submit(store)
    claim(store, at=later(3600))
    assert found(store, at=later(3600 + 600)) == []
    ((_, reason),) = found(store, at=later(3600 + 601))
    assert "no worker was heard of" in reason


def test_a_request_in_work_without_any_lease_is_stranded(store):
    submit(store)
    change(store, "status = 'PROCESSING'")
    assert found(store, at=later(600)) == []
    assert len(found(store, at=later(601))) == 1


@pytest.mark.parametrize("end", [succeed, fail])
def test_a_request_that_ended_must_be_told_of(store, end):
    begin_work(store)
    submit(store)
    end(store, *claim(store, at=later(1)), at=later(2))
    assert found(store, at=later(3)) == [("R1", "ended, and no message tells of it")]
    tell(store, kind="exhaust_late")
    assert len(found(store, at=later(3))) == 1
    tell(store, at=later(2))
    assert found(store, at=later(3)) == []


def test_a_message_about_an_earlier_asking_does_not_count(store):
    begin_work(store)
    submit(store, at=later(100))
    tell(store, at=later(50))
    succeed(store, *claim(store, at=later(101)), at=later(102))
    assert len(found(store, at=later(103))) == 1


def test_what_another_system_answered_before_us_is_not_ours(store):
    submit(store)
    succeed(store, *claim(store), at=later(2))
    assert found(store, at=later(3)) == []


def test_an_answer_that_is_shared_needs_one_message(store):
    begin_work(store)
    submit(store)
    succeed(store, *claim(store), at=later(2))
    tell(store, at=later(2))
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO job_request SELECT tag, 'R0', job_id, status, request_data, requested_by,"
            " requested_channel, dt_job_submitted, download_urls, dt_file_created,"
            " dt_job_completed FROM job_request"
        )
    assert found(store, at=later(3)) == []
    change(store, "download_urls = '{other}'", "R0")
    assert [id for id, _ in found(store, at=later(3))] == ["R0"]


def test_a_message_that_is_being_sent_by_nobody_is_told(store):
    tell(store, status="sending")
    assert found(store, at=later(600)) == []
    ((id, reason),) = found(store, at=later(601))
    assert id == "R1"
    assert "no mailer" in reason


def test_a_sunbirds_own_table_is_looked_at_under_its_name(store):
    with store.transaction() as connection:
        connection.execute("ALTER TABLE job_request RENAME TO dev_job_request")
    assert found(store, at=NOW, table="dev_job_request") == []
