"""From the lake's raw tables, or the published clean ones, to the rows of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.raw import RAW_TABLES, USERS
from jobs.errors import UnavailableError
from jobs.exhausts.progress import progress
from jobs.refresh.encryption import encrypted
from jobs.refresh.incremental import BATCH_OF
from jobs.refresh.plan import NEEDED, READS
from jobs.settings import Settings
from jobs.sources.activity import activity, attempts
from jobs.sources.batches import batches
from jobs.sources.collections import collections
from jobs.sources.consents import consents, platform_settings
from jobs.sources.contents import contents
from jobs.sources.enrolments import enrolments
from jobs.sources.frameworks import frameworks
from jobs.sources.hierarchy import Kinds
from jobs.sources.learners import learners
from jobs.sources.raw import Refined, typed
from jobs.sources.textbooks import of_textbooks, textbooks
from jobs.storage.catalogue import Source, source_in
from jobs.storage.lake import clustered, ranked, read_clustered, read_raw
from jobs.storage.snapshots import Snapshot

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()


def raw_tables(spark: SparkSession, sources: dict[str, Source], table: str) -> dict[str, DataFrame]:
    """The raw tables that a clean table is made of.

    Raises UnavailableError for one that is needed and absent; any other absent one is empty.
    """
    found = {name: raw_table(spark, sources, RAW_TABLES[name]) for name in READS[table]}
    if table == "textbooks":
        found["content"] = of_textbooks(found["content"])
    return found


def clean_table(table: str, raw: dict[str, DataFrame], settings: Settings) -> Refined:
    if table == "batches":
        return batches(raw["course_batch"], timezone=settings.report_timezone)
    if table == "enrolments":
        return enrolments(raw["user_enrolments"])
    if table == "activity":
        return activity(raw["user_activity_agg"])
    if table == "attempts":
        return attempts(raw["assessment_aggregator"])
    if table == "consents":
        return consents(raw["user_consent"], raw["guardian_consent"])
    if table == "platform_settings":
        return platform_settings(raw["system_settings"])
    if table == "contents":
        return contents(raw["content"])
    if table == "textbooks":
        return textbooks(raw["content"], raw["content_hierarchy"])
    if table == "frameworks":
        return frameworks(raw["channel_framework"], raw["framework"])
    if table == "learners":
        users = encrypted(typed(raw["users"], USERS), settings, "email", "phone")
        return learners(users, raw["usr_external_identity"], raw["organisation"])
    return collections(raw["content_hierarchy"], raw["content"], kinds=_kinds(settings))


def progress_table(
    spark: SparkSession,
    inputs: dict[str, Snapshot],
    settings: Settings,
    *,
    buckets: list[int] | None = None,
) -> DataFrame:
    """Progress of every batch, or of those in some buckets of the tables that are by batch."""
    frames = {
        name: read_clustered(
            spark,
            CLEAN_TABLES[name],
            snapshot.path,
            buckets=buckets if name in BATCH_OF else None,
        )
        for name, snapshot in inputs.items()
    }
    return progress(
        **frames,
        timezone=settings.report_timezone,
        best_score=settings.best_score,
        cluster=lambda table: ranked(
            clustered(table, "batch_id", buckets=settings.lake_buckets), PROGRESS.key
        ),
    )


def raw_table(spark: SparkSession, sources: dict[str, Source], contract: Contract) -> DataFrame:
    """A raw table as its source has it; UnavailableError where it is needed and absent."""
    source = source_in(sources, contract.name)
    found = read_raw(spark, source, contract)
    if found is not None:
        return found
    if contract.name in NEEDED:
        raise UnavailableError(
            f"The raw table `{contract.name}` ({contract.grain}) is needed and is not there:"
            f" {source.path or 'no path in the lake catalogue'}. Put its files there, or name its"
            " place in SUNBIRD_BATCH_LAKE_CATALOGUE."
        )
    log.warning("raw table absent, read as empty", table=contract.name)
    return spark.createDataFrame([], contract.spark_schema())


def _kinds(settings: Settings) -> Kinds:
    return Kinds(
        nested_content_types=settings.nested_content_types,
        nested_visibilities=settings.nested_visibilities,
        assessment_content_types=settings.assessment_content_types,
        assessment_object_types=settings.assessment_object_types,
        assessment_categories=settings.assessment_categories,
    )
