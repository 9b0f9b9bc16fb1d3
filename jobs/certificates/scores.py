"""The score that a rule asks for: the best attempt in the assessments of the course, exactly."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.certificates.rules.facts import ATTEMPTS_GONE, MAX_SCORE_MISSING

LEARNER = ("batch_id", "user_id", "course_id")
TYPE_UNKNOWN = "assessment_type_unknown"
# Points are counted in millionths, as whole numbers: eight times 0.1 is then exactly 0.8.
UNIT = 1_000_000
# No assessment has more; a larger number is a fault, and products of such would not be exact.
MOST_POINTS = 1e9


def scores(
    learners: DataFrame, attempts: DataFrame, activity: DataFrame, collections: DataFrame
) -> DataFrame:
    """(batch_id, user_id, course_id, score_*, is_score_disputed) of the learners with any score.

    The best share of all assessments of the course counts. Where no attempt is held, the
    platform's own aggregate serves. One that counts all contents as completed and holds no score
    is what a merge of accounts leaves: the attempts were made, under another id.
    """
    # Few courses have a rule that asks for a score.
    asked = F.broadcast(learners.select("course_id").distinct())
    courses = F.broadcast(
        collections.select(
            F.col("collection_id").alias("course_id"),
            F.when(F.col("hierarchy_problem").isNull(), F.col("leaf_nodes")).alias("leaf_nodes"),
            F.col("assessments.id").alias("assessment_ids"),
        ).join(asked, on="course_id", how="left_semi")
    )
    held = attempted(attempts).withColumn("is_aggregate", F.lit(False))
    told = aggregated(activity).withColumn("is_aggregate", F.lit(True))
    of_learners = (
        held.unionByName(told)
        .join(asked, on="course_id", how="left_semi")
        .join(learners.select(*LEARNER), on=list(LEARNER), how="left_semi")
        .join(courses, on="course_id", how="left")
        .withColumns(
            {
                "is_assessment": is_assessment(),
                "is_type_unknown": is_type_unknown(),
                "is_unscored": is_unscored(),
            }
        )
        .where("is_assessment OR is_type_unknown OR is_unscored")
    )
    per_content = of_learners.groupBy(*LEARNER, "content_id").agg(
        best(F.col("is_assessment") & ~F.col("is_aggregate")).alias("own"),
        best(F.col("is_assessment") & F.col("is_aggregate")).alias("platform"),
        F.max("is_assessment").alias("is_assessment"),
        F.max("is_type_unknown").alias("is_type_unknown"),
    )
    chosen = F.coalesce("own", "platform")
    return (
        per_content.withColumn("best", chosen)
        .groupBy(*LEARNER)
        .agg(
            F.max_by("best", order(F.col("best"))).alias("best"),
            F.max("is_assessment").alias("has_assessment"),
            F.max("is_type_unknown").alias("has_type_unknown"),
            F.max(differ(F.col("own"), F.col("platform"))).alias("is_score_disputed"),
        )
        .select(
            *LEARNER,
            F.col("best.points").alias("score_points"),
            F.col("best.max_points").alias("score_max_points"),
            F.col("best.reached_at").alias("score_reached_at"),
            F.when(
                F.col("best").isNull(),
                F.when(F.col("has_assessment"), MAX_SCORE_MISSING)
                .when(F.col("has_type_unknown"), TYPE_UNKNOWN)
                .otherwise(ATTEMPTS_GONE),
            ).alias("score_problem"),
            F.coalesce("is_score_disputed", F.lit(False)).alias("is_score_disputed"),
        )
    )


def attempted(attempts: DataFrame) -> DataFrame:
    return attempts.select(
        "batch_id",
        "user_id",
        F.col("collection_id").alias("course_id"),
        "content_id",
        units(F.col("score")).alias("points"),
        units(F.col("max_score")).alias("max_points"),
        F.col("attempted_at").alias("reached_at"),
        F.lit(None).cast("double").alias("completed_count"),
    )


def aggregated(activity: DataFrame) -> DataFrame:
    """The platform's own `score:<content>` and `max_score:<content>`; one row where it has none."""
    keys = F.filter(F.map_keys("aggregates"), lambda key: key.startswith("score:"))
    named = activity.where("activity_type = 'Course'").select(
        "batch_id",
        "user_id",
        F.col("activity_id").alias("course_id"),
        "aggregates",
        F.explode_outer(keys).alias("key"),
    )
    content = F.substring_index("key", ":", -1)
    value = {
        name: units(F.try_element_at("aggregates", F.concat(F.lit(prefix), content)))
        for name, prefix in (("points", "score:"), ("max_points", "max_score:"))
    }
    return named.select(
        *LEARNER,
        content.alias("content_id"),
        value["points"].alias("points"),
        value["max_points"].alias("max_points"),
        F.lit(None).cast("timestamp").alias("reached_at"),
        F.try_element_at("aggregates", F.lit("completedCount")).alias("completed_count"),
    )


def is_assessment() -> Column:
    return F.coalesce(F.array_contains("assessment_ids", F.col("content_id")), F.lit(False))


def is_type_unknown() -> Column:
    """The course does not say what the content is: neither an assessment nor another content."""
    known = F.coalesce(F.array_contains("leaf_nodes", F.col("content_id")), F.lit(False))
    return F.col("content_id").isNotNull() & ~known & ~is_assessment()


def is_unscored() -> Column:
    """All contents are completed, assessments among them, and there is no score of any."""
    is_whole = F.col("completed_count") >= F.size("leaf_nodes")
    has_assessments = F.size("assessment_ids") > 0
    return F.coalesce(F.col("content_id").isNull() & is_whole & has_assessments, F.lit(False))


def units(score: Column) -> Column:
    points = F.when(score <= MOST_POINTS, F.greatest(score, F.lit(0.0)))
    return F.round(points * UNIT).try_cast("long")


def best(counts: Column) -> Column:
    """The attempt with the highest share of its points, the first of equals; NULL without one."""
    attempt = F.struct("points", "max_points", "reached_at")
    usable = counts & (F.col("max_points") > 0) & F.col("points").isNotNull()
    return F.max_by(F.when(usable, attempt), order(F.when(usable, attempt)))


def order(attempt: Column) -> Column:
    share = F.try_divide(
        F.least(attempt["points"], attempt["max_points"]).cast("double"), attempt["max_points"]
    )
    # The earliest of equals; one without a time is the last of them.
    earlier = -F.unix_micros(attempt["reached_at"])
    return F.when(attempt.isNotNull(), F.struct(share, F.coalesce(earlier, F.lit(-(2**62)))))


def differ(own: Column, platform: Column) -> Column:
    """Whether the platform's figure is another share than the best of the attempts held."""
    ours = own["points"].cast("decimal(20,0)") * platform["max_points"].cast("decimal(18,0)")
    theirs = platform["points"].cast("decimal(20,0)") * own["max_points"].cast("decimal(18,0)")
    return F.coalesce(ours != theirs, F.lit(False))
