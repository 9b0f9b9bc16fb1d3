"""The summary's edge: a day is published whole, a rerun replaces it, no later day's data are its."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.errors import GateError, RequestError, UnavailableError
from jobs.summaries import job
from jobs.summaries.export import file_names

NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
READ_AT = NIGHT - timedelta(minutes=20)
TABLE = (
    "SELECT batch_id, state, enrolment_count FROM metrics.collection_summary_daily ORDER BY 1, 2"
)


@pytest.fixture
def summarise(make_settings, monkeypatch, spark, store, objects):
    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)

    def run(as_of=NIGHT, now=NIGHT):
        return job.run_collection_summary(make_settings(), store, objects, as_of=as_of, now=now)

    return run


@pytest.fixture
def platform(publish_rows):
    """platform(*learners): one batch of them, and one without any."""

    def published(*learners, has_certificate=False, data_as_of=READ_AT):
        batches = [
            {"batch_id": name, "collection_id": "do_1", "batch_name": name} for name in ("b1", "b2")
        ]
        rows = [
            {"batch_id": "b1", "user_id": one, "collection_id": "do_1", "is_known": True,
             "state": "Kerala", "stage": "in_progress", "has_certificate": has_certificate}
            for one in learners
        ]  # fmt: skip
        rows.append(rows[0] | {"batch_id": "gone"})
        for contract, made in ((BATCHES, batches), (PROGRESS, rows), (COLLECTIONS, [])):
            publish_rows(contract, made, data_as_of=data_as_of)

    return published


def test_a_day_is_published_and_exported_and_a_rerun_takes_its_place(
    summarise, platform, objects, ask
):
    with pytest.raises(UnavailableError, match="never refreshed"):
        summarise()
    platform("asha", "ravi")
    first = summarise()
    platform("asha", data_as_of=READ_AT + timedelta(minutes=1))
    second = summarise()

    assert (first.row_count, first.unknown_batches) == (2, 1)
    assert ask(TABLE) == [("b1", "Kerala", 1), ("b2", "unknown", 0)]
    dated, latest = file_names(second.day)
    assert (dated, objects.read(dated)) == (
        "collection-summary-reports-v2/collection-summary-report-20261121.json",
        objects.read(latest),
    )
    lines = [json.loads(one) for one in objects.read(latest).decode().splitlines()]
    assert [(one["batchid"], one["enrolleduserscount"]) for one in lines] == [
        ("batch-b1", 1), ("batch-b2", 0),
    ]  # fmt: skip
    assert ask("SELECT partition_name, data_as_of FROM operations.metric_partition") == [
        ("day=2026-11-21", READ_AT + timedelta(minutes=1))
    ]


def test_data_of_a_later_day_are_not_told_as_an_earlier_days(summarise, platform, ask):
    platform("asha", data_as_of=NIGHT + timedelta(days=1))
    with pytest.raises(RequestError, match="2026-11-21"):
        summarise()
    assert ask(TABLE) == []


@pytest.mark.full
def test_a_day_that_breaks_a_check_changes_nothing(summarise, platform, ask, monkeypatch, objects):
    platform("asha")
    summarise()
    before = objects.read(file_names(NIGHT.date() + timedelta(days=1))[1])
    # A join gone wrong: every learner counts twice as certified.
    monkeypatch.setattr(
        job,
        "summary_rows",
        lambda *given, **named: rows(*given, **named).selectExpr(
            "* except (certificate_count)", "enrolment_count + 1 AS certificate_count"
        ).select(*job.COLLECTION_SUMMARY_DAILY.columns),
    )  # fmt: skip
    with pytest.raises(GateError):
        summarise()
    assert ask(TABLE) == [("b1", "Kerala", 1), ("b2", "unknown", 0)]
    assert objects.read(file_names(NIGHT.date() + timedelta(days=1))[1]) == before


rows = job.summary_rows
