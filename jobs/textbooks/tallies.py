"""Tallies: each version of a textbook once in every group of the summaries that it belongs to."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.textbook_reports import (
    ADOPTED,
    BOTH,
    BY_GRADE,
    BY_SUBJECT,
    OVERALL,
    OWN,
    TENANT,
    TOTAL,
)
from jobs.contracts.textbooks import LIVE

OWNER = ("owner_scope", "owner_channel", "ownership")
KIND = ("dimension", "value")
GROUP = (*OWNER, *KIND)
VERSION = ("version_id", "status")


def tallies(listings: DataFrame) -> DataFrame:
    """(group, version_id, status): a version is once in a group, however often it is listed."""
    shown_elsewhere = (
        listings.where(F.col("ownership") == ADOPTED)
        .select(F.col("source_id").alias("textbook_id"), F.lit(LIVE).alias("status"))
        .distinct()
        .withColumn("is_shown_elsewhere", F.lit(True))
    )
    flagged = listings.join(shown_elsewhere, on=["textbook_id", "status"], how="left")
    is_own = F.col("ownership") == OWN
    channel = F.col("owner_channel")
    owners = F.array_compact(
        F.array(
            group(TENANT, channel, F.col("ownership")),
            group(TENANT, channel, F.lit(BOTH)),
            # Overall a textbook counts as its publisher's, once, whoever shows it.
            F.when(is_own, group(OVERALL, F.lit(""), F.lit(OWN))),
            F.when(is_own, group(OVERALL, F.lit(""), F.lit(BOTH))),
            F.when(is_own & F.col("is_shown_elsewhere"), group(OVERALL, F.lit(""), F.lit(ADOPTED))),
        )
    )
    kinds = F.concat(
        F.array(kind(TOTAL, F.lit(""))),
        kinds_of("grades", BY_GRADE),
        kinds_of("subjects", BY_SUBJECT),
    )
    by_owner = flagged.select(F.explode(owners).alias("owner"), kinds.alias("kinds"), *VERSION)
    return (
        by_owner.select("owner.*", F.explode("kinds").alias("kind"), *VERSION)
        .select(*OWNER, "kind.*", *VERSION)
        .distinct()
    )


def group(scope: str, channel: Column, ownership: Column) -> Column:
    values = (F.lit(scope), channel, ownership)
    return F.struct(*(value.alias(name) for value, name in zip(values, OWNER, strict=True)))


def kind(dimension: str, value: Column) -> Column:
    return F.struct(F.lit(dimension).alias("dimension"), value.alias("value"))


def kinds_of(column: str, dimension: str) -> Column:
    """One for each value; one of none where none is given."""
    given = F.when(F.size(column) > 0, F.col(column)).otherwise(F.array(F.lit("")))
    return F.transform(given, lambda value: kind(dimension, value))


def tally_groups(tallied: DataFrame, tenants: DataFrame) -> DataFrame:
    """Every group with a textbook, and the totals of each tenant, though it may have none."""
    ownerships = F.explode(F.array(*map(F.lit, (BOTH, OWN, ADOPTED))))
    of_tenants = tenants.select(F.lit(TENANT), "channel", ownerships)
    # One row even where there are neither textbooks nor tenants.
    of_all = tallied.sparkSession.range(1).select(F.lit(OVERALL), F.lit(""), ownerships)
    totals = of_tenants.union(of_all).toDF(*OWNER)
    named = totals.withColumns({"dimension": F.lit(TOTAL), "value": F.lit("")})
    slugs = tenants.select(
        F.col("channel").alias("owner_channel"),
        F.col("slug").alias("owner_slug"),
        F.col("name").alias("owner_name"),
    )
    found = tallied.select(*GROUP).unionByName(named.select(*GROUP)).distinct()
    return found.join(F.broadcast(slugs), on="owner_channel", how="left")
