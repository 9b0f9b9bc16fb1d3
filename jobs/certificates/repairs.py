"""Enrolments that could be mended: what is missing or stale, and what the data say it should be.

Rules: Sunbird's own reconciliation with its faults mended; docs/decisions/0025-proposals-only.md.
"""

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.repairs import COMPLETION, ENROLMENT_DATE, NOTHING_KNOWN, STALE
from jobs.sources.raw import instant_from_text, latest

LEARNER = ("batch_id", "user_id", "course_id")
# What a night stages, in the order of the table's columns.
REPAIRS = (
    *LEARNER, "problem", "proposed_value", "stale_contents", "basis", "held_status",
)  # fmt: skip
COMPLETED = 2
# The platform may take so long to note a completion itself.
QUIET_SECONDS = 86_400
NO_TEXTS = "cast(array() AS array<string>)"


def repairs(
    enrolments: DataFrame,
    batches: DataFrame,
    collections: DataFrame,
    activity: DataFrame,
    consumption: DataFrame,
    *,
    as_of: datetime,
    timezone: str,
) -> DataFrame:
    """One row per active enrolment and problem; those who left are nobody's to mend."""
    looked_at = candidates(enrolments, collections)
    asking = looked_at.where("needs_date OR needs_completion")
    evidence = asking.join(times(asking, consumption), on=list(LEARNER), how="left").join(
        progress_times(asking, activity), on=list(LEARNER), how="left"
    )
    dated = evidence.join(
        F.broadcast(ends(batches, timezone)), on="batch_id", how="left"
    ).withColumn("now", F.lit(as_of))
    stale = looked_at.where(F.size("stale") > 0).select(
        *LEARNER,
        F.lit(STALE).alias("problem"),
        F.lit(None).cast("timestamp").alias("proposed_value"),
        F.to_json(F.sort_array("stale")).alias("stale_contents"),
        F.lit("hierarchy").alias("basis"),
        "held_status",
    )
    return enrolment_dates(dated).unionByName(completions(dated)).unionByName(stale)


def candidates(enrolments: DataFrame, collections: DataFrame) -> DataFrame:
    """Active enrolments that lack anything, with what their course's contents say of them."""
    courses = F.broadcast(
        collections.where("hierarchy_problem IS NULL").select(
            F.col("collection_id").alias("course_id"), "leaf_nodes", "mandatory_nodes"
        )
    )
    incomplete = enrolments.where("is_active AND (completed_at IS NULL OR NOT has_enrolment_date)")
    known = incomplete.withColumnRenamed("collection_id", "course_id").join(
        courses, on="course_id", how="left"
    )
    held = F.coalesce(F.map_keys("content_status"), F.expr(NO_TEXTS))
    done = F.map_keys(F.map_filter("content_status", lambda _, status: status == COMPLETED))
    left = F.size(F.array_except("mandatory_nodes", F.coalesce(done, F.expr(NO_TEXTS))))
    has_all = (F.size("mandatory_nodes") > 0) & (left == 0)
    is_open = F.col("completed_at").isNull()
    return known.select(
        *LEARNER,
        F.col("status").alias("held_status"),
        "enrolled_at",
        "completed_at",
        "mandatory_nodes",
        (~F.col("has_enrolment_date")).alias("needs_date"),
        (is_open & F.coalesce(has_all | (F.col("status") == COMPLETED), F.lit(False))).alias(
            "needs_completion"
        ),
        F.when(is_open & (F.size("leaf_nodes") > 0), F.array_except(held, F.col("leaf_nodes")))
        .otherwise(F.expr(NO_TEXTS))
        .alias("stale"),
    ).where("needs_date OR needs_completion OR size(stale) > 0")


def times(asking: DataFrame, consumption: DataFrame) -> DataFrame:
    """When the first and the last of the learner's contents were completed, as instants."""
    at = latest(F.col("last_completed_time"), instant_from_text(F.trim("lastcompletedtime")))
    completed = (
        consumption.where(F.col("status") == COMPLETED)
        .withColumnsRenamed({"userid": "user_id", "batchid": "batch_id", "courseid": "course_id"})
        .withColumn("at", at)
        .where("at IS NOT NULL")
        .select(*LEARNER, "contentid", "at")
    )
    looked_at = completed.join(
        asking.select(*LEARNER, "mandatory_nodes"), on=list(LEARNER), how="inner"
    )
    counts = F.array_contains("mandatory_nodes", F.col("contentid"))
    return looked_at.groupBy(*LEARNER).agg(
        F.min("at").alias("first_content_at"),
        # What is optional, or was taken out of the course, may come later than the completion.
        F.coalesce(F.max(F.when(counts, F.col("at"))), F.max("at")).alias("last_content_at"),
    )


def progress_times(asking: DataFrame, activity: DataFrame) -> DataFrame:
    """When the platform last changed the learner's figures: where their contents tell no time."""
    return (
        activity.withColumnRenamed("activity_id", "course_id")
        .join(asking.select(*LEARNER), on=list(LEARNER), how="left_semi")
        .groupBy(*LEARNER)
        .agg(F.max("last_updated_at").alias("last_progress_at"))
    )


def ends(batches: DataFrame, timezone: str) -> DataFrame:
    """The first instant of each batch, and the last second of its last day."""

    def midnight(day: Column) -> Column:
        return F.to_utc_timestamp(day.cast("timestamp"), timezone)

    return batches.select(
        "batch_id",
        midnight(F.col("start_on")).alias("starts_at"),
        (midnight(F.date_add("end_on", 1)) - F.expr("INTERVAL 1 SECOND")).alias("ends_at"),
    )


def enrolment_dates(rows: DataFrame) -> DataFrame:
    """Not before the batch, nor before the first content; never after the completion or now."""
    # Of a batch that is yet to begin nothing follows.
    started_at = F.when(F.col("starts_at") <= F.col("now"), F.col("starts_at"))
    begun = F.greatest(started_at, "first_content_at")
    latest_possible = F.least("completed_at", "now")
    return proposal(
        rows.where("needs_date"),
        ENROLMENT_DATE,
        value=F.when(begun.isNotNull(), F.least(begun, latest_possible)),
        basis=F.when(begun.isNull(), NOTHING_KNOWN)
        .when(F.col("completed_at") < begun, "completion")
        .when(F.col("starts_at") == begun, "batch_start")
        .otherwise("first_content"),
    )


def completions(rows: DataFrame) -> DataFrame:
    """The last content, at the latest the end of the batch; not what the platform may yet note."""
    learnt = F.coalesce("last_content_at", "last_progress_at")
    in_batch = F.least(learnt, "ends_at")
    # Who enrolled after the batch had ended contradicts it: no date follows.
    is_odd = F.coalesce(F.col("enrolled_at") > F.col("ends_at"), F.lit(False))
    is_told = learnt.isNotNull() & ~is_odd
    value = F.when(is_told, F.greatest(in_batch, "enrolled_at"))
    is_quiet = F.coalesce(
        F.unix_seconds(F.col("now")) - F.unix_seconds(learnt) > QUIET_SECONDS, F.lit(True)
    )
    return proposal(
        rows.where(F.col("needs_completion") & is_quiet),
        COMPLETION,
        value=value,
        basis=F.when(~is_told, NOTHING_KNOWN)
        .when(F.col("enrolled_at") > in_batch, "enrolment")
        .when(F.col("ends_at") < learnt, "batch_end")
        .when(F.col("last_content_at").isNotNull(), "last_content")
        .otherwise("last_progress"),
    )


def proposal(rows: DataFrame, problem: str, *, value: Column, basis: Column) -> DataFrame:
    return rows.select(
        *LEARNER,
        F.lit(problem).alias("problem"),
        value.alias("proposed_value"),
        F.lit(None).cast("string").alias("stale_contents"),
        basis.alias("basis"),
        "held_status",
    )
