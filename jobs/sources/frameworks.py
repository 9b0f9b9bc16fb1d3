"""Frameworks: every tenant with those that it owns or uses, and all of their terms."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw_frameworks import CHANNEL_FRAMEWORK, FRAMEWORK
from jobs.sources.raw import Refined, typed, unusable, usable


def frameworks(channel_framework: DataFrame, framework: DataFrame) -> Refined:
    tenants = typed(channel_framework, CHANNEL_FRAMEWORK)
    terms = typed(framework, FRAMEWORK)
    used = usable(tenants).select(
        "channel",
        F.trim("defaultframework").alias("framework_id"),
        F.trim("state").alias("state"),
        F.upper(F.trim("statecode")).alias("state_code"),
        "boards",
    )
    of_framework = (
        usable(terms)
        .withColumnRenamed("framework", "framework_id")
        .groupBy("framework_id")
        .agg(
            F.sort_array(
                F.collect_set(
                    F.struct(
                        "category",
                        "code",
                        F.trim("name").alias("name"),
                        # Terms that say nothing were there before terms could be retired.
                        F.coalesce(F.trim("status"), F.lit("Live")).alias("status"),
                    )
                )
            ).alias("terms")
        )
    )
    owned = usable(terms).select("channel", F.col("framework").alias("framework_id")).distinct()
    by_default = used.select("channel", "framework_id", F.lit(True).alias("is_default"))
    rows = (
        owned.join(by_default, on=["channel", "framework_id"], how="full")
        .where(F.col("framework_id").isNotNull() & (F.col("framework_id") != ""))
        .join(used.drop("framework_id"), on="channel", how="left")
        .join(of_framework, on="framework_id", how="left")
        .withColumn("is_default", F.coalesce("is_default", F.lit(False)))
    )
    return Refined(
        rows,
        best_first=[F.col("is_default").desc(), F.col("state").asc_nulls_last()],
        kept_out={CHANNEL_FRAMEWORK.name: unusable(tenants), FRAMEWORK.name: unusable(terms)},
    )
