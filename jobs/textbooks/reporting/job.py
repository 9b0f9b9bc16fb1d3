"""The weekly reports on textbooks: made in one Spark application, checked, published as files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.contract import Contract
from jobs.contracts.raw import ORGANISATION
from jobs.contracts.textbook_reports import (
    OVERALL,
    OWN,
    QR_STATUS_SUMMARY,
    TENANT,
    TEXTBOOK_CREATION,
    TEXTBOOK_CREATION_SUMMARY,
    TEXTBOOK_REPORT_TABLES,
    TOTAL,
)
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.errors import RequestError
from jobs.quality.metrics.job import publish_partitions
from jobs.settings import Settings
from jobs.sources.raw import typed, usable
from jobs.sources.tenants import usage_tenants
from jobs.storage.adoptions import adoptions
from jobs.storage.aside import file_aside, folder_aside
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.code_scans import export_code_scans
from jobs.storage.crash_points import crash_point
from jobs.storage.lake import read_clustered, read_raw
from jobs.storage.metric_queries import run_metric
from jobs.storage.metrics import Partition
from jobs.storage.snapshots import Snapshot, needed
from jobs.storage.spark import spark_session
from jobs.storage.store import Store
from jobs.storage.stored import Objects
from jobs.textbooks.aggregates import aggregate_files
from jobs.textbooks.files import Lines, as_csv, listing_files
from jobs.textbooks.views import report_views
from jobs.textbooks.weeks import Week, folders_of, week_at

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

FILES = "portal_dashboards"
# Below this many textbooks the second compiler's work does not pay.
FEW_TEXTBOOKS = 20_000
CODE_SCANS = "code_scans.parquet"
FILES_AT_ONCE, TABLES_AT_ONCE = 8, 2


@dataclass(frozen=True)
class Reported:
    """What a run published: rows by table, files, figures of all, textbooks not counted."""

    week: Week
    rows: dict[str, int]
    file_count: int
    by_status: dict[str, int]
    adopted_count: int
    not_counted: list[str]
    scanned_code_count: int


def run_textbook_reports(
    settings: Settings, store: Store, objects: Objects, *, as_of: datetime, now: datetime
) -> Reported:
    """Make and publish the reports of the week of `as_of`; a week made again is replaced.

    Raises RequestError for another week than now's, UnavailableError where `textbooks` was never
    refreshed, GateError where a check fails: then the tables and files stay as they are.
    """
    week = week_at(as_of, settings.report_timezone)
    if week.starts_on != week_at(now, settings.report_timezone).starts_on:
        raise RequestError(
            f"The week of {week.starts_on} cannot be reported: textbooks are known as they are"
            " now, not as they were. Leave --as-of away, or give an instant of this week."
        )
    snapshot, held = published(store)
    with folder_aside(settings.clean_lake / "textbook_reports") as aside:
        with store.transaction() as connection:
            scans = export_code_scans(
                connection,
                aside / CODE_SCANS,
                first_on=week.scans_from,
                last_on=week.scans_until,
            )
        make(settings, snapshot, held, aside, week=week, as_of=as_of)
        partitions = [
            Partition(contract, aside / name, snapshot.data_as_of, {"week_on": week.starts_on})
            for name, contract in TEXTBOOK_REPORT_TABLES.items()
        ]
        rows = publish_partitions(store, partitions, now=now)
        crash_point("textbook reports: tables published")
        tables = {
            name: pq.read_table(aside / name, schema=contract.arrow_schema())
            for name, contract in TEXTBOOK_REPORT_TABLES.items()
        }
        files = publish_files(settings, objects, tables)
    reported = told(week, tables, rows, files, scans)
    log.info(
        "textbook reports", week=week.starts_on.isoformat(), rows=rows, files=files,
        scanned_codes=scans, textbooks=reported.by_status, not_counted=len(reported.not_counted),
    )  # fmt: skip
    return reported


def published(store: Store) -> tuple[Snapshot, pa.Table]:
    """The textbooks as of the last refresh, and every adoption there ever was."""
    with store.transaction() as connection:
        found = needed(connection, [TEXTBOOKS.name], what="The textbook reports are made of")
        rows = adoptions(connection)
    held = pa.Table.from_pylist(rows, schema=TEXTBOOK_ADOPTION.arrow_schema())
    return found[TEXTBOOKS.name], held


def make(
    settings: Settings,
    snapshot: Snapshot,
    held: pa.Table,
    aside: Path,
    *,
    week: Week,
    as_of: datetime,
) -> None:
    """Stage the rows of every table, in one Spark application."""
    pq.write_table(held, aside / "adoptions.parquet")
    is_brief = snapshot.row_count < FEW_TEXTBOOKS
    with spark_session(settings, name="textbook-reports", is_brief=is_brief) as spark:
        views = read_views(spark, settings, snapshot, aside, as_of=as_of)
        parameters = {"week_on": week.starts_on}

        def write(contract: Contract) -> None:
            found = run_metric(spark, f"textbooks/{contract.name}", views, parameters)
            contract.conform(found).write.parquet(str(aside / contract.name))

        # While one table is planned by the driver, the executors work on another.
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            list(pool.map(write, TEXTBOOK_REPORT_TABLES.values()))


def read_views(
    spark: SparkSession, settings: Settings, snapshot: Snapshot, aside: Path, *, as_of: datetime
) -> dict[str, DataFrame]:
    """What the queries read, each computed once."""

    def keep(frame: DataFrame, name: str) -> DataFrame:
        frame.write.parquet(str(aside / "kept" / name))
        return spark.read.schema(frame.schema).parquet(str(aside / "kept" / name))

    held = spark.read.schema(TEXTBOOK_ADOPTION.spark_schema()).parquet(
        str(aside / "adoptions.parquet")
    )
    return report_views(
        read_clustered(spark, TEXTBOOKS, snapshot.path),
        held,
        keep(usage_tenants(organisations(spark, settings)), "tenants"),
        spark.read.parquet(str(aside / CODE_SCANS)),
        as_of=as_of,
        timezone=settings.report_timezone,
        keep=keep,
    )


def organisations(spark: SparkSession, settings: Settings) -> DataFrame:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    source = source_in(sources, ORGANISATION.name)
    found = read_raw(spark, source, ORGANISATION)
    if found is None:
        log.warning("raw table absent, no tenant has a file", table=ORGANISATION.name)
        return spark.createDataFrame([], ORGANISATION.spark_schema())
    return usable(typed(found, ORGANISATION))


def publish_files(settings: Settings, objects: Objects, tables: dict[str, pa.Table]) -> int:
    """Every file of every tenant, of those without textbooks too; returns how many."""
    slugs = {
        row["owner_channel"]: row["owner_slug"]
        for row in tables[QR_STATUS_SUMMARY.name].to_pylist()
        if row["owner_scope"] == TENANT and row["owner_slug"]
    }
    folders = folders_of(slugs)
    files = chain(listing_files(tables, folders), aggregate_files(tables, folders))
    # A file is small, and most of its time is waiting for the disk or the bucket to say that it is
    # kept.
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        return sum(pool.map(lambda file: put(settings, objects, *file), files))


def put(settings: Settings, objects: Objects, name: str, lines: Lines) -> int:
    with file_aside(settings.home / "tmp") as (path, file):
        file.write(as_csv(lines))
        file.flush()
        objects.put(f"{FILES}/{name}", path)
    return 1


def told(
    week: Week, tables: dict[str, pa.Table], rows: dict[str, int], files: int, scans: int
) -> Reported:
    summed = [
        row
        for row in tables[TEXTBOOK_CREATION_SUMMARY.name].to_pylist()
        if row["owner_scope"] == OVERALL and row["dimension"] == TOTAL
    ]
    own = next(row for row in summed if row["ownership"] == OWN)
    problems = {
        row["version_id"]
        for row in tables[TEXTBOOK_CREATION.name].to_pylist()
        if row["hierarchy_problem"]
    }
    return Reported(
        week=week,
        rows=rows,
        file_count=files,
        by_status={name: own[f"{name}_count"] for name in ("live", "review", "draft")},
        adopted_count=next(r["live_count"] for r in summed if r["ownership"] == "adopted"),
        not_counted=sorted(problems),
        scanned_code_count=scans,
    )
