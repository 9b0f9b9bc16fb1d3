"""Enrolments: one row per learner and batch, from Sunbird's `user_enrolments`."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.learning import ENROLMENTS
from jobs.contracts.raw import USER_ENROLMENTS
from jobs.sources.raw import Refined, instant_from_text, latest, one_per_key, split


def enrolments(user_enrolments: DataFrame, *, active_is_told: bool) -> Refined:
    """`active_is_told` is false where the source has no such column: then all are active."""
    usable = split(user_enrolments, USER_ENROLMENTS, vital=("active", "contentstatus"))

    renamed = usable.rows.select(
        F.col("batchid").alias("batch_id"),
        F.col("userid").alias("user_id"),
        F.col("courseid").alias("collection_id"),
        # An enrolment that the platform left without a mark is not an active one.
        F.coalesce(F.col("active"), F.lit(not active_is_told)).alias("is_active"),
        (
            F.col("enrolled_date").isNotNull()
            | F.array_contains("_problems", "unreadable_enrolled_date")
            | (F.trim(F.coalesce("enrolleddate", F.lit(""))) != "")
        ).alias("has_enrolment_date"),
        latest(F.col("enrolled_date"), instant_from_text(F.trim("enrolleddate"))).alias(
            "enrolled_at"
        ),
        F.col("completedon").alias("completed_at"),
        "status",
        F.col("contentstatus").alias("content_status"),
        F.concat(
            F.coalesce("certificates", F.expr("array()")),
            F.coalesce("issued_certificates", F.expr("array()")),
        ).alias("certificates"),
    )

    single = one_per_key(
        renamed,
        ENROLMENTS,
        # The row that says most for the learner: Sunbird writes a second one on re-enrolment.
        best_first=[
            F.col("is_active").desc(),
            F.col("completed_at").asc_nulls_last(),
            F.coalesce("status", F.lit(-1)).desc(),
            F.size(F.coalesce(F.map_keys("content_status"), F.expr("array()"))).desc(),
            F.col("enrolled_at").asc_nulls_last(),
            F.xxhash64("collection_id", F.to_json("content_status")).asc(),
        ],
    )
    return Refined(ENROLMENTS.conform(single.rows), usable.quarantined.union(single.quarantined))
