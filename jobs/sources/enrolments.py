"""Enrolments: one row per learner and batch, from Sunbird's `user_enrolments`."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import USER_ENROLMENTS
from jobs.sources.raw import (
    Refined,
    instant_from_text,
    latest,
    typed,
    unusable,
    usable,
)


def enrolments(user_enrolments: DataFrame) -> Refined:
    columns = {name.lower() for name in user_enrolments.columns}
    read = typed(user_enrolments, USER_ENROLMENTS, vital=("active", "contentstatus"))

    renamed = usable(read).select(
        F.col("batchid").alias("batch_id"),
        F.col("userid").alias("user_id"),
        F.col("courseid").alias("collection_id"),
        # An enrolment without a mark is not an active one, unless the source has no marks at all.
        F.coalesce(F.col("active"), F.lit("active" not in columns)).alias("is_active"),
        (F.col("active").isNotNull() | F.lit("active" not in columns)).alias("has_active_mark"),
        (
            F.col("enrolled_date").isNotNull()
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
        F.col("datetime").alias("written_at"),
    )

    return Refined(
        renamed,
        # The row that says most for the learner: Sunbird writes a second one on re-enrolment.
        best_first=[
            F.col("is_active").desc(),
            F.col("completed_at").asc_nulls_last(),
            F.coalesce("status", F.lit(-1)).desc(),
            F.size(F.coalesce(F.map_keys("content_status"), F.expr("array()"))).desc(),
            F.col("enrolled_at").asc_nulls_last(),
            # A dump and its changes hold one row twice: the later one may have the certificate.
            F.col("written_at").desc_nulls_last(),
            F.xxhash64("collection_id", F.map_entries("content_status")).asc(),
        ],
        kept_out={USER_ENROLMENTS.name: unusable(read)},
    )
