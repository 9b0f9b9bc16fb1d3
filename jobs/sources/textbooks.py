"""Textbooks: one row per version of each, with its units, QR codes and contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.raw import CONTENT, CONTENT_HIERARCHY
from jobs.contracts.textbooks import IMAGE_ENDING, TEXTBOOKS
from jobs.sources.raw import Refined, typed, unusable, usable
from jobs.sources.textbook_units import units

CONTENT_TYPES = ("textbook",)
CATEGORIES = ("digital textbook", "etextbook")
READ = ("hierarchy_problem", "chapter_count", "codes", "content_ids", "nodes")
UNREAD = ("hierarchy", "codes_of_book")
# A hierarchy is up to a megabyte of JSON, and its units are many times that in memory.
BOOKS_AT_ONCE = 64


def of_textbooks(content: DataFrame) -> DataFrame:
    """The raw rows that are of textbooks, whatever else is wrong with them."""
    kinds = {"contenttype": CONTENT_TYPES, "primarycategory": CATEGORIES}
    is_book = F.lit(False)
    for column in content.columns:
        if column.lower() in kinds:
            kind = F.lower(F.trim(F.col(f"`{column}`").cast("string")))
            is_book = is_book | F.coalesce(kind.isin(*kinds[column.lower()]), F.lit(False))
    return content.where(is_book)


def textbooks(content: DataFrame, content_hierarchy: DataFrame) -> Refined:
    """Every textbook of `content`; one without a usable hierarchy says why."""
    books = typed(content, CONTENT)
    trees = typed(content_hierarchy, CONTENT_HIERARCHY.loosened("hierarchy"))
    tree = (
        usable(trees)
        .groupBy(F.col("identifier").alias("version_id"))
        .agg(F.max_by("hierarchy", F.length("hierarchy")).alias("hierarchy"))
    )
    known = usable(books).select(
        F.regexp_replace("identifier", rf"\{IMAGE_ENDING}$", "").alias("textbook_id"),
        F.col("identifier").alias("version_id"),
        "name",
        "description",
        "icon",
        "status",
        F.coalesce("channel", _first(F.col("createdfor"))).alias("channel"),
        F.col("framework").alias("framework_id"),
        "board",
        _named("medium").alias("mediums"),
        _named("gradelevel").alias("grades"),
        _named("subject").alias("subjects"),
        F.nullif(F.trim("origin"), F.lit("")).alias("origin_id"),
        F.col("pkgversion").alias("package_version"),
        F.col("createdon").alias("created_at"),
        F.coalesce("lastupdatedon", "lastpublishedon").alias("updated_at"),
        F.col("dialcodes").alias("codes_of_book"),
    )
    joined = known.join(tree, on="version_id", how="left")
    read = joined.mapInArrow(_with_units, schema=_read_schema(joined))
    return Refined(
        read.select(*TEXTBOOKS.columns),
        best_first=[F.col("updated_at").desc_nulls_last(), F.col("name").asc_nulls_last()],
        kept_out={CONTENT.name: unusable(books)},
    )


def _named(column: str) -> Column:
    """The values of a list that say something, each once and in their order."""
    told = F.transform(column, lambda value: F.trim(value))
    return F.array_distinct(F.filter(told, lambda value: value != ""))


def _first(values: Column) -> Column:
    return F.try_element_at(F.filter(values, lambda value: F.trim(value) != ""), F.lit(1))


def _read_schema(joined: DataFrame) -> T.StructType:
    promised = TEXTBOOKS.spark_schema()
    kept = [field for field in joined.schema.fields if field.name not in UNREAD]
    return T.StructType([*kept, *(promised[name] for name in READ)])


def _with_units(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    schema = TEXTBOOKS.arrow_schema()
    fields = pa.schema([schema.field(name) for name in READ])
    for whole in batches:
        for start in range(0, len(whole), BOOKS_AT_ONCE):
            batch = whole.slice(start, BOOKS_AT_ONCE)
            told = zip(*(batch.column(name).to_pylist() for name in UNREAD), strict=True)
            rows = [_row_of(hierarchy, codes) for hierarchy, codes in told]
            made = pa.RecordBatch.from_pylist(rows, schema=fields)
            kept = batch.drop_columns(list(UNREAD))
            yield pa.RecordBatch.from_arrays(
                [*kept.columns, *made.columns], names=[*kept.schema.names, *READ]
            )


def _row_of(hierarchy: str | None, codes_of_book: list[str] | None) -> dict[str, Any]:
    read = units(hierarchy, codes_of_book)
    has_units = read.nodes is not None
    return {
        "hierarchy_problem": read.problem,
        "chapter_count": read.chapter_count,
        "codes": read.codes if has_units else None,
        "content_ids": read.content_ids if has_units else None,
        "nodes": None if read.nodes is None else [vars(node) for node in read.nodes],
    }
