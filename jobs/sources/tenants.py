"""Tenants: the root organisations with a slug, and the names that others know them by."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.usage_credits import USAGE_TENANTS


def usage_tenants(organisations: DataFrame) -> DataFrame:
    """`organisations` holds the columns of the raw table, typed."""
    named = organisations.where(
        F.coalesce("isrootorg", F.col("rootorgid") == F.col("id"), F.lit(False)) & _is_told("slug")
    ).select(
        F.when(_is_told("channel"), F.trim("channel")).otherwise(F.col("id")).alias("channel"),
        F.col("id").alias("org_id"),
        F.trim("slug").alias("slug"),
        F.col("orgname").alias("name"),
    )
    # Two organisations of one channel: one row, whichever order they come in.
    chosen = named.groupBy("channel").agg(F.min(F.struct("org_id", "slug", "name")).alias("one"))
    return USAGE_TENANTS.conform(chosen.select("channel", "one.*"))


def canonical_channels(tenants: DataFrame) -> DataFrame:
    """(alias, channel): a tenant is named by its channel or by its root organisation."""
    own = tenants.select(F.col("channel").alias("alias"), "channel", F.lit(0).alias("rank"))
    by_id = tenants.select(F.col("org_id").alias("alias"), "channel", F.lit(1).alias("rank"))
    named = own.unionByName(by_id).groupBy("alias").agg(F.min(F.struct("rank", "channel")))
    return named.toDF("alias", "one").select("alias", "one.channel")


def _is_told(name: str) -> Column:
    return F.trim(F.coalesce(name, F.lit(""))) != ""
