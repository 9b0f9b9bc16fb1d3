"""Refresh: raw tables into published snapshots, in one Spark application."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import EXHAUST_TABLES, PROGRESS
from jobs.contracts.raw import RAW_TABLES
from jobs.contracts.responses import RESPONSES
from jobs.errors import BatchError, ContractError
from jobs.quality.job import record
from jobs.quality.verdicts import exact
from jobs.refresh.making import Bench, make_clean, make_progress
from jobs.refresh.plan import TABLES, due_tables, wanted_tables
from jobs.refresh.responses import make_responses
from jobs.settings import Settings
from jobs.sources.corrections import TAKEN_OUT
from jobs.storage.catalogue import Source, load_catalogue
from jobs.storage.crash_points import crash_point
from jobs.storage.erasures import erased, refuse_newly_erased
from jobs.storage.lake import Written, remove_version
from jobs.storage.purging import purge
from jobs.storage.snapshots import Quarantined, Snapshot, latest, publish
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

log = structlog.get_logger()

# While one table is planned by the driver, the executors work on another.
SIDE_BY_SIDE = 2

SMALL_BYTES = 32 << 20


@dataclass(frozen=True)
class Refreshed:
    """What became of one table; `quarantined` counts rows kept out by source table and reason."""

    table: str
    row_count: int
    quarantined: dict[str, int]
    seconds: float


def run_refresh(
    settings: Settings,
    store: Store,
    *,
    tables: list[str],
    due_only: bool,
    clock: Callable[[], datetime],
) -> list[Refreshed]:
    """Refresh the tables named (all where none is), or those among them that are due.

    Raises RequestError for a table that there is not; ContractError or UnavailableError for the
    first source that cannot be used, after every table that does not need it is published.
    """
    wanted = wanted_tables(tables)
    if due_only:
        wanted = due_tables(
            wanted,
            published_as_of(store, wanted),
            now=clock(),
            fast=timedelta(minutes=settings.fresh_minutes),
            slow=timedelta(minutes=settings.slow_fresh_minutes),
        )
    if not wanted:
        return []
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    is_brief = is_small(sources)
    with spark_session(settings, name="refresh", is_brief=is_brief) as spark:
        with store.transaction() as connection:
            gone = frozenset(erased(connection))
        bench = Bench(spark, settings, store, sources, clock, gone, is_brief)
        clean = [name for name in wanted if name not in EXHAUST_TABLES]
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            tried = list(pool.map(lambda name: _tried(bench, name), clean))
        if PROGRESS.name in wanted and not any(isinstance(one, BatchError) for one in tried):
            tried.append(_tried(bench, PROGRESS.name))
        if RESPONSES.name in wanted:
            # Made of raw tables alone, and last: whoever waits for progress does not wait for it.
            tried.append(_tried(bench, RESPONSES.name))
    broken = [outcome for outcome in tried if isinstance(outcome, BatchError)]
    if broken:
        raise broken[0]
    return [outcome for outcome in tried if isinstance(outcome, Refreshed)]


def is_small(sources: dict[str, Source]) -> bool:
    """Whether all raw tables together are a few megabytes on this machine."""
    sizes = [sources[name].byte_count for name in RAW_TABLES if name in sources]
    return None not in sizes and sum(size or 0 for size in sizes) < SMALL_BYTES


def published_as_of(store: Store, tables: list[str]) -> dict[str, datetime | None]:
    """When the source of each table's published version was read; None where there is none."""
    with store.transaction() as connection:
        found = {name: latest(connection, name) for name in tables}
    return {name: snapshot.data_as_of if snapshot else None for name, snapshot in found.items()}


def _tried(bench: Bench, name: str) -> Refreshed | BatchError:
    try:
        return refresh_table(bench, TABLES[name])
    except BatchError as error:
        log.error("table not refreshed", table=name, error=type(error).__name__)
        return error


def refresh_table(bench: Bench, contract: Contract) -> Refreshed:
    began, data_as_of = time.monotonic(), bench.clock()
    read: dict[str, int] = {}
    quarantined: list[Quarantined] = []
    if contract.name == PROGRESS.name:
        written, data_as_of = make_progress(bench)
    elif contract.name == RESPONSES.name:
        written, quarantined = make_responses(bench)
    else:
        written, quarantined, read = make_clean(bench, contract, data_as_of)
    _refuse_all_bad(contract, written, quarantined)
    _publish(bench, contract, written, quarantined, read, data_as_of)
    by_reason: dict[str, int] = {}
    for kept_out in quarantined:
        reason = f"{kept_out.source_table}.{kept_out.reason}"
        by_reason[reason] = by_reason.get(reason, 0) + kept_out.row_count
    seconds = round(time.monotonic() - began, 1)
    log.info(
        "table refreshed",
        table=contract.name,
        rows=written.row_count,
        quarantined=by_reason,
        seconds=seconds,
    )
    return Refreshed(contract.name, written.row_count, by_reason, seconds)


def _refuse_all_bad(contract: Contract, written: Written, kept_out: list[Quarantined]) -> None:
    main = contract.source.split(",")[0]
    known = ("duplicate", TAKEN_OUT)
    bad = [row for row in kept_out if row.source_table == main and row.reason not in known]
    if written.row_count == 0 and bad:
        remove_version(written.path)
        told = ", ".join(sorted({f"{row.reason} ({row.row_count})" for row in bad}))
        raise ContractError(
            f"No row of the raw table `{main}` can be used: {told}. The version published before"
            " stays. A column of that name is missing or in another form: mend the source."
        )


def _publish(
    bench: Bench,
    contract: Contract,
    written: Written,
    quarantined: list[Quarantined],
    read: dict[str, int],
    data_as_of: datetime,
) -> None:
    crash_point("refresh: version written")
    now = bench.clock()
    snapshot = Snapshot(
        snapshot_id=written.snapshot_id,
        table_name=contract.name,
        path=written.path,
        buckets=bench.settings.lake_buckets,
        row_count=written.row_count,
        quarantined_count=sum(row.row_count for row in quarantined),
        data_as_of=data_as_of,
        published_at=now,
    )
    main = contract.source.split(",")[0]
    kept_out = sum(row.row_count for row in quarantined if row.source_table == main)
    check = f"rows of {main} are accepted or kept out with a reason"
    # Collections come of two sources, and activity has contexts that are not batches.
    is_one_to_one = main in read and contract.name not in ("collections", "activity")
    with bench.store.transaction() as connection:
        made, aside = f"`{contract.name}`", written.path
        refuse_newly_erased(connection, bench.erased, made=made, aside=aside)
        if is_one_to_one:
            verdict = exact(contract.name, check, written.row_count + kept_out, read[main])
            record(connection, [verdict], now)
        publish(connection, snapshot, quarantined)
        crash_point("refresh: before the commit")
    crash_point("refresh: published")
    settings = bench.settings
    purge(bench.store, settings.clean_lake, contract, kept=settings.snapshots_kept, now=now)
