"""Stages the download ratios of some days, in a Spark application that its caller has started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract
from jobs.contracts.download_ratios import (
    CERTIFICATE_DOWNLOAD_RATIO_DAILY,
    REPORT_DOWNLOAD_RATIO_DAILY,
)
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS
from jobs.contracts.raw import COURSE_BATCH, ORGANISATION
from jobs.contracts.raw_certificates import CERTIFICATE_REGISTRY
from jobs.contracts.usage_events import CERTIFICATE_CLICK, REPORT_CLICK
from jobs.settings import Settings
from jobs.sources.raw import typed, usable
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.event_days import event_days, read_events, read_late_events
from jobs.storage.lake import read_clustered, read_raw
from jobs.storage.metric_queries import run_metric
from jobs.storage.metrics import Partition
from jobs.storage.report_deliveries import export_deliveries, export_own_certificates
from jobs.storage.snapshots import Snapshot, needed
from jobs.storage.store import Store
from jobs.usage.ratios.certificates import certificate_downloads, course_key, issued
from jobs.usage.ratios.clicks import cumulative_clicks
from jobs.usage.ratios.reports import report_batches, report_deliveries, report_downloads

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

CLEAN = {contract.name: contract for contract in (ENROLMENTS, BATCHES, COLLECTIONS)}
PROGRESS_EXHAUST = "progress-exhaust"
# A click is counted for each of the days after it.
DAYS_AT_ONCE = 10
CLICKS = (CERTIFICATE_CLICK, REPORT_CLICK)


@dataclass(frozen=True)
class Kept:
    """Frames that several queries read: written once, below a folder."""

    spark: SparkSession
    folder: Path

    def keep(self, frame: DataFrame, name: str) -> DataFrame:
        frame.write.mode("overwrite").parquet(str(self.folder / name))
        return self.spark.read.schema(frame.schema).parquet(str(self.folder / name))


def stage_ratios(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    days: Sequence[date],
    folder: Path,
) -> list[Partition]:
    """Both tables of each of the days, staged below the folder; published by the caller.

    Counts up to a day hold all events until then: a day that changed changes those after it.
    Raises UnavailableError where a table was never refreshed.
    """
    snapshots = published(store)
    with store.transaction() as connection:
        export_deliveries(
            connection,
            folder / "deliveries.parquet",
            job_id=PROGRESS_EXHAUST,
            timezone=settings.report_timezone,
        )
        export_own_certificates(connection, folder / "own_certificates.parquet")
        final = {one.day for one in event_days(connection, min(days), max(days)) if one.is_final}
    events = cumulative_clicks(
        read_events(spark, settings, store, settings.usage_launched_on, max(days), CLICKS),
        read_late_events(spark, settings, store, max(days), CLICKS),
        timezone=settings.report_timezone,
    )
    certificates, reports = views(spark, settings, snapshots, events, folder)
    data_as_of = min(one.data_as_of for one in snapshots.values())
    partitions = [
        partition
        for at in range(0, len(days), DAYS_AT_ONCE)
        for contract, of_table in (
            (CERTIFICATE_DOWNLOAD_RATIO_DAILY, certificates),
            (REPORT_DOWNLOAD_RATIO_DAILY, reports),
        )
        for partition in staged(
            spark,
            contract,
            of_table,
            folder,
            {day: day in final for day in sorted(days)[at : at + DAYS_AT_ONCE]},
            data_as_of,
        )
    ]
    log.info("download ratios staged", days=[day.isoformat() for day in sorted(days)])
    return partitions


def staged(
    spark: SparkSession,
    contract: Contract,
    of_table: Mapping[str, DataFrame],
    folder: Path,
    days: Mapping[date, bool],
    data_as_of: datetime,
) -> list[Partition]:
    """A table's partitions of some days, which maps them to whether they are final."""
    listed = spark.createDataFrame(list(days.items()), "day date, is_final boolean")
    named = {"days": F.broadcast(listed)}
    found = run_metric(
        spark, f"usage/{contract.name}", {**of_table, **named}, {"data_as_of": data_as_of}
    )
    path = folder / contract.name / min(days).isoformat()
    rows = contract.conform(found).withColumn("of_day", F.col("day"))
    rows.coalesce(1).write.partitionBy("of_day").parquet(str(path))
    return [
        Partition(contract, path / f"of_day={day.isoformat()}", data_as_of, {"day": day})
        for day in days
    ]


def views(
    spark: SparkSession,
    settings: Settings,
    snapshots: Mapping[str, Snapshot],
    events: DataFrame,
    folder: Path,
) -> tuple[dict[str, DataFrame], dict[str, DataFrame]]:
    """What the two queries read, by the names that they read it under."""
    keep = Kept(spark, folder / "kept").keep
    clean = {name: read_clustered(spark, CLEAN[name], snapshots[name].path) for name in CLEAN}
    raw = {
        contract.name: raw_or_empty(spark, settings, contract)
        for contract in (COURSE_BATCH, ORGANISATION, CERTIFICATE_REGISTRY)
    }
    zone = settings.report_timezone
    courses = keep(course_names(clean["collections"], clean["batches"]), "courses")
    given = issued(
        clean["enrolments"],
        raw[CERTIFICATE_REGISTRY.name],
        spark.read.parquet(str(folder / "own_certificates.parquet")),
        timezone=zone,
    )
    batches = keep(
        report_batches(
            clean["batches"], raw[COURSE_BATCH.name], raw[ORGANISATION.name],
            clean["collections"], timezone=zone,
        ),
        "report_batches",
    )  # fmt: skip
    deliveries = spark.read.parquet(str(folder / "deliveries.parquet"))
    certificates = {
        "issued_certificates": keep(given.certificates, "issued_certificates"),
        "certificate_downloads": keep(
            certificate_downloads(events, given), "certificate_downloads"
        ),
        "courses": courses,
    }
    reports = {
        "report_batches": batches,
        "report_downloads": keep(report_downloads(events, batches), "report_downloads"),
        "report_deliveries": report_deliveries(deliveries, batches),
        "courses": courses,
        "tenants": tenant_names(raw[ORGANISATION.name]),
    }
    return certificates, reports


def course_names(collections: DataFrame, batches: DataFrame) -> DataFrame:
    """Every course that has a batch, under its name of today."""
    of_batches = batches.select(course_key(F.col("collection_id")).alias("course_id")).distinct()
    names = collections.select(
        F.col("collection_id").alias("course_id"),
        F.col("collection_name").alias("course_name"),
        F.col("channel").alias("course_channel"),
    )
    return of_batches.join(names, on="course_id", how="left")


def tenant_names(organisations: DataFrame) -> DataFrame:
    roots = organisations.where("isrootorg AND channel IS NOT NULL")
    return roots.groupBy("channel").agg(F.min("orgname").alias("tenant_name"))


def raw_or_empty(spark: SparkSession, settings: Settings, contract: Contract) -> DataFrame:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    source = source_in(sources, contract.name)
    table = read_raw(spark, source, contract)
    if table is None:
        return spark.createDataFrame([], contract.spark_schema())
    return usable(typed(table, contract)).select(*contract.columns)


def published(store: Store) -> dict[str, Snapshot]:
    with store.transaction() as connection:
        return needed(connection, CLEAN, what="Download ratios are made of")
