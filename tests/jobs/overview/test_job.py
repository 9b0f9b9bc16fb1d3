"""What the page in Airflow is told: of a store with some requests, findings, tables and messages."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg import sql
from pydantic import SecretStr

from jobs.errors import RequestError, SettingsError
from jobs.overview import job

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def put(store):
    """put("operations.delivery", column=value, ...) -> a row as the store's owner writes it."""

    def insert(table, **values):
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
        )
        with store.transaction() as connection:
            connection.execute(statement, list(values.values()))

    return insert


@pytest.fixture
def request_of(put):
    def submit(request_id, *, status="SUBMITTED", minutes_ago=5, **more):
        body = json.dumps({"batchId": "b1"})
        put(
            "public.job_request", tag="t", request_id=request_id, job_id="progress-exhaust",
            status=status, request_data=body, requested_by="the-mentor",
            dt_job_submitted=NOW - minutes_ago * MINUTE, **more,
        )  # fmt: skip

    return submit


@pytest.fixture
def answer_of(put):
    def enqueue(request_id, *, status="sent", minutes_ago=0, asked_minutes_ago=12):
        asked_at = (NOW - asked_minutes_ago * MINUTE).isoformat()
        put(
            "operations.delivery", delivery_id=f"to-{request_id}", kind="exhaust_ready",
            recipient_user_id="the-mentor", tag="t", request_id=request_id, status=status,
            attempts=1, created_at=NOW - minutes_ago * MINUTE, is_personal=True,
            sent_at=NOW - minutes_ago * MINUTE if status == "sent" else None,
            facts=json.dumps({"job_id": "progress-exhaust", "requested_at": asked_at}),
        )  # fmt: skip

    return enqueue


@pytest.fixture
def settings(store, make_settings):
    """Those of a server that may only look: no owner's password is near it."""
    return make_settings(operator_store_url=SecretStr(store.operator_url))


def test_the_minutes_of_a_request_run_to_its_mail_and_the_week_is_told_by_half_and_slowest(
    settings, request_of, answer_of
):
    request_of("r1", status="SUCCESS", minutes_ago=12, dt_job_completed=NOW - 3 * MINUTE)
    request_of("r2", minutes_ago=4)
    answer_of("r1", minutes_ago=2, asked_minutes_ago=12)

    told = job.today(settings, now=NOW)["requests"]

    assert {row["request_id"]: row["minutes"] for row in told["newest"]} == {"r1": 10, "r2": 4}
    assert told["took"] == {"answers": 1, "p50": 10, "p95": 10, "longest": 10}
    assert told["by_status"] == {"SUBMITTED": 1, "SUCCESS": 1}


def test_nothing_that_is_told_names_who_asked_or_what_a_server_said(
    settings, request_of, answer_of, put
):
    request_of("r1", status="SUCCESS", dt_job_completed=NOW)
    answer_of("r1", status="held")
    put("operations.batch_status", batch_id="b1", course_id="c1", status=1, fingerprint=1)
    told = [
        job.today(settings, now=NOW),
        job.requests(settings, now=NOW),
        job.request(settings, "r1", now=NOW),
        job.held(settings, now=NOW),
        job.figures(settings, now=NOW),
        job.batches(settings, "b1"),
        job.batch(settings, "b1"),
    ]

    assert "the-mentor" not in repr(told)


def test_findings_are_told_by_the_days_that_they_wait_and_what_is_done_about_them(settings, put):
    for user, days, state in (
        ("u1", 0, "new"), ("u2", 7, "pending"), ("u3", 8, "held"), ("u4", 40, "failed"),
        ("u5", 40, "resolved"),
    ):  # fmt: skip
        put(
            "operations.missed_certificate", user_id=user, course_id="c", batch_id="b",
            template_id="t", version_id="v", certificate_type="completion", completed_at=NOW,
            state=state, reason="earned", flags=[], first_seen_at=NOW - days * DAY,
            first_seen_on=date(2026, 11, 1), last_seen_at=NOW, source="nightly",
        )  # fmt: skip

    bands = job.today(settings, now=NOW)["missed"]["by_age"]

    assert [tuple(band.values()) for band in bands] == [
        ("today", 1, 0, 0),
        ("1 to 7 days", 1, 0, 0),
        ("8 to 30 days", 0, 1, 0),
        ("more than 30 days", 1, 0, 0),
    ]


def test_a_table_is_late_by_what_its_contract_promises_and_those_that_are_stand_first(
    settings, put
):
    for table, minutes in (("progress", 61), ("batches", 60)):
        put(
            "operations.snapshot", snapshot_id=table, table_name=table, path="p", buckets=1,
            row_count=7, quarantined_count=2, data_as_of=NOW - minutes * MINUTE, published_at=NOW,
        )  # fmt: skip
    for day, hours in ((19, 50), (20, 25)):
        put(
            "operations.metric_partition", table_name="usage_daily",
            partition_name=f"day=2026-11-{day}", row_count=3, data_as_of=NOW - 2 * DAY,
            published_at=NOW - timedelta(hours=hours),
        )  # fmt: skip

    told = job.today(settings, now=NOW)["tables"]

    state = {row["table_name"]: row["state"] for row in told}
    assert state["progress"] == "late"
    assert state["batches"] == state["usage_daily"] == "fresh"
    assert state["textbook_creation"] == "never made"
    order = [row["state"] == "fresh" for row in told]
    assert order == sorted(order)


def test_checks_that_did_not_pass_are_told_once_by_name_with_the_last_of_them(settings, put):
    for number, verdict in enumerate(["passed", "failed", "failed", "could not check"]):
        put(
            "operations.gate_verdict", subject=f"s{number}", check_name="has rows",
            severity="warn", verdict=verdict, found_count=number,
            checked_at=NOW - (4 - number) * MINUTE,
        )  # fmt: skip

    told = job.today(settings, now=NOW)["verdicts"]

    assert told["counted"] == {"passed": 1, "failed": 2, "could not check": 1}
    assert [(row["verdict"], row["n"], row["subject"]) for row in told["not_passed"]] == [
        ("could not check", 1, "s3"),
        ("failed", 2, "s2"),
    ]


def test_drift_is_told_with_the_oldest_and_moves_with_the_last(settings, put):
    for subject, days in (("b1", 2), ("b2", 5)):
        put(
            "operations.batch_status_publication", target="search", subject_id=subject,
            course_id="c", revision=1, since=NOW - days * DAY, attempts=days, next_attempt_at=NOW,
        )  # fmt: skip
    put(
        "operations.batch_status_change", batch_id="b1", course_id="c", from_status=0, to_status=1,
        reason="started", judged_for=NOW, written_at=NOW - 2 * MINUTE,
    )  # fmt: skip

    told = job.today(settings, now=NOW)["batches"]

    assert told["drift"] == [{"target": "search", "n": 2, "since": NOW - 5 * DAY, "attempts": 5}]
    assert [(row["reason"], row["n"]) for row in told["moved"]] == [("started", 1)]


def test_a_search_means_each_word_and_takes_none_for_a_pattern(settings, put):
    for batch_id, name in (("b1", "Reading 100%"), ("b2", "Reading and more"), ("b3", "Science")):
        put(
            "operations.batch_status", batch_id=batch_id, course_id="do_1", status=1,
            batch_name=name, fingerprint=1,
        )  # fmt: skip

    def found(text):
        return [row["batch_id"] for row in job.batches(settings, text)["batches"]]

    assert found("reading") == ["b1", "b2"]
    assert found("MORE reading") == ["b2"]
    assert found("100%") == found("%") == ["b1"]
    assert found("do_1") == found("") == ["b1", "b2", "b3"]
    assert found("do\\1") == []


def test_who_may_have_a_batch_is_not_known_before_the_first_refresh(settings, put):
    put("operations.batch_status", batch_id="b1", course_id="c1", status=1, fingerprint=1)

    told = job.batch(settings, "b1")

    assert told["askers"] == []
    assert told["purposes"] == settings.purposes
    with pytest.raises(RequestError, match="no batch b2"):
        job.batch(settings, "b2")


def test_a_request_that_is_not_there_is_named(settings):
    with pytest.raises(RequestError, match="no request nowhere"):
        job.request(settings, "nowhere", now=NOW)


def test_held_messages_are_listed_with_what_else_waits(settings, answer_of):
    answer_of("r1", status="held")
    answer_of("r2", status="pending", minutes_ago=11)

    told = job.held(settings, now=NOW)

    assert [row["delivery_id"] for row in told["held"]] == ["to-r1"]
    assert told["counts"] == {"held": 1, "pending": 1}
    assert told["overdue"] == 1


def test_a_table_that_the_role_may_not_read_is_named_with_what_to_grant(store, settings):
    with store.transaction() as connection:
        connection.execute("REVOKE SELECT ON job_request FROM operator")

    with pytest.raises(SettingsError, match="permission denied for table job_request"):
        job.requests(settings, now=NOW)
