"""The collection summary of a day: counted once by Spark, checked, published and exported."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import structlog
from pyspark.sql import functions as F

from jobs.contracts.collection_summary import COLLECTION_SUMMARY_DAILY
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.contracts.raw import CONTENT
from jobs.errors import RequestError
from jobs.quality.metrics.job import publish_partitions
from jobs.settings import Settings
from jobs.storage.aside import folder_aside
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.lake import read_clustered, read_raw, remove_unpublished
from jobs.storage.metric_queries import run_metric
from jobs.storage.metrics import Partition
from jobs.storage.objects import Objects
from jobs.storage.snapshots import Snapshot, needed, warn_if_old
from jobs.storage.spark import spark_session
from jobs.storage.store import Store
from jobs.summaries.collection_facts import collection_facts
from jobs.summaries.export import file_names, write_lines

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

READ = {contract.name: contract for contract in (BATCHES, PROGRESS, COLLECTIONS)}
# Below this many enrolments the second compiler's work does not pay.
FEW_ENROLMENTS = 200_000
PAGE = 20_000


@dataclass(frozen=True)
class Summary:
    """What a day came to; `unknown_batches` are enrolments that no batch was found for."""

    day: date
    row_count: int
    unknown_batches: int
    files: tuple[str, str]


def run_collection_summary(
    settings: Settings, store: Store, objects: Objects, *, as_of: datetime, now: datetime
) -> Summary:
    """Publish and export the summary of the day of `as_of`, in the place of one that is there.

    Raises UnavailableError where a table was never refreshed, RequestError where its data are of a
    later day, GateError where a check fails; then the day stays as it was.
    """
    zone = ZoneInfo(settings.report_timezone)
    day = as_of.astimezone(zone).date()
    snapshots = published(store)
    data_as_of = min(one.data_as_of for one in snapshots.values())
    if data_as_of.astimezone(zone).date() > day:
        raise RequestError(
            f"The tables hold what was so at {data_as_of.isoformat()}, and a summary of"
            f" {day.isoformat()} would tell that as an earlier day's. Take a day from then on."
        )
    warn_if_old(data_as_of, now, minutes=settings.summary_fresh_minutes)
    staged = settings.clean_lake / COLLECTION_SUMMARY_DAILY.name / f".{uuid.uuid4().hex}"
    try:
        unknown = count(settings, snapshots, staged, day=day, now=now)
        partition = Partition(COLLECTION_SUMMARY_DAILY, staged, data_as_of, {"day": day})
        rows = publish_partitions(store, [partition], now=now)[COLLECTION_SUMMARY_DAILY.name]
        files = export(objects, staged, day)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    remove_unpublished(settings.clean_lake, COLLECTION_SUMMARY_DAILY, set(), now)
    if unknown:
        log.warning("enrolments of batches that are not in course_batch", count=unknown)
    log.info("collection summary", day=day.isoformat(), rows=rows, unknown_batches=unknown)
    return Summary(day, rows, unknown, files)


def published(store: Store) -> dict[str, Snapshot]:
    with store.transaction() as connection:
        return needed(connection, READ, what="The collection summary counts")


def count(
    settings: Settings, snapshots: dict[str, Snapshot], staged: Path, *, day: date, now: datetime
) -> int:
    """Write the day's rows aside, in order; returns the enrolments without a known batch."""
    is_brief = snapshots[PROGRESS.name].row_count < FEW_ENROLMENTS
    with spark_session(settings, name="collection-summary", is_brief=is_brief) as spark:
        tables = {
            name: read_clustered(spark, contract, snapshots[name].path)
            for name, contract in READ.items()
        }
        rows = summary_rows(spark, tables, raw_content(spark, settings), day=day, computed_at=now)
        in_order = rows.orderBy("batch_id", "state", "district")
        in_order.write.parquet(str(staged))
        return (
            tables["progress"]
            .where("left_out_reason IS NULL OR left_out_reason <> 'left_batch'")
            .join(F.broadcast(tables["batches"].select("batch_id")), "batch_id", "left_anti")
            .count()
        )


def summary_rows(
    spark: SparkSession,
    tables: dict[str, DataFrame],
    content: DataFrame,
    *,
    day: date,
    computed_at: datetime,
) -> DataFrame:
    views = {
        "batches": tables["batches"],
        "progress": tables["progress"],
        "collection_facts": collection_facts(tables["collections"], content),
    }
    return COLLECTION_SUMMARY_DAILY.conform(
        run_metric(
            spark,
            "summaries/collection_summary_daily",
            views,
            {"day": day, "computed_at": computed_at},
        )
    )


def raw_content(spark: SparkSession, settings: Settings) -> DataFrame:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    found = read_raw(spark, source_in(sources, CONTENT.name), CONTENT)
    if found is None:
        log.warning("raw table absent: collections without their lists", table=CONTENT.name)
        return spark.createDataFrame([], CONTENT.spark_schema())
    return found


def export(objects: Objects, staged: Path, day: date) -> tuple[str, str]:
    """The day's file and the newest one, as JSON lines in the object store."""
    names = file_names(day)
    with folder_aside() as aside:
        path = aside / "collection-summary-report.json"
        write_lines(path, pages(staged))
        for name in names:
            objects.put(name, path)
    return names


def pages(staged: Path) -> Iterator[list[dict[str, Any]]]:
    for part in sorted(staged.glob("*.parquet")):
        for page in pq.ParquetFile(part).iter_batches(batch_size=PAGE):
            yield page.to_pylist()
