"""Offers: the versions of templates that each batch has or ever had."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.certificates.names import name_key
from jobs.certificates.rules.model import keys_of
from jobs.contracts.certificates import BATCH, COURSE

# What is looked at per learner, and no more: the offers of all batches travel to every worker.
OFFER = (
    "version_id", "scope", "course_id", "tenant_id", "certificate_type", "template_id", "name_key",
    "has_rank", "origin", "valid_from", "valid_to", "unsure_since", "unsure_until",
)  # fmt: skip


def versions(associations: DataFrame) -> DataFrame:
    """The ledger with each template's name as names are compared, and whether its rule ranks."""
    shapes = [row.rule_shape for row in associations.select("rule_shape").distinct().collect()]
    ranking = [shape for shape in shapes if shape is not None and "top" in keys_of(shape)]
    return associations.withColumns(
        {
            "name_key": name_key(F.col("template_name")),
            "has_rank": F.coalesce(F.col("rule_shape").isin(ranking), F.lit(False)),
        }
    )


def batch_offers(versions: DataFrame, batches: DataFrame) -> DataFrame:
    """(batch_id, is_known, has_tenant, offers, only_name) of each batch, known or with an offer.

    `only_name` is the one name that its certificates can have, where that alone tells what is
    issued.
    """
    own = versions.where(F.col("scope") == BATCH).select("batch_id", F.struct(*OFFER).alias("one"))
    known = batches.select(
        "batch_id",
        F.col("collection_id").alias("course_id"),
        F.array_except(
            F.coalesce("created_for", F.expr("cast(array() AS array<string>)")),
            F.array(F.lit(""), F.lit(None)),
        ).alias("tenants"),
    )
    # Without a tenant nobody can say whether a course's template holds: each of them may.
    inherited = (
        versions.where(F.col("scope") == COURSE)
        .select(F.struct(*OFFER).alias("one"), F.col("course_id"), F.col("tenant_id"))
        .join(known, on="course_id", how="inner")
        .where((F.size("tenants") == 0) | F.array_contains("tenants", F.col("tenant_id")))
        .select("batch_id", "one")
    )
    is_one = (F.min("one.template_id") == F.max("one.template_id")) & ~F.max("one.has_rank")
    is_one = is_one & (F.min("one.name_key") == F.max("one.name_key"))
    offered = (
        own.unionByName(inherited)
        .groupBy("batch_id")
        .agg(
            F.collect_list("one").alias("offers"),
            F.when(is_one, F.max("one.name_key")).alias("only_name"),
        )
    )
    return known.select(
        "batch_id", F.lit(True).alias("is_known"), (F.size("tenants") > 0).alias("has_tenant")
    ).join(offered, on="batch_id", how="full")


def course_offers(versions: DataFrame) -> DataFrame:
    """(collection_id, course_offers): what a batch that is not known may have inherited."""
    return (
        versions.where(F.col("scope") == COURSE)
        .groupBy(F.col("course_id").alias("collection_id"))
        .agg(F.collect_list(F.struct(*OFFER)).alias("course_offers"))
    )
