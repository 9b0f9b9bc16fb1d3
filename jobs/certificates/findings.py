"""Findings: who earned a certificate and has none, what stands in the way, and what is unclear."""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.certificates.ledger import BEFORE_LEDGER, UNSURE
from jobs.certificates.rules.column import MET, NOT_MET, UNKNOWN, verdict
from jobs.certificates.rules.facts import BATCH_NOT_ENDED, NO_SCORE
from jobs.contracts.certificates import COURSE
from jobs.contracts.missed_certificates import EARNED, REISSUE

FOUND = (
    "user_id", "course_id", "batch_id", "template_id", "version_id", "certificate_type",
    "template_name", "completed_at", "reason", "rule_said", "flags", "cause", "failed_at",
    "replaces_id",
)  # fmt: skip
UNCLEAR = (
    "user_id", "course_id", "batch_id", "version_id", "problem", "completed_at", "detail",
)  # fmt: skip
LEARNER = ("user_id", "batch_id", "course_id")


def judged(facts: DataFrame, *, shapes: list[str]) -> DataFrame:
    """Each entitlement without a certificate, with the rule's outcome and its words."""
    said = facts.withColumn("verdict", verdict(shapes))
    outcome = F.coalesce("verdict.outcome", F.lit(MET))
    reasons = F.transform("verdict.unknown", lambda said: F.substring_index(said, ": ", -1))
    return (
        # Ranks were taken among all; from here on only those who have none are looked at.
        said.where("NOT is_issued")
        .withColumns(
            {
                "outcome": outcome,
                "why_unknown": F.when(outcome == UNKNOWN, F.array_sort(F.array_distinct(reasons))),
                "rule_said": F.nullif(F.array_join("verdict.met", "; "), F.lit("")),
            }
        )
        .drop("verdict")
    )


def findings(
    judged: DataFrame, registered: DataFrame, failures: DataFrame, *, timezone: str
) -> DataFrame:
    """FOUND: met, or held where only a person can say."""
    waits = F.array_contains("why_unknown", BATCH_NOT_ENDED)
    open_ones = judged.where(
        (F.col("standing") != BEFORE_LEDGER)
        & ((F.col("outcome") == MET) | ((F.col("outcome") == UNKNOWN) & waits))
    )
    template = F.col("template_id")
    with_registry = (
        open_ones.join(registered, on=list(LEARNER), how="left")
        .where(~F.coalesce(F.array_contains("active_templates", template), F.lit(False)))
        .withColumn("is_revoked", names(F.col("revoked_templates"), template))
    )
    caused = with_registry.join(last_failure(failures), on=list(LEARNER), how="left")
    is_same = F.coalesce(
        F.col("failed_template_id").isNull() | (F.col("failed_template_id") == template),
        F.lit(False),
    )
    return caused.withColumns(
        {
            "reason": reason(timezone),
            "flags": flags(timezone),
            "cause": F.when(is_same, F.col("cause")),
            "failed_at": F.when(is_same, F.col("failed_at")),
            "replaces_id": F.when(F.col("is_broken"), F.get("held_ids", F.lit(0))),
        }
    ).select(*FOUND)


def names(templates: Column, template: Column) -> Column:
    """Whether the list names the template, or names none at all."""
    return F.coalesce(
        F.array_contains(templates, template) | F.array_contains(templates, F.lit("")),
        F.lit(False),
    )


def reason(timezone: str) -> Column:
    """The first of what stands in the way; else that it was earned."""
    is_course = F.col("scope") == COURSE
    holds: list[tuple[Column, str]] = [
        (F.col("is_learner_known").isNull(), "learner_unknown"),
        (~F.col("is_learner_active"), "learner_inactive"),
        (is_course & ~F.col("is_batch_known"), "batch_missing"),
        (F.col("is_batch_known") & ~F.col("has_tenant") & is_tenant_needed(), "no_tenant"),
        (F.col("standing") == UNSURE, "unsure_version"),
        (F.col("rule_shape").isNull(), "rule_unusable"),
        (F.col("is_revoked"), "revoked"),
        (F.col("is_name_shared"), "name_twice"),
        (~F.col("has_name"), "no_name"),
        (is_artwork_missing(), "artwork_missing"),
        (is_after_end(timezone) & ~learnt_in_time(timezone), "completed_after_end"),
        (F.col("outcome") == UNKNOWN, "top_not_final"),
        (F.col("is_broken"), REISSUE),
    ]
    return reduce(
        lambda rest, hold: F.when(F.coalesce(hold[0], F.lit(False)), hold[1]).otherwise(rest),
        reversed(holds),
        F.lit(EARNED),
    )


def is_tenant_needed() -> Column:
    """A batch's own template that was attached by command names its tenant itself."""
    return (F.col("scope") == COURSE) | F.col("tenant_id").isNull()


def is_artwork_missing() -> Column:
    """The platform's own template has no picture: it can never have issued this certificate."""
    return F.col("artwork_key").isNull() & F.array_contains("flags", "no_artwork")


def day_of(instant: str, timezone: str) -> Column:
    return F.from_utc_timestamp(instant, timezone).cast("date")


def is_after_end(timezone: str) -> Column:
    return day_of("completed_at", timezone) > F.col("end_on")


def learnt_in_time(timezone: str) -> Column:
    """The last content was completed by the batch's last day: only the platform was late."""
    return F.coalesce(day_of("last_content_at", timezone) <= F.col("end_on"), F.lit(False))


def flags(timezone: str) -> Column:
    """What an approver should know, as codes, in order."""
    marks: list[tuple[str, Column]] = [
        ("active_unmarked", F.col("is_unmarked")),
        ("after_end_by_lag", is_after_end(timezone) & learnt_in_time(timezone)),
        ("batch_missing", ~F.col("is_batch_known")),
        ("before_batch_start", day_of("completed_at", timezone) < F.col("start_on")),
        ("before_enrolment", F.col("completed_at") < F.col("enrolled_at")),
        ("course_retired", F.col("course_status") == "Retired"),
        ("earned_after_completion", F.col("score_reached_at") > F.col("completed_at")),
        (
            "lag_boundary",
            (F.col("last_content_at") < F.col("valid_from"))
            & (F.col("completed_at") >= F.col("valid_from")),
        ),
        ("organisation_of_today", F.col("rule_shape").contains('"rootOrgId"')),
        ("score_disputed", F.col("is_score_disputed")),
    ]
    own = F.array_compact(
        F.array(*(F.when(F.coalesce(holds, F.lit(False)), code) for code, holds in marks))
    )
    empty = F.expr("cast(array() AS array<string>)")
    return F.array_sort(F.array_distinct(F.concat(own, F.coalesce("flags", empty))))


def last_failure(failures: DataFrame) -> DataFrame:
    """(LEARNER, cause, failed_at, failed_template_id): what the live issuer said last."""
    said = F.struct("error", "failed_at", "template_id")
    return (
        failures.groupBy(*LEARNER)
        .agg(F.max_by(said, "failed_at").alias("last"))
        .select(
            *LEARNER,
            F.substring(F.col("last.error"), 1, 300).alias("cause"),
            F.col("last.failed_at").alias("failed_at"),
            F.col("last.template_id").alias("failed_template_id"),
        )
    )


def problems(entitled: DataFrame, judged: DataFrame, unfinished: DataFrame) -> DataFrame:
    """UNCLEAR: enrolments of which nobody can say whether a certificate was earned."""
    own = entitled.where("problem IS NOT NULL").select(
        *LEARNER, F.lit("").alias("version_id"), "problem", "completed_at", no_detail()
    )
    early = judged.where((F.col("standing") == BEFORE_LEDGER) & (F.col("outcome") != NOT_MET))
    before = early.select(
        *LEARNER, "version_id", F.lit("before_ledger").alias("problem"), "completed_at", no_detail()
    )
    asked = F.array_except("why_unknown", F.array(F.lit(NO_SCORE), F.lit(BATCH_NOT_ENDED)))
    unknown = judged.where(
        (F.col("standing") != BEFORE_LEDGER) & (F.col("outcome") == UNKNOWN) & (F.size(asked) > 0)
    ).select(
        *LEARNER, "version_id", F.lit("rule_unknown").alias("problem"), "completed_at",
        F.array_join(asked, ", ").alias("detail"),
    )  # fmt: skip
    return reduce(
        DataFrame.unionByName,
        [one.select(*UNCLEAR) for one in (own, before, unknown, unfinished)],
    )


def unfinished(progress: DataFrame, offered: DataFrame) -> DataFrame:
    """Learners of batches with a template who have all contents and no completion."""
    done = progress.where(
        "completed_on IS NULL AND progress_pct = 100 AND left_out_reason IS NULL"
        " AND NOT has_certificate"
    )
    return done.join(
        F.broadcast(offered.where("offers IS NOT NULL").select("batch_id")), on="batch_id"
    ).select(
        "user_id",
        "batch_id",
        F.col("collection_id").alias("course_id"),
        F.lit("").alias("version_id"),
        F.lit("completion_missing").alias("problem"),
        F.lit(None).cast("timestamp").alias("completed_at"),
        no_detail(),
    )


def no_detail() -> Column:
    return F.lit(None).cast("string").alias("detail")


def tally(judged: DataFrame) -> DataFrame:
    """(batch_id, version_id, outcome, why, learner_count) of all who have none."""
    outcome = F.when(F.col("rule_shape").isNull(), "rule_unusable").otherwise(F.col("outcome"))
    why = F.array_join("why_unknown", ", ")
    return judged.groupBy("batch_id", "version_id", outcome.alias("outcome"), why.alias("why")).agg(
        F.count("*").alias("learner_count")
    )
