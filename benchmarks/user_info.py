"""Learners' details: from the claim to the mail server's 250, everybody's address opened."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from benchmarks.exhaust import mail_server, mailing_to
from benchmarks.measure import Cost, cost_of, median_of
from benchmarks.platform import (
    COURSE,
    MENTOR,
    TENANT,
    batch_id,
    make_platform,
    progress_rows,
    written,
)
from jobs.contracts.consents import CONSENTS, PLATFORM_SETTINGS
from jobs.exhausts.job import submit_request
from jobs.settings import Settings
from jobs.storage.snapshots import publish
from jobs.storage.store import open_store

KIND = "userinfo-exhaust"
KEY_OF_FILE = "four words without relation"
LEARNERS = 100_000
REPEATS = 3
# All but these agree.
WITHDRAWN_EVERY = 50


def give_consents(home: Path, learners: int) -> None:
    """Everybody of the batch was asked, and almost everybody agrees."""
    ids = progress_rows(0, learners, [], [])["user_id"]
    now = datetime.now(UTC)
    given = {
        "object_id": pa.repeat(COURSE, learners),
        "user_id": ids.combine_chunks(),
        "consumer_id": pa.repeat(TENANT, learners),
        "status": pa.array(
            ["revoked" if n % WITHDRAWN_EVERY == 0 else "active" for n in range(learners)]
        ),
        "expires_at": pa.repeat(now + timedelta(days=90), learners),
        "updated_at": pa.repeat(now - timedelta(days=10), learners),
    }
    schema = CONSENTS.arrow_schema()
    columns = [
        given[name].cast(schema.field(name).type)
        if name in given
        else pa.nulls(learners, schema.field(name).type)
        for name in CONSENTS.columns
    ]
    custodian = {"setting_id": "custodianOrgId", "value": "custodian"}
    settings = pa.Table.from_pylist([custodian], schema=PLATFORM_SETTINGS.arrow_schema())
    consents = pa.Table.from_arrays(columns, schema=schema)
    lake = home / "lake" / "clean"
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        publish(connection, written(lake, CONSENTS, [consents]), [])
        publish(connection, written(lake, PLATFORM_SETTINGS, [settings]), [])


def answered(home: Path, port: int) -> Cost:
    """Ask for the batch and answer it in one command; the file is a new one each time."""
    settings = Settings(home=home)
    with open_store(settings) as store:
        submit_request(
            settings,
            store,
            kind=KIND,
            batch_ids=[batch_id(0)],
            requested_by=MENTOR,
            channel=TENANT,
            tag=os.urandom(4).hex(),
            key=KEY_OF_FILE,
            now=datetime.now(UTC),
        )
    return cost_of(["jobs", "exhaust", KIND], mailing_to(home, port))


def run(folder: Path) -> Iterator[str]:
    home = folder / "user-info"
    make_platform(home, learners=LEARNERS, batches=1, modules=0, assessments=0)
    give_consents(home, LEARNERS)
    with mail_server() as port:
        cost = median_of(REPEATS, lambda: answered(home, port))
    shutil.rmtree(home / "objects", ignore_errors=True)
    yield f"| user-info of 100,000 learners who were asked | {cost} | median of {REPEATS} |"
