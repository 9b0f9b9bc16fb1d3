"""Batch status: judge every batch for an instant, write what moved, and tell the LMS."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.batches.lms.job import Told, configured, tell_lms
from jobs.batches.moves import HELD, STAGED, moves
from jobs.batches.status import dated_batches, kept_out, today_at
from jobs.contracts.batches import BATCH_STATUS
from jobs.contracts.raw import COURSE_BATCH
from jobs.errors import ContractError, UnavailableError
from jobs.quality.job import checked, record
from jobs.quality.verdicts import Verdict, stop_on_failure
from jobs.settings import Settings
from jobs.storage import batch_drift
from jobs.storage import batch_status as table
from jobs.storage.catalogue import Source, load_catalogue, source_in
from jobs.storage.lake import read_raw
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

log = structlog.get_logger()

SMALL_BYTES = 4 << 20
# How far from the clock an instant may be and still count as now.
NOW_IS = timedelta(minutes=5)


@dataclass(frozen=True)
class StatusRun:
    """What one run found: counts by name, and what came of each target of the LMS."""

    moved: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    kept_out: dict[str, int] = field(default_factory=dict)
    written_count: int = 0
    told: dict[str, Told] = field(default_factory=dict)
    drift: dict[str, int] = field(default_factory=dict)


def run_batch_status(
    settings: Settings,
    store: Store,
    *,
    at: datetime,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    force: bool = False,
) -> StatusRun:
    """Judge all batches for `at`; an instant that is not now is told to nobody unless forced.

    Raises UnavailableError where another run is at work or `course_batch` is not there,
    ContractError where it lacks a required column, GateError where a check fails.
    """
    with store.transaction() as holding:
        if not table.lock(holding):
            raise UnavailableError(
                "Another batch-status run is at work on this store, and there is never more than"
                " one. Wait until it has ended; it does this one's work too."
            )
        run = judge(settings, store, at=at, now=clock(), dry_run=dry_run)
        told = {} if dry_run else publish(settings, store, at=at, clock=clock, force=force)
        with store.transaction() as connection:
            drift = batch_drift.drift(connection)
    log.info(
        "batch status", at=at.isoformat(), written=run.written_count, moved=run.moved,
        problems=run.problems, kept_out=run.kept_out, drift=drift, is_dry=dry_run,
    )  # fmt: skip
    return StatusRun(**(vars(run) | {"told": told, "drift": drift}))


def judge(
    settings: Settings, store: Store, *, at: datetime, now: datetime, dry_run: bool
) -> StatusRun:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    source = source_in(sources, COURSE_BATCH.name)
    aside = settings.clean_lake / BATCH_STATUS.name / uuid.uuid4().hex
    today = today_at(at, settings.report_timezone)
    try:
        with store.transaction() as connection:
            table.export_held(connection, aside / "held.parquet")
        left_out = compare(settings, source, aside, today=today)
        if left_out is None:
            log.warning("course_batch is empty: no batch is judged, all stay as they are")
            return StatusRun()
        return write(settings, store, aside, left_out, at=at, now=now, dry_run=dry_run)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def compare(
    settings: Settings, source: Source, aside: Path, *, today: date
) -> dict[str, int] | None:
    """Write aside what must move; returns the rows that are no batch, None for no rows at all."""
    size = source.byte_count
    is_brief = size is not None and size < SMALL_BYTES
    with spark_session(settings, name="batch-status", is_brief=is_brief) as spark:
        course_batch = read_raw(spark, source, COURSE_BATCH)
        if course_batch is None:
            raise UnavailableError(
                f"The raw table `course_batch` ({COURSE_BATCH.grain}) is needed and is not there:"
                f" {source.path or 'no path in the lake catalogue'}. Put its files there, or name"
                " its place in SUNBIRD_BATCH_LAKE_CATALOGUE."
            )
        batches = dated_batches(course_batch, timezone=settings.report_timezone)
        if course_batch.isEmpty():
            return None
        held = spark.read.schema(HELD).parquet(str(aside / "held.parquet"))
        moves(batches, held, today=today).write.parquet(str(aside / "moves"))
        rows = kept_out(course_batch).collect()
    return {row.reason: row.row_count for row in rows}


def write(
    settings: Settings,
    store: Store,
    aside: Path,
    left_out: dict[str, int],
    *,
    at: datetime,
    now: datetime,
    dry_run: bool,
) -> StatusRun:
    targets = configured(settings)
    with store.transaction() as connection:
        staged = table.stage(connection, aside / "moves", STAGED)
        table.write_moves(connection, at=at, now=now)
        table.oblige(connection, targets, now=now)
        counted = table.counts(connection)
        run = StatusRun(
            moved=counted["moved"],
            by_status=counted["by_status"],
            problems=counted["problems"],
            kept_out=left_out,
            written_count=staged,
        )
        refuse_all_bad(run)
        verdicts = check(connection, settings, run, at=at, now=now)
        failed = any(one.severity == "fail" and one.verdict == "failed" for one in verdicts)
        if dry_run or failed:
            connection.rollback()
    if not dry_run and (staged or failed):
        # A rerun that wrote nothing leaves nothing, and a failure is kept although its rows went.
        with store.transaction() as connection:
            record(connection, verdicts, now)
    stop_on_failure(verdicts)
    return run


def refuse_all_bad(run: StatusRun) -> None:
    if run.kept_out and not run.by_status:
        told = ", ".join(f"{reason} ({n})" for reason, n in run.kept_out.items())
        raise ContractError(
            f"No row of the raw table `course_batch` can be used: {told}. Nothing was written. A"
            " column of that name is missing or in another form: mend the source."
        )


def check(
    connection: Connection[DictRow],
    settings: Settings,
    run: StatusRun,
    *,
    at: datetime,
    now: datetime,
) -> list[Verdict]:
    parameters = {"today": today_at(at, settings.report_timezone), "now": now}
    total = sum(run.by_status.values())
    return checked(connection, "batches", parameters, subject=BATCH_STATUS.name, row_count=total)


def publish(
    settings: Settings, store: Store, *, at: datetime, clock: Callable[[], datetime], force: bool
) -> dict[str, Told]:
    now = clock()
    if not configured(settings):
        log.info("no target of the LMS is configured: the table batch_status alone is written")
        return {}
    if abs(now - at) > NOW_IS and not force:
        log.info("the instant is not now: the LMS is told nothing", at=at.isoformat())
        return {}
    return tell_lms(settings, store, now=now)


def list_drift(store: Store, *, limit: int) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """What the LMS has not taken yet: counts by target, and the oldest duties."""
    with store.transaction() as connection:
        return batch_drift.drift(connection), batch_drift.drift_rows(connection, limit=limit)
