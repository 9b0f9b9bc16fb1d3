"""Keeps tenants and textbooks as of each day, so that a day made again finds its own."""

from __future__ import annotations

import shutil
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from jobs.contracts.contract import Contract
from jobs.contracts.raw import ORGANISATION
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.contracts.usage_credits import USAGE_DIMENSIONS, USAGE_TENANTS, USAGE_TEXTBOOK_KEYS
from jobs.settings import Settings
from jobs.sources.raw import typed, usable
from jobs.sources.tenants import usage_tenants
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.lake import read_clustered, read_raw
from jobs.storage.snapshots import latest_of
from jobs.storage.store import Store
from jobs.usage.dimensions import dimension_day, usage_textbook_keys

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

FOLDER = "usage_dimensions"
Dimensions = dict[str, "DataFrame"]


def last_whole_day(settings: Settings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.report_timezone)).date() - timedelta(days=1)


def keep_dimensions(
    spark: SparkSession, settings: Settings, store: Store, *, now: datetime
) -> date | None:
    """Keep today's state as that of the last whole day, once; None where there is nothing yet."""
    day = last_whole_day(settings, now)
    folder = settings.clean_lake / FOLDER
    if day in kept_days(folder):
        return day
    found = current(spark, settings, store)
    if found is None:
        log.warning("textbooks were never refreshed: usage is credited to no textbook")
        return None
    aside = folder / f".{uuid.uuid4().hex}"
    try:
        for name, frame in found.items():
            in_order = frame.coalesce(1).sortWithinPartitions(*USAGE_DIMENSIONS[name].key)
            in_order.write.parquet(str(aside / name))
        aside.rename(folder / day.isoformat())
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    log.info("dimensions of usage kept", day=day.isoformat())
    return day


def dimensions_of(spark: SparkSession, settings: Settings, day: date) -> tuple[str, Dimensions]:
    """The dimensions that a day is credited by, and the day that they were kept for."""
    folder = settings.clean_lake / FOLDER
    chosen = dimension_day(day, kept_days(folder))
    if chosen is None:
        return "", {name: empty(spark, table) for name, table in USAGE_DIMENSIONS.items()}
    path = folder / chosen.isoformat()
    return chosen.isoformat(), {
        name: spark.read.schema(table.spark_schema()).parquet(str(path / name))
        for name, table in USAGE_DIMENSIONS.items()
    }


def kept_days(folder: Path) -> list[date]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(date.fromisoformat(one.name) for one in found if not one.name.startswith("."))


def current(spark: SparkSession, settings: Settings, store: Store) -> Dimensions | None:
    with store.transaction() as connection:
        snapshots, missing = latest_of(connection, [TEXTBOOKS.name])
    if missing:
        return None
    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    source = source_in(sources, ORGANISATION.name)
    organisations = read_raw(spark, source, ORGANISATION)
    if organisations is None:
        log.warning("raw table absent: no tenant is known", table=ORGANISATION.name)
        organisations = empty(spark, ORGANISATION)
    tenants = usage_tenants(usable(typed(organisations, ORGANISATION)))
    textbooks = read_clustered(spark, TEXTBOOKS, snapshots[TEXTBOOKS.name].path)
    return {
        USAGE_TENANTS.name: tenants,
        USAGE_TEXTBOOK_KEYS.name: usage_textbook_keys(textbooks, tenants),
    }


def empty(spark: SparkSession, table: Contract) -> DataFrame:
    return spark.createDataFrame([], table.spark_schema())
