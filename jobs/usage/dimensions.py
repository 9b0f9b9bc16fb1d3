"""Textbooks as usage is credited by them: what a day's events are looked up in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.textbooks import DRAFT, LIVE, REVIEW
from jobs.contracts.usage_credits import BOOK_KEY, CODE_KEY, CONTENT_KEY, USAGE_TEXTBOOK_KEYS
from jobs.sources.tenants import canonical_channels


def dimension_day(day: date, kept: Iterable[date]) -> date | None:
    """The newest that was kept up to the day, else the oldest: what comes later changes neither."""
    days = sorted(kept)
    return max((one for one in days if one <= day), default=days[0] if days else None)


def usage_textbook_keys(textbooks: DataFrame, tenants: DataFrame) -> DataFrame:
    """Every textbook that was ever shown, retired ones too, under all it can be looked up by."""
    shown = textbooks.where(
        (F.col("version_id") == F.col("textbook_id"))
        & ~F.coalesce("status", F.lit("")).isin(DRAFT, REVIEW)
    )
    # The copy that a state made is the publisher's book: who is credited depends on the place.
    sources = shown.select(
        F.col("textbook_id").alias("origin_id"),
        F.col("channel").alias("source_channel"),
        F.col("status").alias("source_status"),
    )
    resolved = shown.join(sources, on="origin_id", how="left").select(
        "textbook_id",
        F.when(F.col("source_status").isNull(), F.col("textbook_id"))
        .otherwise(F.col("origin_id"))
        .alias("source_id"),
        F.coalesce("source_channel", "channel").alias("alias"),
        (F.coalesce("source_status", "status") == LIVE).alias("is_live"),
        "content_ids",
        "codes",
    )
    owned = resolved.join(canonical_channels(tenants), on="alias", how="left").withColumn(
        "publisher", F.coalesce("channel", "alias")
    )
    pairs = owned.select(
        F.explode(under_all_keys()).alias("under"), "source_id", "publisher", "is_live"
    ).select("under.*", "source_id", "publisher", "is_live")
    publishers = F.collect_set("publisher")
    grouped = (
        pairs.where("key IS NOT NULL")
        .groupBy("key_kind", "key")
        .agg(
            F.sort_array(F.collect_set(F.when(F.col("is_live"), F.col("source_id")))).alias(
                "live_textbook_ids"
            ),
            F.when(F.size(publishers) == 1, F.element_at(publishers, 1)).alias("publisher_channel"),
            (F.size(publishers) > 1).alias("is_ambiguous"),
        )
    )
    return USAGE_TEXTBOOK_KEYS.conform(grouped)


def under_all_keys() -> Column:
    """(key_kind, key) of a textbook: itself, its contents and its codes."""

    def keyed(kind: str, key: Column) -> Column:
        return F.struct(F.lit(kind).alias("key_kind"), key.alias("key"))

    def each(kind: str, keys: str) -> Column:
        return F.transform(
            F.coalesce(keys, F.array().cast("array<string>")), lambda key: keyed(kind, key)
        )

    # Downloads of a whole textbook name it as their content.
    itself = F.array(
        keyed(BOOK_KEY, F.col("textbook_id")), keyed(CONTENT_KEY, F.col("textbook_id"))
    )
    return F.concat(itself, each(CONTENT_KEY, "content_ids"), each(CODE_KEY, "codes"))
