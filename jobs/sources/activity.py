"""Activity and attempts: what learners did in a batch, from Sunbird's aggregates."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import ASSESSMENT_AGGREGATOR, USER_ACTIVITY_AGG
from jobs.sources.raw import Refined, finite, typed, unusable, usable

BATCH_CONTEXT = r"^cb:(.+)$"


def activity(user_activity_agg: DataFrame) -> Refined:
    """Aggregates whose context is a batch; others belong to products that are not built here."""
    read = typed(user_activity_agg, USER_ACTIVITY_AGG, vital=("agg", "aggregates")).withColumn(
        "batch_id", F.regexp_extract(F.coalesce("context_id", F.lit("")), BATCH_CONTEXT, 1)
    )

    # A key without a value would hide the other map's value.
    given = "map_filter(coalesce({0}, map()), (k, v) -> v IS NOT NULL)"
    renamed = (
        usable(read)
        .where("batch_id != ''")
        .select(
            "batch_id",
            "user_id",
            "activity_type",
            "activity_id",
            F.map_concat(
                F.expr(given.format("cast(agg AS map<string, double>)")),
                F.expr(given.format("aggregates")),
            ).alias("aggregates"),
            F.array_max(F.map_values("agg_last_updated")).alias("last_updated_at"),
        )
    )

    return Refined(
        renamed,
        best_first=[
            F.col("last_updated_at").desc_nulls_last(),
            F.size("aggregates").desc(),
            F.xxhash64(F.map_entries("aggregates")).asc(),
        ],
        kept_out={USER_ACTIVITY_AGG.name: unusable(read)},
    )


def attempts(assessment_aggregator: DataFrame) -> Refined:
    read = typed(
        assessment_aggregator, ASSESSMENT_AGGREGATOR, vital=("total_score", "total_max_score")
    )

    renamed = usable(read).select(
        "batch_id",
        "user_id",
        F.col("course_id").alias("collection_id"),
        "content_id",
        "attempt_id",
        F.coalesce("last_attempted_on", "updated_on", "created_on").alias("attempted_at"),
        F.coalesce("total_score", _part_of_total(1)).alias("score"),
        F.coalesce("total_max_score", _part_of_total(2)).alias("max_score"),
    )

    return Refined(
        renamed,
        best_first=[
            F.col("attempted_at").desc_nulls_last(),
            F.col("score").desc_nulls_last(),
            F.col("max_score").desc_nulls_last(),
            F.col("collection_id").asc(),
        ],
        kept_out={ASSESSMENT_AGGREGATOR.name: unusable(read)},
    )


def _part_of_total(part: int) -> Column:
    """Won (1) or could be won (2) of a text like 7/25."""
    told = F.regexp_extract(
        F.coalesce("grand_total", F.lit("")), r"^\s*(\d+\.?\d*)\s*/\s*(\d+\.?\d*)\s*$", part
    )
    return finite(told.try_cast("double"))
