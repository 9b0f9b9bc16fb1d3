"""Refresh: raw tables into published snapshots, in one Spark application."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.raw import RAW_TABLES
from jobs.errors import ContractError, UnavailableError
from jobs.exhausts.progress import progress
from jobs.refresh.encryption import encrypted
from jobs.refresh.plan import NEEDED, READS, TABLES, due_tables, wanted_tables
from jobs.settings import Settings
from jobs.sources.activity import activity, attempts
from jobs.sources.batches import batches
from jobs.sources.collections import collections
from jobs.sources.enrolments import enrolments
from jobs.sources.hierarchy import Kinds
from jobs.sources.learners import learners
from jobs.sources.raw import Refined, typed
from jobs.storage.catalogue import Source, load_catalogue
from jobs.storage.lake import (
    Written,
    read_clustered,
    read_raw,
    remove_unpublished,
    remove_version,
    write_clustered,
)
from jobs.storage.snapshots import Quarantined, Snapshot, forget, latest, publish, versions
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()


@dataclass(frozen=True)
class Refreshed:
    """What became of one table."""

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

    Raises RequestError for a table that there is not, ContractError and UnavailableError for a
    source that cannot be used; the tables published before the error stay published.
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
    with spark_session(settings, name="refresh") as spark:
        return [
            _refresh_table(spark, settings, store, sources, TABLES[name], clock) for name in wanted
        ]


def published_as_of(store: Store, tables: list[str]) -> dict[str, datetime | None]:
    """When the source of each table's published version was read; None where there is none."""
    with store.transaction() as connection:
        found = {name: latest(connection, name) for name in tables}
    return {name: snapshot.data_as_of if snapshot else None for name, snapshot in found.items()}


def _refresh_table(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    sources: dict[str, Source],
    contract: Contract,
    clock: Callable[[], datetime],
) -> Refreshed:
    began, started = time.monotonic(), clock()
    if contract.name == PROGRESS.name:
        inputs = _published(store, READS[contract.name])
        refined = _progress(spark, settings, inputs)
        data_as_of = min(snapshot.data_as_of for snapshot in inputs.values())
    else:
        raws = {name: _raw(spark, sources, RAW_TABLES[name]) for name in READS[contract.name]}
        refined = _clean(contract.name, raws, settings)
        data_as_of = started
    written = write_clustered(
        refined.rows, contract, settings.clean_lake, buckets=settings.lake_buckets
    )
    quarantined = _quarantined(refined.quarantined)
    _refuse_all_bad(contract, written, quarantined)
    _publish(settings, store, contract, written, quarantined, data_as_of, clock())
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


def _raw(spark: SparkSession, sources: dict[str, Source], contract: Contract) -> DataFrame:
    absent = Source(contract.name, None, None)
    found = read_raw(spark, sources.get(contract.name, absent), contract)
    if found is not None:
        return found
    if contract.name in NEEDED:
        place = sources.get(contract.name, absent).path or "no path in the lake catalogue"
        raise UnavailableError(
            f"The raw table `{contract.name}` ({contract.grain}) is needed and is not there:"
            f" {place}. Put its files there, or name its place in SUNBIRD_BATCH_LAKE_CATALOGUE."
        )
    log.warning("raw table absent, read as empty", table=contract.name)
    return spark.createDataFrame([], contract.spark_schema())


def _clean(table: str, raws: dict[str, DataFrame], settings: Settings) -> Refined:
    read = {name: typed(frame, RAW_TABLES[name]) for name, frame in raws.items()}
    if table == "batches":
        return batches(read["course_batch"], timezone=settings.report_timezone)
    if table == "enrolments":
        told = "active" in {name.lower() for name in raws["user_enrolments"].columns}
        return enrolments(read["user_enrolments"], active_is_told=told)
    if table == "activity":
        return activity(read["user_activity_agg"])
    if table == "attempts":
        return attempts(read["assessment_aggregator"])
    if table == "learners":
        users, identities = read["users"], read["usr_external_identity"]
        return learners(
            encrypted(users, settings, "email", "phone"), identities, read["organisation"]
        )
    return collections(read["content_hierarchy"], read["content"], kinds=_kinds(settings))


def _kinds(settings: Settings) -> Kinds:
    return Kinds(
        nested_content_types=settings.nested_content_types,
        nested_visibilities=settings.nested_visibilities,
        assessment_content_types=settings.assessment_content_types,
        assessment_object_types=settings.assessment_object_types,
        assessment_categories=settings.assessment_categories,
    )


def _published(store: Store, tables: tuple[str, ...]) -> dict[str, Snapshot]:
    with store.transaction() as connection:
        found = {name: latest(connection, name) for name in tables}
    missing = [name for name, snapshot in found.items() if snapshot is None]
    if missing:
        raise UnavailableError(
            f"The table `progress` is made of {', '.join(missing)}, which was never refreshed."
            f" Run `python -m jobs refresh {' '.join(missing)} progress`."
        )
    return {name: snapshot for name, snapshot in found.items() if snapshot is not None}


def _progress(spark: SparkSession, settings: Settings, inputs: dict[str, Snapshot]) -> Refined:
    frames = {
        name: read_clustered(spark, CLEAN_TABLES[name], snapshot.path)
        for name, snapshot in inputs.items()
    }
    rows = progress(**frames, timezone=settings.report_timezone, best_score=settings.best_score)
    nothing = "source_table string, reason string, batch_id string"
    return Refined(rows, spark.createDataFrame([], nothing))


def _quarantined(rows: DataFrame) -> list[Quarantined]:
    counted = rows.groupBy("source_table", "reason", "batch_id").agg(F.count("*").alias("n"))
    return [
        Quarantined(row.source_table, row.reason, row.batch_id, row.n)
        for row in counted.orderBy("source_table", "reason", "batch_id").collect()
    ]


def _refuse_all_bad(contract: Contract, written: Written, kept_out: list[Quarantined]) -> None:
    main = contract.source.split(",")[0]
    bad = [row for row in kept_out if row.source_table == main and row.reason != "duplicate"]
    if written.row_count == 0 and bad:
        remove_version(written.path)
        told = ", ".join(sorted({f"{row.reason} ({row.row_count})" for row in bad}))
        raise ContractError(
            f"No row of the raw table `{main}` can be used: {told}. The version published before"
            " stays. A column of that name is missing or in another form: mend the source."
        )


def _publish(
    settings: Settings,
    store: Store,
    contract: Contract,
    written: Written,
    quarantined: list[Quarantined],
    data_as_of: datetime,
    now: datetime,
) -> None:
    snapshot = Snapshot(
        snapshot_id=written.snapshot_id,
        table_name=contract.name,
        path=written.path,
        buckets=settings.lake_buckets,
        row_count=written.row_count,
        quarantined_count=sum(row.row_count for row in quarantined),
        data_as_of=data_as_of,
        published_at=now,
    )
    with store.transaction() as connection:
        publish(connection, snapshot, quarantined)
    with store.transaction() as connection:
        old = versions(connection, contract.name)[settings.snapshots_kept :]
        for version in old:
            forget(connection, version)
        kept = {version.snapshot_id for version in versions(connection, contract.name)}
    for version in old:
        remove_version(version.path)
    remove_unpublished(settings.clean_lake, contract, kept, now)
