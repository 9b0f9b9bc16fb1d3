"""Proposals to mend enrolments: found with the night or by command, listed, approved."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.mends import write_statements
from jobs.certificates.nightly.job import published, stage_repairs
from jobs.certificates.repairs import REPAIRS
from jobs.certificates.report import write_rows
from jobs.contracts.repairs import APPROVED, PROPOSED, UNKNOWN
from jobs.settings import Settings
from jobs.storage import enrolment_repairs as table
from jobs.storage.aside import folder_aside
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

COLUMNS = (
    "problem", "state", "batch_id", "course_id", "user_id", "proposed_value", "stale_contents",
    "basis", "held_status", "data_as_of", "first_seen_at", "approved_at", "approved_by",
)  # fmt: skip
PAGE = 5000


@dataclass(frozen=True)
class Repairs:
    """What was found by problem, how many were approved, and where the files are."""

    counts: dict[str, int]
    approved_count: int = 0
    files: dict[str, str] = field(default_factory=dict)


def repair_enrolments(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    as_of: datetime,
    apply: bool,
    by: str,
    batch_id: str | None = None,
    list_to: Path | None = None,
) -> Repairs:
    """Look at every enrolment now; applied, approve what is proposed and write what to run.

    Nothing of the platform is written. A dry run keeps nothing but the list that is asked for.
    """
    snapshots = published(store)
    data_as_of = min(one.data_as_of for one in snapshots.values())
    staged = settings.clean_lake / "enrolment_repair" / f".{uuid.uuid4().hex}"
    try:
        stage_repairs(settings, snapshots, staged, as_of=as_of)
        with store.transaction() as connection, folder_aside() as aside:
            table.merge(connection, staged, REPAIRS, as_of=as_of, data_as_of=data_as_of)
            approved = (
                table.approve(connection, batch_id=batch_id, by=by, now=as_of) if apply else 0
            )
            counts = table.counts(connection)
            if list_to is not None:
                write_list(settings, connection, list_to, as_of=as_of, batch_id=batch_id)
            if apply:
                files = write_files(
                    settings, connection, objects, aside, as_of=as_of, batch_id=batch_id
                )
            else:
                files = {}
                connection.rollback()
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    log.info("enrolment repairs", is_dry=not apply, approved=approved, **counts)
    return Repairs(counts, approved, files)


def merge_night(
    connection: Connection[DictRow], folder: Path, *, as_of: datetime, data_as_of: datetime
) -> dict[str, int]:
    """The night's proposals into those that are known; what waits, by problem."""
    table.merge(connection, folder, REPAIRS, as_of=as_of, data_as_of=data_as_of)
    return table.counts(connection)


def open_repairs(
    connection: Connection[DictRow], *, batch_id: str | None = None
) -> Iterator[list[dict[str, Any]]]:
    """What waits for a person or for the platform, a page at a time."""
    return table.rows(
        connection, page=PAGE, states=(PROPOSED, UNKNOWN, APPROVED), batch_id=batch_id
    )


def write_list(
    settings: Settings,
    connection: Connection[DictRow],
    path: Path,
    *,
    as_of: datetime,
    batch_id: str | None = None,
) -> int:
    """The open proposals as a file that a spreadsheet opens; returns its rows."""
    pages = open_repairs(connection, batch_id=batch_id)
    today = as_of.astimezone(ZoneInfo(settings.report_timezone)).date()
    return write_rows(path, COLUMNS, pages, today=today)


def write_files(
    settings: Settings,
    connection: Connection[DictRow],
    objects: Objects,
    aside: Path,
    *,
    as_of: datetime,
    batch_id: str | None,
) -> dict[str, str]:
    """The list and the statements of what is approved, in the object store: key by name."""
    approved = table.rows(connection, page=PAGE, states=(APPROVED,), batch_id=batch_id)
    statements = aside / "enrolment-repairs.cql"
    write_statements(statements, approved)
    listed = aside / "enrolment-repairs.csv"
    write_list(settings, connection, listed, as_of=as_of, batch_id=batch_id)
    today = as_of.astimezone(ZoneInfo(settings.report_timezone)).date()
    files = {}
    for path in (listed, statements):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        key = f"reports/enrolment-repairs/{today.isoformat()}/{digest}/{path.name}"
        objects.put(key, path)
        files[path.name] = key
    return files
