"""Ask the nightly rules about one learner of one batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg import Connection
from psycopg.rows import DictRow
from pyspark.sql import functions as F

from jobs.certificates.entitlements import entitlements
from jobs.certificates.explanation import Answer, Known, Row, answers
from jobs.certificates.exporting.job import export_associations
from jobs.certificates.facts import facts
from jobs.certificates.nightly.job import CONTRACTS, published, read_tables
from jobs.certificates.offers import batch_offers, course_offers, versions
from jobs.certificates.reconciliation import Tables
from jobs.certificates.rules.column import verdict
from jobs.certificates.rules.model import keys_of
from jobs.contracts.learning import BATCHES
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage.aside import folder_aside
from jobs.storage.certificate_ledger import versions_of
from jobs.storage.certificate_standing import findings_of, issued_to
from jobs.storage.clustered import bucket_of, open_table
from jobs.storage.lake import read_clustered
from jobs.storage.snapshots import Snapshot
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Clustered by batch: of these only the batch's own files are read.
BY_BATCH = ("enrolments", "attempts", "activity")


@dataclass(frozen=True)
class Explained:
    """The answers about a learner, and how old the data is that they rest on."""

    course_id: str
    data_as_of: datetime
    enrolments: list[Row]
    answers: list[Answer]


def explain(
    settings: Settings, store: Store, *, user_id: str, batch_id: str, as_of: datetime
) -> Explained:
    """Why the learner has, misses or did not earn each certificate of the batch.

    Raises RequestError where the batch is not known.
    """
    snapshots = published(store)
    with folder_aside() as aside:
        with store.transaction() as connection:
            rows = open_table(connection, BATCHES).rows(batch_id)
            if not rows:
                raise RequestError(
                    f"--batch {batch_id} promised a batch of the platform; the table `batches` has"
                    " none of this id."
                )
            export_associations(connection, aside / "associations.parquet")
            held = offered_to(connection, rows[0])
            findings = findings_of(connection, user_id=user_id, batch_id=batch_id)
            issued = issued_to(connection, user_id=user_id, batch_id=batch_id)
        with spark_session(settings, name="certificate-explain", is_brief=True) as spark:
            whole = read_tables(spark, settings, snapshots, aside)
            tables = of_batch(spark, whole, snapshots, rows[0])
            asked = ask(tables, user_id, as_of=as_of, timezone=settings.report_timezone)
    known = Known(
        enrolments=asked["enrolments"],
        problems=asked["problems"],
        judged=asked["judged"],
        versions=held,
        findings=findings,
        issued=issued,
    )
    oldest = min(snapshots[name].data_as_of for name in BY_BATCH)
    return Explained(rows[0]["collection_id"], oldest, known.enrolments, answers(known))


def offered_to(connection: Connection[DictRow], batch: Row) -> list[Row]:
    """The versions of the batch, and those that it inherits or inherited from its course."""
    tenants = batch["created_for"] or []
    return [
        version
        for version in versions_of(connection, course_id=batch["collection_id"])
        if version["batch_id"] == batch["batch_id"]
        or (version["batch_id"] is None and version["tenant_id"] in tenants)
    ]


def of_batch(
    spark: SparkSession, tables: Tables, snapshots: dict[str, Snapshot], batch: Row
) -> Tables:
    """The same tables, of this batch only."""
    own = {
        name: read_clustered(
            spark,
            CONTRACTS[name],
            snapshots[name].path,
            buckets=[bucket_of(batch["batch_id"], snapshots[name].buckets)],
        ).where(F.col("batch_id") == batch["batch_id"])
        for name in BY_BATCH
    }
    return replace(
        tables,
        **own,
        batches=tables.batches.where(F.col("batch_id") == batch["batch_id"]),
        collections=tables.collections.where(F.col("collection_id") == batch["collection_id"]),
        associations=tables.associations.where(F.col("course_id") == batch["collection_id"]),
        consumption=tables.consumption.where(F.col("batchid") == batch["batch_id"]),
    )


def ask(tables: Tables, user_id: str, *, as_of: datetime, timezone: str) -> dict[str, list[Any]]:
    """The learner's enrolment, what contradicts in it, and each version with its verdict."""
    offered = versions(tables.associations)
    of_batches = batch_offers(offered, tables.batches)
    entitled = entitlements(tables.enrolments, of_batches, course_offers(offered), as_of=as_of)
    shapes = [
        row.rule_shape
        for row in offered.where("rule_shape IS NOT NULL").select("rule_shape").distinct().collect()
    ]
    known = facts(
        # Ranks are taken among all who completed; without any the learner alone is looked at.
        entitled.where("problem IS NULL").where(
            F.col("has_rank") | (F.col("user_id") == user_id)
        ),
        offered, tables.learners, tables.batches, tables.collections, tables.attempts,
        tables.activity, tables.consumption, tables.enrolments,
        keys=frozenset().union(*map(keys_of, shapes)), as_of=as_of, timezone=timezone,
    )  # fmt: skip
    is_learner = F.col("user_id") == user_id
    judged = known.withColumn("verdict", verdict(shapes)).where(is_learner)
    enrolled = tables.enrolments.where(is_learner).select(
        "is_active", "has_active_mark", "status", F.unix_micros("completed_at").alias("completed")
    )
    contradicting = entitled.where(is_learner & F.col("problem").isNotNull())
    return {
        "enrolments": [
            row.asDict() | {"completed_at": instant_of(row.completed)} for row in enrolled.collect()
        ],
        "problems": sorted({row.problem for row in contradicting.collect()}),
        "judged": [row.asDict(recursive=True) for row in judged.collect()],
    }


def instant_of(micros: int | None) -> datetime | None:
    """The instant itself: a row of Spark would hold it in this machine's own time zone."""
    return (
        None if micros is None else datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)
    )
