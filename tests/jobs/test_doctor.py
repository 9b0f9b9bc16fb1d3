"""The doctor tells what is wrong with each part, and what to do."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from jobs.doctor import examine
from jobs.refresh.plan import TABLES

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def findings(store, make_settings):
    """findings(**settings) -> {part: finding} for the store of this test, at noon."""

    def look(**overrides):
        settings = make_settings(**({"store_url": SecretStr(store.url)} | overrides))
        return {finding.part: finding for finding in examine(settings, NOW)}

    return look


@pytest.fixture
def request_of(store):
    def submit(request_id, *, minutes_ago, status="SUBMITTED", job_id="progress-exhaust"):
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO job_request"
                " (tag, request_id, job_id, status, request_data, dt_job_submitted)"
                " VALUES ('t', %s, %s, %s, '{}', %s)",
                [request_id, job_id, status, NOW - timedelta(minutes=minutes_ago)],
            )

    return submit


@pytest.fixture
def delivery_of(store):
    def enqueue(delivery_id, status):
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO operations.delivery"
                " (delivery_id, kind, status, attempts, created_at, is_personal)"
                " VALUES (%s, 'exhaust_ready', %s, 1, %s, true)",
                [delivery_id, status, NOW],
            )

    return enqueue


def test_every_part_is_looked_at_and_new_state_is_well(findings):
    found = findings()

    assert set(found) == {
        "variables", "lake", "store", "tables", "requests", "request kinds", "leases", "queue",
        "deliveries", "audit log", "certificate keys", "objects", "mail", "Java", "Spark", "Airflow",
    }  # fmt: skip
    ill = {part for part, finding in found.items() if not finding.ok}
    assert ill == {"lake", "tables"}
    assert "python -m jobs samples" in found["lake"].do
    assert "python -m jobs refresh" in found["tables"].do


def test_every_illness_comes_with_what_to_do(findings, request_of, delivery_of):
    request_of("r1", minutes_ago=21)
    request_of("r2", minutes_ago=1, job_id="summary-exhaust")
    delivery_of("d1", "failed")

    ill = [finding for finding in findings().values() if not finding.ok]

    assert len(ill) == 5
    assert all(finding.says and finding.do for finding in ill)


@pytest.mark.parametrize(
    ("status", "minutes_ago", "is_late"),
    [
        ("SUBMITTED", 21, True),
        ("PROCESSING", 21, True),
        ("SUBMITTED", 19, False),
        ("SUCCESS", 500, False),
        ("FAILED", 500, False),
    ],
)
def test_request_is_late_when_it_is_open_for_more_than_twenty_minutes(
    findings, request_of, status, minutes_ago, is_late
):
    request_of("r1", minutes_ago=minutes_ago, status=status)

    requests = findings()["requests"]

    assert requests.ok is not is_late
    assert ("r1" in requests.says) is is_late


def test_request_that_nobody_works_on_is_told_with_the_reason(findings, request_of):
    request_of("r1", minutes_ago=31)
    request_of("r2", minutes_ago=11, status="PROCESSING")
    request_of("r3", minutes_ago=29)
    queue = findings()["queue"]
    assert not queue.ok
    assert queue.says == (
        "r1: waits for more than 30 minutes; r2: in work, and no worker was heard of for 10 minutes"
    )


def test_kind_that_nobody_answers_is_named(findings, request_of):
    request_of("r1", minutes_ago=500, job_id="summary-exhaust")
    request_of("r2", minutes_ago=500, job_id="old-exhaust", status="FAILED")

    found = findings()

    assert found["requests"].ok
    assert found["request kinds"].says == "nobody here answers summary-exhaust (1)"


@pytest.mark.parametrize(("seconds", "is_silent"), [(119, False), (121, True)])
def test_worker_that_is_silent_is_told(findings, store, seconds, is_silent):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.lease VALUES ('t', 'r1', 'run', 1, %(at)s, %(at)s)",
            {"at": NOW - timedelta(seconds=seconds)},
        )

    assert findings()["leases"].ok is not is_silent


@pytest.mark.parametrize(
    ("status", "is_ill"), [("pending", False), ("sent", False), ("failed", True), ("held", True)]
)
def test_message_that_did_not_go_out_is_told(findings, delivery_of, status, is_ill):
    delivery_of("d1", status)

    deliveries = findings()["deliveries"]

    assert deliveries.ok is not is_ill
    assert ("d1" in deliveries.says) is is_ill


def test_age_of_the_tables_is_told(findings, store):
    with store.transaction() as connection:
        for name in TABLES:
            minutes = 61 if name == "progress" else 60
            connection.execute(
                "INSERT INTO operations.snapshot"
                " VALUES (%(name)s, %(name)s, '/', 1, 1, 0, %(at)s, %(at)s)",
                {"name": name, "at": NOW - timedelta(minutes=minutes)},
            )

    assert findings()["tables"].says == "progress is 61 minutes old"


def test_one_part_that_is_down_does_not_hide_the_others(findings, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "objects").write_text("a file")

    found = findings(
        store_url=SecretStr("postgresql://me:canary@127.0.0.1:1/batch"),
        smtp_host="127.0.0.1",
        smtp_port=1,
        smtp_security="none",
        lake_catalogue=tmp_path / "absent.toml",
    )

    ill = {part for part, finding in found.items() if not finding.ok}
    assert ill == {"lake", "store", "audit log", "certificate keys", "objects", "mail"}
    assert "canary" not in str(found)
