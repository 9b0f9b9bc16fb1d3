"""The facts that rules are judged by, for learners who completed while a template stood."""

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.certificates.scores import LEARNER, scores
from jobs.sources.raw import instant_from_text, latest

# The platform may take so long to note a completion.
LAG_SECONDS = 86_400
NO_SCORES = {
    "score_points": "long", "score_max_points": "long", "score_reached_at": "timestamp",
    "score_problem": "string", "is_score_disputed": "boolean",
}  # fmt: skip
# What of a version the verdict and the report need.
OF_VERSION = (
    "certificate_type", "template_name", "rule_shape", "rule_values", "rule_problem", "artwork_key",
    "flags", "valid_from",
)  # fmt: skip


def facts(
    entitled: DataFrame,
    versions: DataFrame,
    learners: DataFrame,
    batches: DataFrame,
    collections: DataFrame,
    attempts: DataFrame,
    activity: DataFrame,
    consumption: DataFrame,
    enrolments: DataFrame,
    *,
    keys: frozenset[str],
    as_of: datetime,
    timezone: str,
) -> DataFrame:
    """One row per entitlement with all of RULE_FACTS; of what no rule asks for, NULL."""
    known = entitled.join(
        F.broadcast(versions.select("version_id", *OF_VERSION)), on="version_id", how="left"
    )
    people = learners.select(
        "user_id",
        F.lit(True).alias("is_learner_known"),
        F.col("is_active").alias("is_learner_active"),
        F.col("user_name").isNotNull().alias("has_name"),
        "root_org_id",
        "born_on",
    )
    # The learners are many, those looked at few: each learner row is left out before it travels.
    looked_at = people.join(known.select("user_id").distinct(), on="user_id", how="left_semi")
    with_people = known.join(looked_at, on="user_id", how="left")
    with_batch = with_people.join(F.broadcast(dates(batches)), on="batch_id", how="left")
    with_course = with_batch.join(
        F.broadcast(
            collections.select(
                F.col("collection_id").alias("course_id"), F.col("status").alias("course_status")
            )
        ),
        on="course_id",
        how="left",
    )
    with_scores = with_course
    if "score" in keys or "top" in keys:
        asking = known.where(asks_for("score") | asks_for("top")).select(*LEARNER).distinct()
        found = scores(asking, attempts, activity, collections)
        with_scores = with_course.join(found, on=list(LEARNER), how="left")
    else:
        with_scores = with_course.withColumns(
            {name: F.lit(None).cast(kind) for name, kind in NO_SCORES.items()}
        )
    with_progress = progress(with_scores, enrolments, collections, is_asked="completed" in keys)
    with_time = time_spent(with_progress, consumption, is_asked="timespent" in keys)
    with_last = with_time.join(
        last_contents(with_time, consumption, timezone=timezone), on=list(LEARNER), how="left"
    )
    return with_last.withColumns(
        {
            "age": age(timezone),
            "batch_has_ended": F.coalesce(F.col("end_on") < today(as_of, timezone), F.lit(False)),
        }
    )


def dates(batches: DataFrame) -> DataFrame:
    return batches.select("batch_id", "start_on", "end_on")


def today(as_of: datetime, timezone: str) -> Column:
    return F.from_utc_timestamp(F.lit(as_of), timezone).cast("date")


def asks_for(key: str) -> Column:
    return F.coalesce(F.col("rule_shape").contains(f'"{key}"'), F.lit(False))


def age(timezone: str) -> Column:
    """Whole years on the day of completion, as people count them."""
    day = F.from_utc_timestamp("completed_at", timezone).cast("date")
    return F.floor(F.months_between(day, F.col("born_on")) / 12).cast("int")


def progress(
    rows: DataFrame, enrolments: DataFrame, collections: DataFrame, *, is_asked: bool
) -> DataFrame:
    """With `completed_count` of `leaf_count` contents that are in the course now."""
    if not is_asked:
        return rows.withColumns(
            {name: F.lit(None).cast("long") for name in ("completed_count", "leaf_count")}
        )
    asking = rows.where(asks_for("completed")).select(*LEARNER).distinct()
    leaves = F.broadcast(
        collections.where("hierarchy_problem IS NULL").select(
            F.col("collection_id").alias("course_id"), "leaf_nodes"
        )
    )
    done = F.map_keys(F.map_filter("content_status", lambda _, status: status == 2))
    counted = (
        enrolments.withColumnRenamed("collection_id", "course_id")
        .join(asking, on=list(LEARNER), how="left_semi")
        .join(leaves, on="course_id", how="inner")
        .select(
            *LEARNER,
            F.size(F.array_intersect(done, F.col("leaf_nodes")))
            .cast("long")
            .alias("completed_count"),
            F.size("leaf_nodes").cast("long").alias("leaf_count"),
        )
    )
    return rows.join(counted, on=list(LEARNER), how="left")


def time_spent(rows: DataFrame, consumption: DataFrame, *, is_asked: bool) -> DataFrame:
    if not is_asked:
        return rows.withColumn("timespent_ms", F.lit(None).cast("long"))
    asking = rows.where(asks_for("timespent")).select(*LEARNER).distinct()
    spent = (
        renamed(consumption)
        .join(asking, on=list(LEARNER), how="left_semi")
        .groupBy(*LEARNER)
        .agg(F.sum("timespent").alias("timespent_ms"))
    )
    return rows.join(spent, on=list(LEARNER), how="left")


def last_contents(rows: DataFrame, consumption: DataFrame, *, timezone: str) -> DataFrame:
    """(batch_id, user_id, course_id, last_content_at), only where it could change anything."""
    day = F.from_utc_timestamp("completed_at", timezone).cast("date")
    since = F.unix_seconds("completed_at") - F.unix_seconds("valid_from")
    asking = rows.where((day > F.col("end_on")) | since.between(0, LAG_SECONDS))
    completed = latest(F.col("last_completed_time"), instant_from_text(F.trim("lastcompletedtime")))
    return (
        renamed(consumption)
        .join(asking.select(*LEARNER).distinct(), on=list(LEARNER), how="left_semi")
        .groupBy(*LEARNER)
        .agg(F.max(completed).alias("last_content_at"))
    )


def renamed(consumption: DataFrame) -> DataFrame:
    return consumption.withColumnsRenamed(
        {"userid": "user_id", "batchid": "batch_id", "courseid": "course_id"}
    )
