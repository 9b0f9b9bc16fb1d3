"""Entitlements: who completed while a template was attached, and what stands beside it."""

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.certificates.ledger import ACTIVE, INACTIVE, UNSURE, standing
from jobs.certificates.names import name_key
from jobs.contracts.certificates import BATCH

COMPLETED = 2
# No Sunbird is older: a completion before is a clock that was never set.
FIRST_YEAR = datetime.fromisoformat("2012-01-01T00:00:00+00:00")
NO_OFFERS = "array()"


def entitlements(
    enrolments: DataFrame,
    batch_offers: DataFrame,
    course_offers: DataFrame,
    *,
    as_of: datetime,
    keeps_issued: bool = True,
) -> DataFrame:
    """One row per learner and version that stood when the learner completed.

    `is_issued` where the learner holds a certificate of the template's name; unless those are
    kept, most of them are left out. An enrolment that contradicts itself is one row with its
    `problem` and no version.
    """
    active = enrolments.where(~has_left() & (F.col("completed_at").isNotNull() | is_completed()))
    offered = (
        active.join(F.broadcast(batch_offers), on="batch_id", how="left")
        .join(F.broadcast(course_offers), on="collection_id", how="left")
        .where("offers IS NOT NULL OR (is_known IS NULL AND course_offers IS NOT NULL)")
        .where(F.lit(keeps_issued) | ~holds_only_one())
        .withColumn("offered", offered_to())
        .where("size(offered) > 0")
        .withColumn("problem", problem(as_of))
        .where("problem IS NULL OR problem <> ''")
    )
    standing_offers = offered.withColumn(
        "standing_offers", F.when(F.col("problem").isNull(), batch_wins(standing_of("offered")))
    ).where("problem IS NOT NULL OR size(standing_offers) > 0")
    each = standing_offers.select(
        "user_id",
        "batch_id",
        F.col("collection_id").alias("course_id"),
        "enrolled_at",
        "completed_at",
        "status",
        (~F.coalesce("has_active_mark", F.lit(True))).alias("is_unmarked"),
        F.coalesce("is_known", F.lit(False)).alias("is_batch_known"),
        F.coalesce("has_tenant", F.lit(False)).alias("has_tenant"),
        "problem",
        "certificates",
        "standing_offers",
        F.explode_outer("standing_offers").alias("offer"),
    )
    return with_certificates(each)


def holds_only_one() -> Column:
    """The first certificate is the only one that the batch can give.

    Nearly all who completed are out of the way by this, which costs no list function: at ten
    million enrolments that is most of the time.
    """
    first = F.get("certificates", F.lit(0))
    is_whole = certificate_id(first) != ""
    return F.coalesce((name_key(first["name"]) == F.col("only_name")) & is_whole, F.lit(False))


def has_left() -> Column:
    """Said by the platform: a row of old without a mark is an active one here."""
    return ~F.col("is_active") & F.coalesce("has_active_mark", F.lit(True))


def is_completed() -> Column:
    return F.coalesce(F.col("status") == COMPLETED, F.lit(False))


def offered_to() -> Column:
    """The offers of the enrolment's batch, for its own course only."""
    unknown = F.when(F.col("is_known").isNull(), F.col("course_offers"))
    none = F.expr(NO_OFFERS)
    both = F.concat(F.coalesce("offers", none), F.coalesce(unknown, none))
    return F.filter(both, lambda one: one["course_id"] == F.col("collection_id"))


def problem(as_of: datetime) -> Column:
    """What of the enrolment itself contradicts; NULL where nothing does."""
    holds_none = F.coalesce(F.size("certificates"), F.lit(0)) <= 0
    completed_at = F.col("completed_at")
    return F.when(
        completed_at.isNull(), F.when(holds_none, F.lit("no_completion_date")).otherwise("")
    ).otherwise(
        F.when(completed_at > F.lit(as_of), F.lit("completed_in_future"))
        .when(completed_at < F.lit(FIRST_YEAR), F.lit("implausible_date"))
        .when(~is_completed(), F.when(holds_none, F.lit("status_not_completed")).otherwise(""))
    )


def standing_of(offered: str) -> Column:
    at = F.col("completed_at")
    stood = F.transform(
        offered,
        lambda one: one.withField("standing", standing(at, lambda name: one[name])),
    )
    return F.filter(stood, lambda one: one["standing"] != INACTIVE)


def batch_wins(offers: Column) -> Column:
    """A batch's own template of a type takes the place of the course's."""

    def is_replaced(one: Column) -> Column:
        return F.exists(
            offers,
            lambda other: (
                (other["scope"] == BATCH)
                & (other["certificate_type"] == one["certificate_type"])
                & other["standing"].isin(ACTIVE, UNSURE)
            ),
        )

    return F.filter(offers, lambda one: (one["scope"] == BATCH) | ~is_replaced(one))


def with_certificates(each: DataFrame) -> DataFrame:
    """What the learner holds under the template's name, in either of the platform's lists."""
    same_name = F.filter(
        "certificates", lambda held: name_key(held["name"]) == F.col("offer.name_key")
    )
    templates = F.array_distinct(
        F.transform(
            F.filter("standing_offers", lambda one: one["name_key"] == F.col("offer.name_key")),
            lambda one: one["template_id"],
        )
    )
    held = each.withColumns(
        {
            "held_ids": F.transform(F.coalesce(same_name, F.expr("array()")), certificate_id),
            "registered_ids": F.transform(
                F.coalesce(same_name, F.expr("array()")), lambda one: blank(one["identifier"])
            ),
            "same_name_count": F.greatest(F.size(templates), F.lit(1)),
        }
    )
    whole = F.filter("held_ids", lambda one: one != "")
    held_count, whole_count = F.size("held_ids"), F.size(whole)
    return held.select(
        *(
            name
            for name in each.columns
            if name not in ("certificates", "standing_offers", "offer")
        ),
        *(
            F.col(f"offer.{name}").alias(name)
            for name in ("version_id", "scope", "tenant_id", "template_id", "standing")
        ),
        F.coalesce("offer.has_rank", F.lit(False)).alias("has_rank"),
        whole.alias("held_ids"),
        F.filter("registered_ids", lambda one: one != "").alias("registered_ids"),
        (whole_count >= F.col("same_name_count")).alias("is_issued"),
        ((held_count > 0) & (whole_count == 0)).alias("is_broken"),
        ((whole_count > 0) & (whole_count < F.col("same_name_count"))).alias("is_name_shared"),
    )


def certificate_id(held: Column) -> Column:
    """Under either of the keys that the platform used; empty where it has none."""
    return blank(F.coalesce(F.nullif(held["identifier"], F.lit("")), held["id"]))


def blank(text: Column) -> Column:
    return F.trim(F.coalesce(text, F.lit("")))
