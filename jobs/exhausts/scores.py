"""Scores: each learner's best attempt per assessment, and all of them together, in percent."""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

# Points are counted in millionths, as whole numbers: 0.1 three times is then exactly 0.3.
UNIT = 1_000_000
# No assessment has more; a larger number is a fault, and sums of such would not be exact.
MOST_POINTS = 1e9

# What `cluster` adds comes first: a number that nearly sorts the rows, and where they are.
PLACE = ("_rank", "bucket")
KEY = (*PLACE, "batch_id", "user_id", "collection_id")


def scores(
    attempts: DataFrame,
    activity: DataFrame,
    collections: DataFrame,
    *,
    best_score: bool,
    cluster: Callable[[DataFrame], DataFrame],
) -> DataFrame:
    """(*KEY, score_pct, total_score_pct) of who attempted.

    Only the assessments of the course count, by their whole id. Where no attempt is held, the
    platform's aggregate serves. `cluster` adds what `PLACE` names and is given narrow rows only.
    """
    assessed = F.broadcast(
        collections.select("collection_id", F.explode("assessments.id").alias("content_id"))
    )
    of_courses = attempts.join(assessed, on=["collection_id", "content_id"], how="left_semi")
    attempted = best_attempts(cluster(of_courses), best_score=best_score)
    known = attempted.select(*KEY, "content_id", "points", "max_points", F.lit(0).alias("rank"))
    aggregated = cluster(aggregated_scores(activity, assessed)).withColumn("rank", F.lit(1))
    chosen = (
        known.unionByName(aggregated)
        .groupBy(*KEY, "content_id")
        .agg(F.min_by(F.struct("points", "max_points"), "rank").alias("best"))
    )
    return chosen.groupBy(*KEY).agg(
        F.map_from_entries(
            F.collect_list(
                F.struct("content_id", percent_up(F.col("best.points"), F.col("best.max_points")))
            )
        ).alias("score_pct"),
        percent_up(F.sum("best.points"), F.sum("best.max_points")).alias("total_score_pct"),
    )


def best_attempts(attempts: DataFrame, *, best_score: bool) -> DataFrame:
    """One attempt per learner and assessment: the highest share of its points, or the latest."""
    usable = attempts.select(
        *KEY,
        "content_id",
        "attempt_id",
        "attempted_at",
        units(F.col("score")).alias("points"),
        units(F.col("max_score")).alias("max_points"),
    ).where("max_points > 0 AND points IS NOT NULL")
    share = F.try_divide(F.least("points", "max_points").cast("double"), F.col("max_points"))
    order = [share, F.col("attempted_at")] if best_score else [F.col("attempted_at"), share]
    return usable.groupBy(*KEY, "content_id").agg(
        *(
            F.max_by(name, F.struct(*order, "points", "attempt_id")).alias(name)
            for name in ("points", "max_points")
        )
    )


def aggregated_scores(activity: DataFrame, assessed: DataFrame) -> DataFrame:
    """The platform's own `score:<content>` and `max_score:<content>` per course and learner."""
    of_courses = activity.withColumnRenamed("activity_id", "collection_id").where(
        "activity_type = 'Course'"
    )
    scored = of_courses.where(
        F.exists(F.map_keys("aggregates"), lambda key: key.startswith("score:"))
    )
    per_content = scored.join(assessed, on="collection_id", how="inner").select(
        *KEY[len(PLACE) :],
        "content_id",
        *(
            units(F.try_element_at("aggregates", F.concat(F.lit(prefix), "content_id"))).alias(name)
            for prefix, name in (("score:", "points"), ("max_score:", "max_points"))
        ),
    )
    return per_content.where("max_points > 0 AND points IS NOT NULL")


def units(score: Column) -> Column:
    points = F.when(score <= MOST_POINTS, F.greatest(score, F.lit(0.0)))
    return F.round(points * UNIT).try_cast("long")


def percent_up(points: Column, max_points: Column) -> Column:
    """100 * points / max_points, rounded up, exactly, never above 100; of nothing it is NULL."""
    hundredfold = F.least(points, max_points) * 100
    return whole_quotient(hundredfold + max_points - 1, max_points)


def whole_quotient(dividend: Column, divisor: Column) -> Column:
    """How often the divisor goes into the dividend, exactly, for whole numbers up to 2^63."""
    # What is left is taken off first: the division then has a whole result, which a double holds.
    some = F.nullif(divisor.cast("long"), F.lit(0))
    whole = dividend.cast("long") - dividend.cast("long") % some
    return F.round(whole / some).cast("int")
