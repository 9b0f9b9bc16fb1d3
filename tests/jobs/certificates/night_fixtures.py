"""Nights staged without Spark, and what a night left in the store."""

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.certificates.findings import FOUND, UNCLEAR
from jobs.certificates.nightly.job import MANIFEST, staging_folder
from jobs.certificates.reporting.job import publish
from tests.jobs.certificates.ledger_fixtures import NOW

FIRST = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
NEXT, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
COMPLETED = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def night_settings(make_settings):
    return make_settings(team_address="team@example.org", certificates_url="https://sunbird.test")


@pytest.fixture
def version(attached):
    """The template that everybody of b1 earned."""
    return attached(at=NOW)


@pytest.fixture
def finding(version):
    """finding("asha", **changes) -> a staged row."""

    def made(user_id, **changes):
        row = dict.fromkeys(FOUND) | {
            "user_id": user_id, "course_id": "do_1", "batch_id": "b1",
            "template_id": version["template_id"], "version_id": version["version_id"],
            "certificate_type": "completion", "template_name": version["template_name"],
            "completed_at": COMPLETED, "reason": "earned", "flags": "{}",
        }  # fmt: skip
        return row | changes

    return made


@pytest.fixture
def stage_night(night_settings):
    """stage_night(as_of, found, unclear): what a build leaves."""

    def staged(as_of, found=(), unclear=(), tally=None, data_as_of=None):
        folder = staging_folder(night_settings, as_of)
        for name, columns, rows in (("found", FOUND, found), ("unclear", UNCLEAR, unclear)):
            instants = ("completed_at", "failed_at")
            schema = pa.schema(
                [
                    (one, pa.timestamp("us", tz="UTC") if one in instants else pa.string())
                    for one in columns
                ]
            )
            (folder / name).mkdir(parents=True)
            whole = [dict.fromkeys(columns) | row for row in rows]
            pq.write_table(pa.Table.from_pylist(whole, schema), folder / name / "part-0.parquet")
        noted = {"as_of": as_of, "data_as_of": data_as_of or as_of, "tally": tally or {}}
        (folder / MANIFEST).write_text(json.dumps(noted, default=str))

    return staged


@pytest.fixture
def night(night_settings, store, objects, stage_night, platform):
    """night(as_of, *found, unclear=...) -> the published night."""

    def published(as_of, *found, unclear=(), dry_run=False, settings=None, **staged):
        stage_night(as_of, found, unclear, **staged)
        return publish(
            settings or night_settings, store, objects, as_of=as_of, now=as_of, dry_run=dry_run
        )

    return published


@pytest.fixture
def states(ask):
    """states() -> {learner: state}"""
    return lambda: dict(ask("SELECT user_id, state FROM operations.missed_certificate"))
