"""The small Sunbird, written: raw tables into the lake, the platform's key and salt beside it."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from jobs.contracts.raw import RAW_TABLES
from jobs.samples import tables
from jobs.samples.activity import activity_rows
from jobs.samples.archive import ARCHIVE, write_archive
from jobs.samples.attempts import attempt_row
from jobs.samples.batches import BATCHES, BIG, batch_rows
from jobs.samples.certificate_edges import failure_rows, registry_rows
from jobs.samples.courses import content_rows, hierarchy_rows
from jobs.samples.edge_rows import edge_rows
from jobs.samples.frameworks import channel_framework_rows, framework_rows
from jobs.samples.groups import group_activity_rows, group_member_rows, group_rows
from jobs.samples.people import make_people
from jobs.samples.places import location_rows, organisation_rows, system_setting_rows
from jobs.samples.repair_edges import repair_rows
from jobs.samples.requests import SAMPLE_REQUESTS, SampleRequest
from jobs.samples.seats import enrolment_row, make_seats
from jobs.samples.telemetry import TELEMETRY, write_telemetry
from jobs.samples.textbook_rows import textbook_content_rows, textbook_hierarchy_rows
from jobs.sources.cipher import encrypt

SEED = 20261121
# Below this the smallest batches and tenants would be empty.
FEWEST_LEARNERS = 100
KEY_LENGTH, SALT_LENGTH = 16, 40
# Whatever is not named here is Parquet with native types.
JSON_LINES = ("content", "user_activity_agg", "user_consent")
CSV = ("usr_external_identity", "organisation", "location", "system_settings")
TABLES = (
    "course_batch",
    "user_enrolments",
    "user_activity_agg",
    "assessment_aggregator",
    "content_hierarchy",
    "content",
    "users",
    "usr_external_identity",
    "organisation",
    "location",
    "system_settings",
    "user_consent",
    "guardian_consent",
    "certificate_registry",
    "certificate_issue_failure",
    "user_content_consumption",
    "groups",
    "group_member",
    "group_activity",
    "framework",
    "channel_framework",
)
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class SampleSummary:
    """What was written: rows by table, and three requests that show what can be asked."""

    lake: Path
    as_of: datetime
    learners: int
    rows: dict[str, int]
    batch_ids: tuple[str, ...]
    big_batch_id: str
    requests: tuple[SampleRequest, ...]


def write_samples(
    lake: Path, secrets: Path, *, as_of: datetime, learners: int = 5000, seed: int = SEED
) -> SampleSummary:
    """Write the same bytes for the same instant, number of learners and seed."""
    if learners < FEWEST_LEARNERS:
        raise ValueError(f"{learners} learners are too few: at least {FEWEST_LEARNERS} are needed.")
    rng = np.random.default_rng(seed)
    key, salt = secret_text(rng, KEY_LENGTH), secret_text(rng, SALT_LENGTH)
    write_secret(secrets / "platform_key", key)
    write_secret(secrets / "platform_salt", salt)
    elsewhere = partial(encrypt, key=secret_text(rng, KEY_LENGTH), salt=salt)
    rows = make_rows(rng, as_of, learners, partial(encrypt, key=key, salt=salt), elsewhere)
    for table in TABLES:
        write_table(lake / table, table, rows[table])
    archived = write_archive(lake, as_of, rows["assessment_aggregator"])
    told = write_telemetry(lake, as_of, rows["user_enrolments"])
    return SampleSummary(
        lake=lake,
        as_of=as_of,
        learners=learners,
        rows={table: len(rows[table]) for table in TABLES} | {ARCHIVE: archived, TELEMETRY: told},
        batch_ids=tuple(batch.batch_id for batch in BATCHES),
        big_batch_id=BIG.batch_id,
        requests=SAMPLE_REQUESTS,
    )


def make_rows(
    rng: np.random.Generator,
    as_of: datetime,
    learners: int,
    seal: Callable[[str], str],
    seal_elsewhere: Callable[[str], str],
) -> Rows:
    people = make_people(rng, learners, seal, as_of)
    seats = make_seats(rng, people, learners, as_of)
    rows: Rows = {
        "course_batch": batch_rows(as_of),
        "content_hierarchy": [*hierarchy_rows(), *textbook_hierarchy_rows()],
        "content": [*content_rows(), *textbook_content_rows()],
        "organisation": organisation_rows(),
        "location": location_rows(),
        "system_settings": system_setting_rows(),
        "users": people.users,
        "usr_external_identity": people.external_ids,
        "user_consent": people.consents,
        "guardian_consent": [],
        "user_content_consumption": [],
        "user_enrolments": [enrolment_row(seat) for seat in seats],
        "user_activity_agg": [row for seat in seats for row in activity_rows(seat)],
        "assessment_aggregator": [
            attempt_row(seat.user_id, seat.batch.course.course_id, seat.batch.batch_id, attempt)
            for seat in seats
            for attempt in seat.attempts
        ],
    }
    for table, more in edge_rows(as_of, seal, seal_elsewhere).items():
        rows[table] += more
    for table, more in repair_rows(as_of, seal).items():
        rows[table] += more
    rows["groups"], rows["group_activity"] = group_rows(), group_activity_rows()
    rows["group_member"] = group_member_rows(rows["user_enrolments"], as_of)
    rows["certificate_registry"] = registry_rows(rows["user_enrolments"], as_of)
    rows["certificate_issue_failure"] = failure_rows(as_of)
    rows["framework"], rows["channel_framework"] = framework_rows(), channel_framework_rows()
    # No platform hands its rows over in order.
    for table in ("user_enrolments", "user_activity_agg", "assessment_aggregator", "users"):
        rows[table] = [rows[table][int(i)] for i in rng.permutation(len(rows[table]))]
    return rows


def write_table(folder: Path, table: str, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if table in JSON_LINES:
        columns = dict.fromkeys(RAW_TABLES[table].columns)
        tables.write_json_lines(folder, [columns | row for row in rows])
    elif table in CSV:
        tables.write_csv(folder, rows)
    else:
        tables.write_parquet(folder, rows, tables.raw_schema(table))


def secret_text(rng: np.random.Generator, length: int) -> str:
    letters = string.ascii_letters + string.digits
    return "".join(letters[int(i)] for i in rng.integers(len(letters), size=length))


def write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Closed to others before anything is in it.
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text + "\n", encoding="utf-8")
