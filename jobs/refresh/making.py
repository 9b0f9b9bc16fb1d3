"""A version of one table, written aside: whole, or only what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.refresh.corrections import corrections_of
from jobs.refresh.incremental import (
    changed_part,
    input_fingerprints,
    link_kept,
    note,
    notes_of,
    part_by_fingerprints,
    rows_of,
)
from jobs.refresh.plan import READS
from jobs.refresh.quarantine import keep_out
from jobs.refresh.reading import clean_table, progress_table, raw_tables
from jobs.settings import Settings
from jobs.sources.erased import without_learners
from jobs.sources.keys import first_of_key
from jobs.sources.raw import Refined
from jobs.storage.catalogue import Source
from jobs.storage.lake import (
    BUCKET,
    RANK,
    Written,
    clustered,
    has_repeated_key,
    ranked,
    remove_version,
    write_clustered,
)
from jobs.storage.quarantine import counted, folder_of
from jobs.storage.snapshots import Quarantined, Snapshot, latest, needed
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

log = structlog.get_logger()


@dataclass(frozen=True)
class Bench:
    """What every table of one refresh is made with."""

    spark: SparkSession
    settings: Settings
    store: Store
    sources: dict[str, Source]
    clock: Callable[[], datetime]
    erased: frozenset[str] = frozenset()
    is_brief: bool = False


def make_clean(
    bench: Bench, contract: Contract, now: datetime
) -> tuple[Written, list[Quarantined], dict[str, int]]:
    """The version aside, what was kept out of it, and the rows read where all were."""
    settings, buckets = bench.settings, bench.settings.lake_buckets
    raw = {
        name: without_learners(rows, bench.erased)
        for name, rows in raw_tables(bench.spark, bench.sources, contract.name).items()
    }
    main = READS[contract.name][0]
    with bench.store.transaction() as connection:
        before = latest(connection, contract.name)
    part = changed_part(
        contract.name,
        raw[main],
        bench.sources[main].changed_at if main in bench.sources else None,
        before,
        buckets=buckets,
        now=now,
        full_every=timedelta(hours=settings.full_refresh_hours),
    )
    corrections = corrections_of(bench.store, contract)
    part = corrections.widened(part, buckets=buckets)
    if part is not None:
        raw[main] = rows_of(contract.name, raw[main], part)
    refined = corrections.applied(bench.spark, clean_table(contract.name, raw, settings))
    written = write_single(bench, contract, refined)
    read = {name: raw[name].count() for name in refined.kept_out}
    quarantined = keep_out(contract, refined, read, written, buckets=buckets)
    if part is None:
        note(written.path, {"full_at": now.isoformat()})
        return written, quarantined, read
    whole = link_kept(written, part)
    note(written.path, notes_of(part.before.path))
    log.info("only changed buckets made", table=contract.name, buckets=len(part.changed))
    return whole, counted(folder_of(written.path)), {}


def write_single(bench: Bench, contract: Contract, refined: Refined) -> Written:
    """One row per key, written aside.

    Most platforms hold a key once, and choosing among rows is a quarter of the work: a large table
    is written as it is, looked through, and made anew if a key does stand there twice.
    """
    settings = bench.settings
    rows = clustered(refined.rows, contract.key[0], buckets=settings.lake_buckets)
    rows = ranked(rows, contract.key)
    if not bench.is_brief:
        as_is = rows.select(BUCKET, RANK, *contract.columns)
        written = write_clustered(as_is, contract, settings.clean_lake)
        if not has_repeated_key(Path(written.path), contract):
            return written
        remove_version(written.path)
        log.info("a key is there more than once", table=contract.name)
    single = first_of_key(rows, contract, refined.best_first, within=BUCKET, rank=RANK)
    return write_clustered(single, contract, settings.clean_lake)


def make_progress(bench: Bench) -> tuple[Written, datetime]:
    """The version aside, and when the oldest of what it is made of was read."""
    settings, buckets = bench.settings, bench.settings.lake_buckets
    inputs = _published(bench.store, READS[PROGRESS.name])
    with bench.store.transaction() as connection:
        before = latest(connection, PROGRESS.name)
    # A table with other columns than before is made anew too.
    rules = " ".join([settings.report_timezone, str(settings.best_score), *PROGRESS.columns])
    fingerprints = input_fingerprints(inputs, rules)
    part = part_by_fingerprints(fingerprints, before, buckets=buckets)
    some = None if part is None else sorted(part.changed)
    rows = progress_table(bench.spark, inputs, settings, buckets=some)
    written = write_clustered(rows, PROGRESS, settings.clean_lake)
    if part is not None:
        written = link_kept(written, part)
        log.info("only changed buckets made", table=PROGRESS.name, buckets=len(part.changed))
    note(written.path, {"fingerprints": fingerprints})
    return written, min(snapshot.data_as_of for snapshot in inputs.values())


def _published(store: Store, tables: tuple[str, ...]) -> dict[str, Snapshot]:
    with store.transaction() as connection:
        what = "The table `progress` is made of"
        return needed(connection, tables, what=what, and_then=PROGRESS.name)
