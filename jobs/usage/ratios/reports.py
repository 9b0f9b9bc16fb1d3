"""Batches that there are, and the clicks that downloaded a report of one."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.usage_events import REPORT_CLICK
from jobs.sources.raw import day_of, instant_from_text, latest
from jobs.usage.ratios.certificates import course_key


def report_batches(
    batches: DataFrame,
    course_batch: DataFrame,
    organisations: DataFrame,
    collections: DataFrame,
    *,
    timezone: str,
) -> DataFrame:
    """Every batch with the day that it was made on and its tenant's channel, enrolled in or not.

    The tenant is that of the first organisation that the batch is for; without one, the course's.
    """
    made = course_batch.groupBy(F.col("batchid").alias("batch_id")).agg(
        day_of(
            F.min(latest(F.col("created_date"), instant_from_text(F.trim("createddate")))),
            timezone,
        ).alias("created_on")
    )
    first_org = batches.withColumn("org_id", F.get("created_for", F.lit(0)))
    return (
        first_org.join(made, on="batch_id", how="left")
        .join(organisation_channels(organisations), on="org_id", how="left")
        .join(
            collections.select("collection_id", F.col("channel").alias("course_channel")),
            on="collection_id",
            how="left",
        )
        .select(
            "batch_id",
            course_key(F.col("collection_id")).alias("course_id"),
            "batch_name",
            "status",
            "created_on",
            "start_on",
            "end_on",
            F.coalesce("channel", "course_channel").alias("channel"),
            F.array_distinct(
                F.filter(
                    F.concat(F.array("created_by"), F.coalesce("mentors", F.expr("array()"))),
                    lambda person: person.isNotNull(),
                )
            ).alias("mentors"),
        )
    )


def organisation_channels(organisations: DataFrame) -> DataFrame:
    """(org_id, channel) of every organisation: the channel of its tenant."""
    roots = organisations.select(F.col("id").alias("root_id"), F.col("channel").alias("root"))
    owned = organisations.select(
        F.col("id").alias("org_id"),
        F.coalesce("rootorgid", "id").alias("root_id"),
        F.col("channel").alias("own"),
    )
    joined = owned.join(roots, on="root_id", how="left")
    return joined.groupBy("org_id").agg(F.min(F.coalesce("root", "own")).alias("channel"))


def report_downloads(events: DataFrame, batches: DataFrame) -> DataFrame:
    """Clicks by day, report, batch, course, tenant and user; NULL is what cannot be told."""
    clicks = events.where(F.col("kind") == REPORT_CLICK).select(
        "day",
        "counted_from",
        "report",
        "user_id",
        F.col("batch_id").alias("told_batch"),
        course_key(
            F.coalesce(
                F.col("course_id"),
                F.when(F.lower("object_type") == "course", F.col("object_id")),
            )
        ).alias("told_course"),
    )
    told = batches.select(
        F.col("batch_id").alias("told_batch"),
        F.col("course_id").alias("batch_course"),
        F.lit(True).alias("is_told"),
    )
    of_course = only_ones(batches, "course_id").toDF(
        "course_id", "course_batch", "course_channel_of"
    )
    mentored = batches.withColumn("user_id", F.explode("mentors"))
    of_mentor = only_ones(mentored, "course_id", "user_id").toDF(
        "course_id", "user_id", "mentor_batch", "mentor_channel"
    )
    found = (
        clicks.join(told, on="told_batch", how="left")
        .withColumn("course_id", F.coalesce("batch_course", "told_course"))
        .join(of_course, on="course_id", how="left")
        .join(
            of_mentor.withColumn("is_course_mentor", F.lit(True)), ["course_id", "user_id"], "left"
        )
        .withColumn(
            "batch_id",
            F.coalesce(
                F.when(F.col("is_told"), F.col("told_batch")), "course_batch", "mentor_batch"
            ),
        )
    )
    of_batch = batches.select("batch_id", "channel", "start_on", "end_on", "mentors")
    placed = found.join(of_batch, on="batch_id", how="left")
    return summed(placed)


def only_ones(batches: DataFrame, *by: str) -> DataFrame:
    """The batch and the tenant of each group of batches, each NULL where there are several."""
    return batches.groupBy(*by).agg(only("batch_id"), only("channel"))


def only(name: str) -> Column:
    return F.when(F.min(name) == F.max(name), F.min(name)).alias(f"only_{name}")


def summed(placed: DataFrame) -> DataFrame:
    is_known = F.col("batch_id").isNotNull()
    is_mentor = F.when(is_known, F.array_contains("mentors", F.col("user_id"))).otherwise(
        F.col("is_course_mentor")
    )
    plain = placed.select(
        "day",
        "counted_from",
        "report",
        "batch_id",
        "course_id",
        F.coalesce("channel", "course_channel_of", "mentor_channel").alias("channel"),
        "user_id",
        F.coalesce(is_mentor, F.lit(False)).alias("is_mentor"),
        F.coalesce(F.col("day") < F.col("start_on"), F.lit(False)).alias("is_before_start"),
        F.coalesce(F.col("day") > F.col("end_on"), F.lit(False)).alias("is_after_end"),
        (is_known & F.col("is_told").isNull()).alias("is_inferred"),
    )
    return plain.groupBy(*plain.columns).agg(F.count("*").alias("click_count"))


def report_deliveries(deliveries: DataFrame, batches: DataFrame) -> DataFrame:
    """What our own mails and links gave out, with the course and tenant of its batch."""
    of_batch = batches.select("batch_id", "course_id", "channel")
    return deliveries.join(of_batch, on="batch_id", how="left")
