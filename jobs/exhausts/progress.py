"""Progress: how far each learner of each batch has come, for all batches in one pass.

Rules: Sunbird's progress exhaust with its faults mended; docs/decisions/0004-progress-rules.md
says where a figure differs from the one that Sunbird shows.
"""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.exhausts import PROGRESS
from jobs.exhausts.completion import (
    completed_count,
    completed_count_of,
    completed_of_modules,
    courses,
    marks_of_learner,
)
from jobs.exhausts.scores import KEY, PLACE, scores, whole_quotient

LEARNER_COLUMNS = (
    "root_org_id", "external_id", "user_name", "email_cipher", "phone_cipher", "org_name", "state",
    "district", "block", "cluster", "school_id", "school_name", "board", "user_type",
    "user_sub_type", "account_status", "born_on",
)  # fmt: skip


def one_bucket(table: DataFrame) -> DataFrame:
    return table.withColumns({"_rank": F.lit(0), "bucket": F.lit(0)})


def progress(
    enrolments: DataFrame,
    learners: DataFrame,
    collections: DataFrame,
    activity: DataFrame,
    attempts: DataFrame,
    *,
    timezone: str,
    best_score: bool,
    cluster: Callable[[DataFrame], DataFrame] = one_bucket,
) -> DataFrame:
    """One row per enrolment, those left out among them with the reason; and its place.

    `cluster` brings the rows of a batch into one partition and adds what `PLACE` names. Whatever
    is as large as the enrolments meets there, so that each row travels twice: once narrow to its
    learner, once to its bucket.
    """
    # A few of the learners at a time are looked up: sorting all enrolments for it costs more.
    known = learners.select("user_id", F.lit(True).alias("is_known"), *LEARNER_COLUMNS).hint(
        "shuffle_hash"
    )
    with_learner = own_progress(enrolments, collections, timezone=timezone).join(
        known, on="user_id", how="left"
    )

    scored = scores(attempts, activity, collections, best_score=best_score, cluster=cluster)
    counted = module_counts(activity, collections, cluster=cluster)
    whole = (
        cluster(with_learner)
        # In the order in which the rows are written: they are sorted once.
        .join(scored, on=[*KEY], how="left")
        .join(counted, on=[*PLACE, "batch_id", "user_id"], how="left")
        # What modules are called did not travel with the rows.
        .join(F.broadcast(modules_of(collections)), on="collection_id", how="left")
    )
    finished = whole.withColumns(
        {
            "is_known": F.coalesce("is_known", F.lit(False)),
            "stage": stage(),
            "module_progress": F.map_from_arrays(
                "modules.id", F.coalesce("module_pcts", counted_progress())
            ),
        }
    )
    return finished.select(*PLACE, *PROGRESS.columns)


def own_progress(enrolments: DataFrame, collections: DataFrame, *, timezone: str) -> DataFrame:
    """Each enrolment with what its own contents say of it, and no wide column left."""
    statuses = F.coalesce(F.map_values("content_status"), F.expr("cast(array() AS array<int>)"))
    with_course = enrolments.join(
        F.broadcast(courses(collections)), on="collection_id", how="left"
    ).withColumns(
        {"_marks": marks_of_learner("content_status"), "_holds_contents": F.size(statuses) > 0}
    )
    counted = with_course.withColumns(
        {"_count": completed_count("_marks"), "_completed": completed_of_modules("_marks")}
    )

    is_complete = F.col("completed_at").isNotNull()
    mandatory = F.coalesce("mandatory_count", F.lit(0))
    return counted.select(
        "batch_id",
        "user_id",
        "collection_id",
        left_out_reason().alias("left_out_reason"),
        F.from_utc_timestamp("enrolled_at", timezone).cast("date").alias("enrolled_on"),
        F.from_utc_timestamp("completed_at", timezone).cast("date").alias("completed_on"),
        (F.size("certificates") > 0).alias("has_certificate"),
        F.when(
            F.col("is_readable"),
            F.when(is_complete, F.lit(100)).otherwise(percent_half_up(F.col("_count"), mandatory)),
        ).alias("progress_pct"),
        (is_complete | ((mandatory > 0) & (F.col("_count") >= mandatory))).alias("_has_all"),
        (
            (F.coalesce("status", F.lit(0)) > 0) | F.exists(statuses, lambda status: status > 0)
        ).alias("_has_begun"),
        F.when(F.col("_holds_contents"), module_progress()).alias("module_pcts"),
    )


def left_out_reason() -> Column:
    return F.when(~F.col("is_active"), F.lit("left_batch")).when(
        ~F.col("has_enrolment_date"), F.lit("no_enrolment_date")
    )


def stage() -> Column:
    """Completed when the platform says so or nothing mandatory is left; begun when anything is."""
    has_begun = F.col("_has_begun") | F.col("total_score_pct").isNotNull()
    return (
        F.when(F.coalesce("_has_all", F.lit(False)), "completed")
        .when(F.coalesce(has_begun, F.lit(False)), "in_progress")
        .otherwise("not_started")
    )


def module_progress() -> Column:
    """Percent of each nested collection, from the learner's own contents."""
    return F.transform(
        "parts",
        lambda part: percent_half_up(completed_count_of(part, "_completed"), part["size"]),
    )


def counted_progress() -> Column:
    """The same from the platform's count, for learners whose contents it does not hold.

    Its count also has contents that are optional or no longer in the course, so it serves no
    others.
    """
    return F.transform(
        "modules",
        lambda module: percent_half_up(
            F.greatest(F.try_element_at("module_counts", module["id"]).try_cast("int"), F.lit(0)),
            module["size"],
        ),
    )


def modules_of(collections: DataFrame) -> DataFrame:
    sizes = F.transform(
        "modules",
        lambda module: F.struct(
            module["id"].alias("id"), F.size(module["mandatory_nodes"]).alias("size")
        ),
    )
    return collections.select("collection_id", sizes.alias("modules"))


def module_counts(
    activity: DataFrame, collections: DataFrame, *, cluster: Callable[[DataFrame], DataFrame]
) -> DataFrame:
    """(*PLACE, batch_id, user_id, module_counts): the platform's completed contents."""
    modules = F.broadcast(
        collections.select(F.explode("modules.id").alias("activity_id")).distinct()
    )
    counts = activity.where("activity_type = 'Course'").select(
        "batch_id",
        "user_id",
        "activity_id",
        F.try_element_at("aggregates", F.lit("completedCount")).alias("completed_count"),
    )
    of_modules = counts.where("completed_count IS NOT NULL").join(
        modules, on="activity_id", how="left_semi"
    )
    return (
        cluster(of_modules)
        .groupBy(*PLACE, "batch_id", "user_id")
        .agg(
            F.map_from_entries(F.collect_list(F.struct("activity_id", "completed_count"))).alias(
                "module_counts"
            )
        )
    )


def percent_half_up(part: Column, whole: Column) -> Column:
    """100 * part / whole, half up, exactly, never above 100; of nothing it is 0."""
    capped = F.least(part, whole)
    return F.coalesce(whole_quotient(capped * 200 + whole, whole * 2), F.lit(0))
