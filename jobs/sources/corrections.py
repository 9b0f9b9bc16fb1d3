"""Attempts that a person took out of the scores: left out, and out of the platform's aggregates."""

from __future__ import annotations

from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import ASSESSMENT_AGGREGATOR
from jobs.sources.raw import Refined

TAKEN_OUT = "taken_out_by_a_person"
ATTEMPT = ("batch_id", "user_id", "content_id", "attempt_id")
# An attempt that the platform has otherwise by now is another one, and counts until it is checked.
AS_COPIED = ("attempted_at", "score", "max_score")
LEARNER = ("batch_id", "user_id", "activity_id")


def without_invalid(attempts: Refined, invalid: DataFrame) -> Refined:
    """The attempts that are not on the list, and those that are among the rows kept out."""
    listed = F.broadcast(
        invalid.select(*ATTEMPT, *(F.col(name).alias(f"_{name}") for name in AS_COPIED))
        .distinct()
        .withColumn("_is_listed", F.lit(True))
    )
    is_same = [F.col(name).eqNullSafe(F.col(f"_{name}")) for name in AS_COPIED]
    marked = attempts.rows.join(listed, on=list(ATTEMPT), how="left").withColumn(
        "_is_out",
        F.coalesce(F.col("_is_listed") & is_same[0] & is_same[1] & is_same[2], F.lit(False)),
    )
    out = marked.where("_is_out").select(F.lit(TAKEN_OUT).alias("reason"), "batch_id", "user_id")
    source = ASSESSMENT_AGGREGATOR.name
    kept_out = attempts.kept_out | {source: attempts.kept_out[source].unionByName(out)}
    rows = marked.where("NOT _is_out").select(*attempts.rows.columns)
    return replace(attempts, rows=rows, kept_out=kept_out)


def with_corrected_scores(activity: Refined, corrections: DataFrame) -> Refined:
    """The platform's aggregates with the scores of valid attempts, until the platform has them.

    Where it counts another number of attempts than it did, it was written since: it stands.
    """
    by_learner = corrections.groupBy(
        "batch_id", "user_id", F.col("course_id").alias("activity_id")
    ).agg(
        F.collect_list(
            F.struct(
                "content_id", "attempts_before", "score_before", "score", "max_score", "attempts"
            )
        ).alias("_corrected")
    )
    joined = activity.rows.join(F.broadcast(by_learner), on=list(LEARNER), how="left")
    open_ones = F.filter(
        "_corrected",
        lambda one: F.coalesce(
            F.try_element_at("aggregates", F.concat(F.lit("attempts_count:"), one["content_id"]))
            == one["attempts_before"],
            F.try_element_at("aggregates", F.concat(F.lit("score:"), one["content_id"]))
            == one["score_before"],
            F.lit(False),
        ),
    )
    is_course = F.col("activity_type") == "Course"
    marked = joined.withColumn(
        "_corrected", F.when(is_course & F.col("_corrected").isNotNull(), open_ones)
    )
    corrected = F.when(F.size("_corrected") > 0, F.expr(CORRECTED)).otherwise(F.col("aggregates"))
    rows = marked.withColumn("aggregates", corrected).select(*activity.rows.columns)
    return replace(activity, rows=rows)


# Of an assessment without a valid attempt nothing is told: 0 would be a score.
CORRECTED = """
map_concat(
    map_filter(
        aggregates,
        (name, held) -> NOT exists(
            _corrected,
            one -> name IN (
                'score:' || one.content_id, 'max_score:' || one.content_id,
                'attempts_count:' || one.content_id
            )
        )
    ),
    map_from_entries(flatten(transform(
        filter(_corrected, one -> one.score IS NOT NULL),
        one -> array(
            named_struct('name', 'score:' || one.content_id, 'held', one.score),
            named_struct('name', 'max_score:' || one.content_id, 'held', one.max_score),
            named_struct(
                'name', 'attempts_count:' || one.content_id, 'held', CAST(one.attempts AS DOUBLE)
            )
        )
    )))
)
"""
