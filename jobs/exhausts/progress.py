"""Progress: how far each learner of each batch has come, for all batches in one pass.

Rules: Sunbird's progress exhaust with its faults mended; docs/decisions/0004-progress-rules.md
says where a figure differs from the one that Sunbird shows.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.exhausts import PROGRESS
from jobs.exhausts.scores import scores, whole_quotient

COURSE_COLUMNS = ("mandatory_nodes", "modules", "hierarchy_problem")
LEARNER_COLUMNS = (
    "root_org_id", "external_id", "user_name", "email_cipher", "phone_cipher", "org_name", "state",
    "district", "block", "cluster", "school_id", "school_name", "board", "user_type",
    "user_sub_type",
)  # fmt: skip

COMPLETED = 2


def progress(
    enrolments: DataFrame,
    learners: DataFrame,
    collections: DataFrame,
    activity: DataFrame,
    attempts: DataFrame,
    *,
    timezone: str,
    best_score: bool,
) -> DataFrame:
    """One row per enrolment, those left out among them with the reason."""
    courses = F.broadcast(collections.select("collection_id", *COURSE_COLUMNS))
    known = learners.select("user_id", F.lit(True).alias("is_in_users"), *LEARNER_COLUMNS)

    with_course = enrolments.join(courses, on="collection_id", how="left")
    with_learner = with_course.join(known, on="user_id", how="left")
    with_scores = with_learner.join(
        scores(attempts, activity, collections, best_score=best_score),
        on=["batch_id", "collection_id", "user_id"],
        how="left",
    )
    with_activity = with_scores.join(
        module_counts(activity), on=["batch_id", "user_id"], how="left"
    )

    completed_nodes = F.coalesce(
        F.map_keys(F.map_filter("content_status", lambda _, status: status == COMPLETED)),
        F.expr("cast(array() AS array<string>)"),
    )
    is_readable = F.col("mandatory_nodes").isNotNull() & F.col("hierarchy_problem").isNull()
    counted = with_activity.withColumn("_completed_nodes", completed_nodes).withColumn(
        "_completed_count", overlap("mandatory_nodes", "_completed_nodes")
    )
    measured = counted.withColumn(
        "progress_pct",
        F.when(
            is_readable,
            F.when(F.col("completed_at").isNotNull(), F.lit(100)).otherwise(
                percent_half_up(F.col("_completed_count"), F.size("mandatory_nodes"))
            ),
        ),
    )
    return PROGRESS.conform(
        measured.select(
            "batch_id",
            "user_id",
            "collection_id",
            left_out_reason().alias("left_out_reason"),
            F.coalesce("is_in_users", F.lit(False)).alias("is_known"),
            *LEARNER_COLUMNS,
            F.from_utc_timestamp("enrolled_at", timezone).cast("date").alias("enrolled_on"),
            F.from_utc_timestamp("completed_at", timezone).cast("date").alias("completed_on"),
            (F.size("certificates") > 0).alias("has_certificate"),
            "progress_pct",
            stage().alias("stage"),
            module_progress().alias("module_progress"),
            "score_pct",
            "total_score_pct",
        )
    )


def left_out_reason() -> Column:
    return F.when(~F.col("is_active"), F.lit("left_batch")).when(
        ~F.col("has_enrolment_date"), F.lit("no_enrolment_date")
    )


def stage() -> Column:
    """Completed when the platform says so or nothing mandatory is left; begun when anything is."""
    mandatory = F.coalesce(F.size("mandatory_nodes"), F.lit(0))
    has_all = (mandatory > 0) & (F.col("_completed_count") >= mandatory)
    statuses = F.coalesce(F.map_values("content_status"), F.expr("cast(array() AS array<int>)"))
    has_begun = (
        (F.coalesce("status", F.lit(0)) > 0)
        | F.exists(statuses, lambda status: status > 0)
        | F.col("total_score_pct").isNotNull()
    )
    return (
        F.when(F.col("completed_at").isNotNull() | F.coalesce(has_all, F.lit(False)), "completed")
        .when(F.coalesce(has_begun, F.lit(False)), "in_progress")
        .otherwise("not_started")
    )


def module_progress() -> Column:
    """Nested collection to percent, from the learner's own contents.

    The platform's count per nested collection serves only learners whose contents it does not
    hold: it also counts contents that are optional or no longer in the course.
    """
    holds_contents = (
        F.size(F.coalesce("content_status", F.expr("cast(map() AS map<string,int>)"))) > 0
    )

    def percent(module: Column) -> Column:
        total = F.size(module["mandatory_nodes"])
        own = F.size(F.array_intersect(module["mandatory_nodes"], F.col("_completed_nodes")))
        counted = F.coalesce(F.try_element_at("module_counts", module["id"]).cast("int"), F.lit(0))
        return percent_half_up(F.when(holds_contents, own).otherwise(counted), total)

    return F.map_from_arrays(
        F.transform("modules", lambda module: module["id"]), F.transform("modules", percent)
    )


def module_counts(activity: DataFrame) -> DataFrame:
    """(batch_id, user_id, module_counts): the platform's completed contents per activity."""
    counts = activity.where("activity_type = 'Course'").select(
        "batch_id",
        "user_id",
        "activity_id",
        F.try_element_at("aggregates", F.lit("completedCount")).alias("completed_count"),
    )
    return (
        counts.where("completed_count IS NOT NULL")
        .groupBy("batch_id", "user_id")
        .agg(
            F.map_from_entries(F.collect_list(F.struct("activity_id", "completed_count"))).alias(
                "module_counts"
            )
        )
    )


def overlap(left: str, right: str) -> Column:
    return F.coalesce(F.size(F.array_intersect(left, right)), F.lit(0))


def percent_half_up(part: Column, whole: Column) -> Column:
    """100 * part / whole, half up, exactly, never above 100; of nothing it is 0."""
    capped = F.least(part, whole)
    return F.coalesce(whole_quotient(capped * 200 + whole, whole * 2), F.lit(0))
