"""Each member of each group in each of its activities, once, with the figures of one batch."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.groups import GROUP_ACTIVITY_MEMBER
from jobs.groups.names import COMPLETED_COUNT

# Points are counted in millionths, as whole numbers: 0.1 three times is then exactly 0.3.
UNIT = 1_000_000
FACT = ("user_id", "activity_id")
# What is told of members whom nothing is known of.
ZEROS = (
    ("is_enrolled", False, "boolean"),
    ("batch_count", 0, "int"),
    ("is_completed", False, "boolean"),
    ("completed_count", 0, "long"),
)


def group_activity_member(
    members: DataFrame,
    activities: DataFrame,
    progress: DataFrame,
    activity: DataFrame,
    collections: DataFrame,
) -> DataFrame:
    """One row per group, activity and member; who has no figures has zeros.

    Everything meets by the learner: each table travels there once. What follows from a learner's
    figures is computed before: the groups that a learner is in are many.
    """
    wanted = F.broadcast(activities.select("activity_id").distinct())
    known = figures(
        enrolled(progress).join(wanted, on="activity_id", how="left_semi"),
        aggregated(activity).join(wanted, on="activity_id", how="left_semi"),
    )
    sized = F.broadcast(sizes(collections).join(wanted, on="activity_id", how="left_semi"))
    told = with_conclusions(known.join(sized, on="activity_id", how="left"))

    in_activity = members.join(F.broadcast(activities), on="group_id", how="inner")
    with_figures = in_activity.join(told.hint("shuffle_hash"), on=list(FACT), how="left")
    zeros = {name: F.coalesce(name, F.lit(zero).cast(kind)) for name, zero, kind in ZEROS}
    # NULL tells something of those who are enrolled.
    is_stranger = F.col("is_enrolled").isNull()
    progress_pct = F.when(is_stranger, F.lit(0)).otherwise(F.col("progress_pct"))
    finished = with_figures.withColumns(zeros | {"progress_pct": progress_pct})
    return GROUP_ACTIVITY_MEMBER.conform(finished.select(*GROUP_ACTIVITY_MEMBER.columns))


def with_conclusions(known: DataFrame) -> DataFrame:
    """The figures, with what follows from them and the contents that there are."""
    completed_count = F.coalesce("platform_count", count_of_progress(), F.lit(0).cast("long"))
    # An enrolment's score has the platform's figures in it where there is no attempt.
    score_pct = F.when(F.col("stage").isNotNull(), F.col("total_score_pct")).otherwise(
        aggregated_score_pct()
    )
    is_completed = F.coalesce(
        F.col("stage") == "completed",
        F.col("completed_count") >= F.nullif("content_count", F.lit(0)),
        F.lit(False),
    )
    progress_pct = F.when(F.col("stage").isNotNull(), F.col("own_progress_pct")).otherwise(
        percent_half_up(F.col("completed_count"), F.col("content_count"))
    )
    return known.withColumn("completed_count", completed_count).select(
        *FACT,
        "batch_id",
        "batch_count",
        "completed_count",
        "aggregates",
        "last_updated_at",
        F.lit(True).alias("is_enrolled"),
        score_pct.alias("score_pct"),
        is_completed.alias("is_completed"),
        progress_pct.alias("progress_pct"),
    )


def enrolled(progress: DataFrame) -> DataFrame:
    return progress.select(
        "user_id",
        F.col("collection_id").alias("activity_id"),
        "batch_id",
        F.coalesce(F.col("left_out_reason") == "left_batch", F.lit(False)).alias("has_left"),
        "stage",
        F.col("progress_pct").alias("own_progress_pct"),
        "total_score_pct",
    )


def aggregated(activity: DataFrame) -> DataFrame:
    """The platform's figures, whatever type of activity they are noted under."""
    return activity.select("user_id", "activity_id", "batch_id", "aggregates", "last_updated_at")


def figures(enrolments: DataFrame, aggregates: DataFrame) -> DataFrame:
    """(user_id, activity_id, ...): of several batches that one which the learner was last seen in.

    Batches that the learner left do not count. The figures of two batches are never mixed: the same
    contents would count twice.
    """
    of_batches = (
        enrolments.join(
            aggregates.hint("shuffle_hash"),
            on=[*FACT, "batch_id"],
            how="full",
        )
        .where(~F.coalesce("has_left", F.lit(False)))
        # Which partitions a full join leaves its rows in, Spark does not know: said here, they
        # travel once, for the choice and for the members.
        .repartition("user_id")
    )
    last_seen = F.struct(
        F.col("last_updated_at").isNotNull(),
        "last_updated_at",
        F.coalesce(F.col("stage") == "completed", F.lit(False)),
        F.coalesce("own_progress_pct", F.lit(0)),
        "batch_id",
        F.coalesce(F.size("aggregates"), F.lit(0)),
    )
    own = ("batch_id", "stage", "own_progress_pct", "total_score_pct", "aggregates",
           "last_updated_at")  # fmt: skip
    chosen = of_batches.groupBy(*FACT).agg(
        F.max_by(F.struct(*own), last_seen).alias("chosen"),
        # Distinct ones would be gathered in lists: slow for millions, and rarely fewer.
        F.count("batch_id").cast("int").alias("batch_count"),
    )
    count = F.try_element_at("chosen.aggregates", F.lit(COMPLETED_COUNT))
    return chosen.select(
        *FACT,
        "chosen.*",
        "batch_count",
        F.when(count >= 0, count.try_cast("long")).alias("platform_count"),
    )


def sizes(collections: DataFrame) -> DataFrame:
    """(activity_id, content_count): contents to complete in a collection or one nested in it."""
    usable = collections.where("hierarchy_problem IS NULL")
    whole = usable.select(
        F.col("collection_id").alias("activity_id"),
        F.size("mandatory_nodes").alias("content_count"),
    )
    nested = usable.select(F.explode("modules").alias("module")).select(
        F.col("module.id").alias("activity_id"),
        F.size("module.mandatory_nodes").alias("content_count"),
    )
    # The same collection can be nested in two courses; of a course its own row tells.
    both = whole.withColumn("rank", F.lit(1)).unionByName(nested.withColumn("rank", F.lit(0)))
    return both.groupBy("activity_id").agg(
        F.max_by("content_count", F.struct("rank", "content_count")).alias("content_count")
    )


def count_of_progress() -> Column:
    """Of a learner whom the platform has no count for: exact up to a hundred contents."""
    return F.round(F.col("own_progress_pct") * F.col("content_count") / 100).cast("long")


def percent_half_up(part: Column, whole: Column) -> Column:
    """100 * part / whole, half up, exactly, never above 100; of an unknown whole it is NULL."""
    some = F.nullif(whole.cast("long"), F.lit(0).cast("long"))
    return divided(F.least(part, some) * 200 + some, some * 2).cast("int")


def aggregated_score_pct() -> Column:
    """The platform's own best attempts together, in percent, rounded up, exactly; NULL of none."""
    return F.expr(f"""
        aggregate(
            filter(
                map_keys(aggregates),
                name -> name LIKE 'score:%' AND try_element_at(aggregates, 'max_' || name) > 0
            ),
            named_struct('won', 0L, 'possible', 0L),
            (sum, name) -> named_struct(
                'won', sum.won + least(
                    try_cast(round(greatest(aggregates[name], 0) * {UNIT}) AS BIGINT),
                    try_cast(round(aggregates['max_' || name] * {UNIT}) AS BIGINT)
                ),
                'possible', sum.possible
                    + try_cast(round(aggregates['max_' || name] * {UNIT}) AS BIGINT)
            ),
            sum -> CASE WHEN sum.possible > 0
                THEN cast((sum.won * 100 + sum.possible - 1) div sum.possible AS INT) END
        )
    """)


def divided(dividend: Column, divisor: Column) -> Column:
    """How often the divisor goes into the dividend, exactly."""
    return F.floor((dividend - dividend % divisor) / divisor)
