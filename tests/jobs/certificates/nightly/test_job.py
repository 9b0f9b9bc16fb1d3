"""The build of a night on published tables: what it stages, and what it needs."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from jobs.certificates.nightly import job
from jobs.certificates.reporting.job import publish
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ACTIVITY, ATTEMPTS, ENROLMENTS, LEARNERS
from jobs.errors import UnavailableError
from tests.jobs.certificates.ledger_fixtures import NOW
from tests.jobs.certificates.night_fixtures import COMPLETED, FIRST

READ_AT = FIRST - timedelta(minutes=20)
FAILED = {"user_id": "asha", "course_id": "do_1", "batch_id": "b1", "error": "registry: 503"}


@pytest.fixture
def shared_session(monkeypatch, spark):
    @contextmanager
    def session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", session)


@pytest.fixture
def tables(platform, publish_rows, night_settings):
    """Asha and Ravi of b1 completed, Ravi has a certificate; the live issuer failed for Asha."""
    enrolled = {
        "batch_id": "b1", "collection_id": "do_1", "is_active": True, "has_active_mark": True,
        "status": 2, "completed_at": COMPLETED,
    }  # fmt: skip
    certificates = {"asha": [], "ravi": [{"id": "r", "name": "completion"}]}
    for contract, rows in {
        ENROLMENTS: [
            enrolled | {"user_id": user, "certificates": held}
            for user, held in certificates.items()
        ],
        LEARNERS: [
            {"user_id": user, "user_name": user.title(), "is_active": True} for user in certificates
        ],
        ATTEMPTS: [], ACTIVITY: [], PROGRESS: [],
    }.items():  # fmt: skip
        publish_rows(contract, rows, data_as_of=READ_AT)
    folder = night_settings.lake / "certificate_issue_failure"
    folder.mkdir(parents=True)
    told = FAILED | {"failed_at": COMPLETED.isoformat()}
    (folder / "a.jsonl").write_text(json.dumps(told) + "\n")


def staged(settings):
    folder = job.staging_folder(settings, FIRST)
    return [
        row for part in folder.glob("found/*.parquet") for row in pq.read_table(part).to_pylist()
    ]


def test_a_night_is_staged_with_its_age_and_published(
    shared_session, tables, version, night_settings, store, objects, ask
):
    left = job.build(night_settings, store, as_of=FIRST)

    assert (left.tally, left.data_as_of) == ({"met": 1}, NOW - timedelta(days=1))
    [row] = staged(night_settings)
    assert (row["user_id"], row["version_id"], row["cause"]) == (
        "asha", version["version_id"], "registry: 503",
    )  # fmt: skip
    publish(night_settings, store, objects, as_of=FIRST, now=FIRST)
    assert ask("SELECT user_id, state, flags FROM operations.missed_certificate") == [
        ("asha", "new", [])
    ]
    assert not job.staging_folder(night_settings, FIRST).exists()


@pytest.mark.full
def test_a_night_that_is_built_twice_is_staged_once(
    shared_session, tables, version, night_settings, store
):
    job.build(night_settings, store, as_of=FIRST)
    first = staged(night_settings)
    job.build(night_settings, store, as_of=FIRST)

    assert staged(night_settings) == first
    assert len(list(job.staging_folder(night_settings, FIRST).parent.iterdir())) == 1


def test_without_a_template_nothing_is_missed_and_repairs_are_proposed_all_the_same(
    tables, publish_rows, night_settings, store, objects, shared_session, ask
):
    undated = {"batch_id": "b1", "collection_id": "do_1", "is_active": True}
    rows = [undated | {"user_id": user, "has_enrolment_date": False} for user in ("asha", "ravi")]
    publish_rows(ENROLMENTS, rows, data_as_of=READ_AT + timedelta(minutes=1))
    job.build(night_settings, store, as_of=FIRST)

    done = publish(night_settings, store, objects, as_of=FIRST, now=FIRST)
    assert done.counts["by_state"] == {}
    assert done.counts["repairs"] == {"enrolment_date_missing_unknown": 2}
    assert ask("SELECT user_id, state FROM operations.enrolment_repair ORDER BY 1") == [
        ("asha", "unknown"), ("ravi", "unknown"),
    ]  # fmt: skip
    assert done.report_key is not None
    assert done.report_key.endswith("/enrolment-repairs-2026-03-11.csv")


def test_a_night_needs_tables_and_a_publish_its_build(platform, night_settings, store, objects):
    with pytest.raises(UnavailableError, match="never refreshed"):
        job.build(night_settings, store, as_of=FIRST)
    with pytest.raises(UnavailableError, match="--step build"):
        publish(night_settings, store, objects, as_of=FIRST, now=FIRST)
