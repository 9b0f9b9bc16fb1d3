"""Group activity: aggregated by Spark and published; a group's answer read without it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow
from pyspark.sql import Column

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.groups import GROUP_ACTIVITY, GROUP_ACTIVITY_MEMBER
from jobs.contracts.learning import ACTIVITY, COLLECTIONS, LEARNERS
from jobs.contracts.raw_groups import GROUP_ACTIVITY_RAW, GROUP_MEMBER, GROUPS
from jobs.errors import RequestError
from jobs.groups.members import group_activity_member
from jobs.groups.response import response
from jobs.groups.watched import Watched
from jobs.quality.metrics.job import publish_partitions
from jobs.settings import Settings
from jobs.sources.erased import without_learners
from jobs.sources.groups import Roster, roster
from jobs.storage import group_activity as table
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.clustered import open_table
from jobs.storage.erasures import erased, refuse_newly_erased
from jobs.storage.lake import (
    Written,
    clustered,
    read_clustered,
    read_raw,
    remove_unpublished,
    write_clustered,
)
from jobs.storage.metric_queries import run_metric
from jobs.storage.metrics import Partition
from jobs.storage.purging import purge
from jobs.storage.snapshots import (
    Quarantined,
    Snapshot,
    needed,
    publish,
    warn_if_old,
)
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

READ = {contract.name: contract for contract in (PROGRESS, ACTIVITY, COLLECTIONS)}
# Below this many enrolments the second compiler's work does not pay.
FEW_ENROLMENTS = 200_000


@dataclass(frozen=True)
class GroupActivity:
    """What a run made: rows by table, and the rows kept out by source table and reason."""

    rows: dict[str, int]
    kept_out: dict[str, int]


def run_group_activity(settings: Settings, store: Store, *, now: datetime) -> GroupActivity:
    """Aggregate every group's activities and publish both tables in one transaction.

    Raises UnavailableError where a table was never refreshed, GateError where a check fails; then
    the last figures stay.
    """
    with store.transaction() as connection:
        found = needed(connection, READ, what="Group activity is made of")
        gone = frozenset(erased(connection))
    data_as_of = min(one.data_as_of for one in found.values())
    warn_if_old(data_as_of, now, minutes=settings.summary_fresh_minutes)
    staged = settings.clean_lake / GROUP_ACTIVITY.name / f".{uuid.uuid4().hex}"
    try:
        written, kept_out = aggregate(settings, found, gone, staged)
        snapshot = Snapshot(
            written.snapshot_id, GROUP_ACTIVITY_MEMBER.name, written.path, settings.lake_buckets,
            written.row_count, sum(one.row_count for one in kept_out), data_as_of, now,
        )  # fmt: skip
        rows = publish_partitions(
            store,
            [Partition(GROUP_ACTIVITY, staged, data_as_of)],
            now=now,
            also=partial(publish_members, snapshot=snapshot, kept_out=kept_out, gone=gone),
        )
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    lake = settings.clean_lake
    purge(store, lake, GROUP_ACTIVITY_MEMBER, kept=settings.snapshots_kept, now=now)
    remove_unpublished(lake, GROUP_ACTIVITY, set(), now)
    counted = {f"{one.source_table}.{one.reason}": one.row_count for one in kept_out}
    made = GroupActivity(rows | {GROUP_ACTIVITY_MEMBER.name: written.row_count}, counted)
    log.info("group activity", rows=made.rows, kept_out=made.kept_out)
    return made


def aggregate(
    settings: Settings, snapshots: dict[str, Snapshot], gone: frozenset[str], staged: Path
) -> tuple[Written, list[Quarantined]]:
    """Both tables written aside, and what was kept out."""
    is_brief = snapshots[PROGRESS.name].row_count < FEW_ENROLMENTS
    with (
        spark_session(settings, name="group-activity", is_brief=is_brief) as spark,
        ThreadPoolExecutor(1) as beside,
    ):
        watched = Watched()
        made = read_roster(spark, settings, gone, watch=watched.watch)
        tables = {
            name: read_clustered(spark, contract, snapshots[name].path)
            for name, contract in READ.items()
        }
        members = group_activity_member(made.members, made.activities, **tables)
        buckets = settings.lake_buckets
        written = write_clustered(
            table.by_group(clustered(members, "group_id", buckets=buckets)),
            GROUP_ACTIVITY_MEMBER,
            settings.clean_lake,
        )
        # Little data, and much to plan: beside the groups' own query.
        not_used = beside.submit(made.kept_out.orderBy("source_table", "reason").collect)
        # Read again: what is published of the groups is what the members' table says.
        views = {
            "activities": made.activities,
            "group_activity_member": read_clustered(spark, GROUP_ACTIVITY_MEMBER, written.path),
        }
        groups = GROUP_ACTIVITY.conform(run_metric(spark, "groups/group_activity", views, {}))
        groups.write.parquet(str(staged))
        kept_out = [
            Quarantined(row.source_table, row.reason, "", row.row_count)
            for row in not_used.result()
        ]
        kept_out += [
            Quarantined(GROUP_MEMBER.name, reason, "", n) for reason, n in watched.counts().items()
        ]
    return written, kept_out


def read_roster(
    spark: SparkSession,
    settings: Settings,
    gone: frozenset[str],
    *,
    watch: Callable[[DataFrame, list[Column]], DataFrame],
) -> Roster:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)

    def raw(contract: Contract) -> DataFrame:
        source = source_in(sources, contract.name)
        found = read_raw(spark, source, contract)
        if found is None:
            log.warning("raw table absent, read as empty", table=contract.name)
            return spark.createDataFrame([], contract.spark_schema())
        return without_learners(found, gone)

    return roster(raw(GROUPS), raw(GROUP_MEMBER), raw(GROUP_ACTIVITY_RAW), watch=watch)


def publish_members(
    connection: Connection[DictRow],
    *,
    snapshot: Snapshot,
    kept_out: list[Quarantined],
    gone: frozenset[str],
) -> None:
    refuse_newly_erased(connection, gone, made="group activity", aside=snapshot.path)
    publish(connection, snapshot, kept_out)


def portal_answer(
    store: Store, *, group_id: str, activity_id: str, activity_type: str | None = None
) -> dict[str, Any]:
    """What the portal shows of a group's activity.

    Raises RequestError where the group has no such activity, or several and no type was named.
    """
    with store.transaction() as connection:
        found = [
            row
            for row in table.activities_of(connection, group_id)
            if row["activity_id"] == activity_id
            and (activity_type or row["activity_type"]).lower() == row["activity_type"].lower()
        ]
        if len(found) != 1:
            raise RequestError(told_of(found, group_id, activity_id))
        members = open_table(connection, GROUP_ACTIVITY_MEMBER)
        learners = open_table(connection, LEARNERS)
    [group] = found
    rows = [
        row
        for row in members.rows(group_id)
        if (row["activity_id"], row["activity_type"]) == (activity_id, group["activity_type"])
    ]
    pages = learners.among({row["user_id"] for row in rows}, ["user_id", "user_name"])
    names = {one["user_id"]: one["user_name"] for page in pages for one in page.to_pylist()}
    return response(group, rows, names)


def told_of(found: list[dict[str, Any]], group_id: str, activity_id: str) -> str:
    where = f"The group {group_id} has"
    if found:
        types = ", ".join(sorted(row["activity_type"] for row in found))
        return (
            f"{where} the activity {activity_id} under several types, {types}: name one by --type."
        )
    return (
        f"{where} no activity {activity_id} that is known here. The groups service's tables are"
        " aggregated every hour: look there, or run `python -m jobs group-activity`."
    )
