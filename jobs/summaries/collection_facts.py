"""What a summary says of a collection: its names and lists, one row per collection."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import CONTENT
from jobs.sources.raw import typed, usable

LISTS = {
    "organisation": "content_org",
    "keywords": "keywords",
    "createdfor": "created_for",
    "medium": "medium",
    "subject": "subject",
}


def collection_facts(collections: DataFrame, content: DataFrame) -> DataFrame:
    """Every known collection, with the lists of its content row as JSON where it has one."""
    lists = (
        usable(typed(content, CONTENT))
        .groupBy(F.col("identifier").alias("collection_id"))
        # A row that comes twice counts once: the one changed last.
        .agg(
            F.max_by(
                F.struct(*(as_json(old).alias(new) for old, new in LISTS.items())),
                F.struct(F.coalesce("lastupdatedon", F.timestamp_seconds(F.lit(0))), F.hash("*")),
            ).alias("lists")
        )
        .select("collection_id", "lists.*")
    )
    known = collections.select(
        "collection_id", "collection_name", F.col("status").alias("collection_status"), "channel"
    )
    return known.join(lists, on="collection_id", how="left")


def as_json(name: str) -> Column:
    said = F.filter(name, lambda one: one.isNotNull() & (F.trim(one) != ""))
    return F.when(F.size(said) > 0, F.to_json(said))
