"""The units of textbooks as rows, and what is counted of each version."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.textbook_reports import LEVELS, STATUSES, TERM_1, TERM_2


def textbook_units(textbooks: DataFrame) -> DataFrame:
    """One row per version and unit, the book itself included, of every reported status."""
    exploded = textbooks.where(F.col("status").isin(*STATUSES)).select(
        "version_id", "chapter_count", F.posexplode("nodes").alias("node_number", "node")
    )
    names = [
        F.try_element_at("node.names", F.lit(n)).alias(f"level_{n}_name")
        for n in range(1, LEVELS + 1)
    ]
    return exploded.select(
        "version_id",
        "node_number",
        "node.level",
        *names,
        term(F.col("node.chapter"), F.col("chapter_count")).alias("term"),
        "node.codes",
        F.size("node.codes").alias("code_count"),
        F.col("node.content_count").cast("long").alias("content_count"),
        ((F.col("node.level") > 0) & (F.col("node.unit_count") == 0)).alias("is_leaf"),
    )


def term(chapter: Column, chapter_count: Column) -> Column:
    """T1 up to half of the chapters, and the book itself; chapters are counted from 1."""
    return F.when(chapter * 2 <= chapter_count, TERM_1).otherwise(TERM_2)


def version_counts(units: DataFrame) -> DataFrame:
    """One row per version with a hierarchy; a code counts each time that it stands in the book."""
    is_empty = F.col("content_count") == 0
    codes = F.col("code_count")

    def total(what: Column, name: str) -> Column:
        return F.sum(what).cast("long").alias(name)

    def empty_of(name: str) -> Column:
        return F.when(is_empty & (F.col("term") == name), codes).otherwise(0)

    return units.groupBy("version_id").agg(
        total(codes, "code_count"),
        total(F.when(~is_empty, codes).otherwise(0), "code_with_content_count"),
        total(F.when(is_empty, codes).otherwise(0), "code_without_content_count"),
        total(empty_of(TERM_1), "term_1_without_content_count"),
        total(empty_of(TERM_2), "term_2_without_content_count"),
        # The book's own figure counts a content once, wherever it is linked.
        F.max(F.when(F.col("level") == 0, F.col("content_count"))).alias("content_count"),
        total(F.col("is_leaf").cast("int"), "leaf_count"),
        total((F.col("is_leaf") & is_empty).cast("int"), "leaf_without_content_count"),
    )
