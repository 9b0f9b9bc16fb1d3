"""Stages the daily usage of some days: events credited to their owners, then counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import structlog

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.learning import LEARNERS
from jobs.contracts.usage_credits import USAGE_TENANTS, USAGE_TEXTBOOK_KEYS
from jobs.contracts.usage_metrics import ALL, OVERALL, USAGE_DAILY, USAGE_TABLES
from jobs.quality.job import record
from jobs.quality.verdicts import exact, stop_on_failure
from jobs.settings import Settings
from jobs.storage.adoptions import adoptions
from jobs.storage.event_days import EventDay, read_events
from jobs.storage.lake import read_clustered
from jobs.storage.metric_queries import run_metric
from jobs.storage.metrics import Partition
from jobs.storage.snapshots import latest_of
from jobs.storage.store import Store
from jobs.usage.attribution import COUNTED, credited_events
from jobs.usage.keeping.job import dimensions_of
from jobs.usage.states import state_names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()


def stage_usage(
    spark: SparkSession,
    settings: Settings,
    store: Store,
    days: Sequence[date],
    made: Mapping[date, EventDay],
    folder: Path,
    *,
    now: datetime,
) -> list[Partition]:
    """The three tables of each day; days of the same dimension are counted together."""
    with store.transaction() as connection:
        versions = adoptions(connection)
    adopted = spark.createDataFrame(
        [tuple(row[name] for name in TEXTBOOK_ADOPTION.columns) for row in versions],
        TEXTBOOK_ADOPTION.spark_schema(),
    )
    boards = declared_boards(spark, settings, store)
    partitions = []
    by_dimension = groupby(days, key=lambda day: dimensions_of(spark, settings, day)[0])
    for number, (_, some) in enumerate(by_dimension):
        own = list(some)
        _, dimensions = dimensions_of(spark, settings, own[0])
        events = read_events(spark, settings, store, own[0], own[-1], kinds=COUNTED)
        credited = credited_events(
            events.where(events["day"].isin(own)),
            dimensions[USAGE_TEXTBOOK_KEYS.name],
            dimensions[USAGE_TENANTS.name],
            adopted,
            precedence=settings.usage_location,
            boards=boards,
        )
        views = {
            "credited_events": credited,
            "usage_tenants": dimensions[USAGE_TENANTS.name],
            "state_names": state_names(spark),
            "days": day_rows(spark, own, made),
        }
        stage_tables(spark, views, folder / str(number))
        staged = partitions_of(folder / str(number), own, made, now=now)
        refuse_lost_events(store, staged, made, now=now)
        partitions += staged
    return partitions


def declared_boards(spark: SparkSession, settings: Settings, store: Store) -> DataFrame | None:
    if not settings.usage_board_credit:
        return None
    with store.transaction() as connection:
        snapshots, missing = latest_of(connection, [LEARNERS.name])
    if missing:
        log.warning("learners were never refreshed: no adopter is credited by board")
        return None
    learners = read_clustered(spark, LEARNERS, snapshots[LEARNERS.name].path)
    return learners.select("user_id", "board")


def day_rows(spark: SparkSession, days: Iterable[date], made: Mapping[date, EventDay]) -> DataFrame:
    rows = [(day, day in made and made[day].is_final) for day in days]
    return spark.createDataFrame(rows, "day date, is_final boolean")


def stage_tables(spark: SparkSession, views: Mapping[str, DataFrame], folder: Path) -> None:
    credited = views["credited_events"].persist()
    for name, contract in USAGE_TABLES.items():
        table = run_metric(spark, f"usage/{name}", {**views, "credited_events": credited}, {})
        contract.conform(table).coalesce(1).write.parquet(str(folder / name))
    credited.unpersist()


def partitions_of(
    folder: Path, days: Sequence[date], made: Mapping[date, EventDay], *, now: datetime
) -> list[Partition]:
    partitions = []
    for name, contract in USAGE_TABLES.items():
        table = ds.dataset(folder / name, format="parquet", schema=contract.arrow_schema())
        for day in days:
            rows = table.to_table(filter=pc.field("day") == pc.scalar(day))
            read_at = made[day].made_at if day in made else now
            partitions.append(Partition(contract, rows, read_at, {"day": day}))
    return partitions


def refuse_lost_events(
    store: Store,
    staged: Sequence[Partition],
    made: Mapping[date, EventDay],
    *,
    now: datetime,
) -> None:
    """Raise GateError unless what counts of a day's events is in the day's row of the whole."""
    verdicts = []
    for one in staged:
        if one.contract is USAGE_DAILY and isinstance(one.staged, pa.Table):
            day = made.get(date.fromisoformat(str(one.values["day"])))
            promised = sum(day.counted.get(kind, 0) for kind in COUNTED) if day else 0
            name = "every event is credited once"
            verdicts.append(exact(one.subject, name, events_in(one.staged), promised))
    with store.transaction() as connection:
        record(connection, verdicts, now)
    stop_on_failure(verdicts)


def events_in(usage: pa.Table) -> int:
    whole = usage.filter((pc.field("owner_scope") == OVERALL) & (pc.field("platform") == ALL))
    kinds = ("scan_count", "download_count", "play_count", "session_count")
    return sum(sum(whole[name].to_pylist()) for name in kinds)
