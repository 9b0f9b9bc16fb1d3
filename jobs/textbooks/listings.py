"""Listings: which textbooks stand in whose report, as their publisher's or as adopted."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.contracts.adoptions import AS_IS, METADATA
from jobs.contracts.textbook_reports import ADOPTED, OWN, STATUSES
from jobs.contracts.textbooks import LIVE
from jobs.sources.raw import day_of
from jobs.sources.tenants import canonical_channels
from jobs.textbooks.grades import NONE, grade_rank

# What the owner of a listing says of the textbook.
SAID = ("textbook_name", "mediums", "grades", "subjects")
BODY = (
    "textbook_id",
    "source_id",
    "version_id",
    "status",
    "created_on",
    "updated_on",
    "hierarchy_problem",
)


def listings(
    textbooks: DataFrame,
    adoptions: DataFrame,
    tenants: DataFrame,
    *,
    as_of: datetime,
    timezone: str,
) -> DataFrame:
    """One row per owner, version of a textbook and board that it is shown under.

    A state's row of an adopted textbook has the state's metadata and the publisher's body.
    """
    own = published(textbooks, timezone=timezone)
    shown = adopted(own, adoptions, as_of=as_of)
    aliases = canonical_channels(tenants).toDF("owner_alias", "channel")
    named = (
        own.select(*shown.columns)
        .unionByName(shown)
        .join(F.broadcast(aliases), on="owner_alias", how="left")
        .withColumn("owner_channel", F.coalesce("channel", "owner_alias", F.lit("")))
        .drop("owner_alias", "channel")
    )
    slugs = tenants.select(
        F.col("channel").alias("owner_channel"),
        F.col("slug").alias("owner_slug"),
        F.col("name").alias("owner_name"),
    )
    return in_order(named.join(F.broadcast(slugs), on="owner_channel", how="left"))


def published(textbooks: DataFrame, *, timezone: str) -> DataFrame:
    """Every version of a reported status in its owner's name.

    A copy of another tenant's live textbook is an older form of adoption, under an id of its own.
    """
    sources = textbooks.where(F.col("status") == LIVE).select(
        F.col("textbook_id").alias("origin_id"), F.col("channel").alias("origin_channel")
    )
    copied = F.coalesce(F.col("origin_channel") != F.col("channel"), F.lit(False))
    return (
        textbooks.where(F.col("status").isin(*STATUSES))
        .join(sources.distinct(), on="origin_id", how="left")
        .select(
            F.col("channel").alias("owner_alias"),
            F.when(copied, ADOPTED).otherwise(OWN).alias("ownership"),
            F.coalesce("board", F.lit("")).alias("board"),
            "textbook_id",
            F.when(copied, F.col("origin_id")).otherwise(F.col("textbook_id")).alias("source_id"),
            "version_id",
            "status",
            F.col("name").alias("textbook_name"),
            *(F.coalesce(name, F.array().cast("array<string>")).alias(name) for name in SAID[1:]),
            day_of(F.col("created_at"), timezone).alias("created_on"),
            day_of(F.col("updated_at"), timezone).alias("updated_on"),
            "hierarchy_problem",
        )
    )


def adopted(own: DataFrame, adoptions: DataFrame, *, as_of: datetime) -> DataFrame:
    """The live textbooks that tenants show as of an instant: one whose source left is hidden."""
    at = F.lit(as_of)
    valid = adoptions.where(
        (F.col("valid_from") <= at) & (F.col("valid_to").isNull() | (at < F.col("valid_to")))
    ).select(
        "textbook_id",
        F.col("adopting_channel").alias("adopter"),
        F.col("board").alias("board_there"),
        "mode",
        F.col("name").alias("textbook_name_there"),
        *(F.col(name).alias(f"{name}_there") for name in SAID[1:]),
    )
    shown = own.where(F.col("status") == LIVE).join(valid, on="textbook_id")

    def said(name: str) -> Column:
        told_by = F.col("mode") == METADATA
        if name == "mediums":
            told_by = F.col("mode") != AS_IS
        there = F.when(told_by, F.col(f"{name}_there"))
        return F.coalesce(there, F.col(name)).alias(name)

    return shown.select(
        F.col("adopter").alias("owner_alias"),
        F.lit(ADOPTED).alias("ownership"),
        F.col("board_there").alias("board"),
        *BODY,
        *(said(name) for name in SAID),
    )


def in_order(named: DataFrame) -> DataFrame:
    """With `book_position`: by the board, medium, grade, subject and name of the live version."""
    blank_last = [
        F.struct((value == "").alias("is_blank"), value.alias("value"))
        for value in (
            F.col("board"),
            F.array_join("mediums", ","),
            F.array_join("subjects", ","),
            F.coalesce("textbook_name", F.lit("")),
        )
    ]
    board, medium, subject, name = blank_last
    grade = F.coalesce(F.array_min(F.transform("grades", grade_rank)), F.lit(NONE))
    standing = F.array_position(F.lit([*STATUSES]), F.col("status"))
    key = F.struct(board, medium, grade.alias("grade"), subject, name)
    # A draft that changes its name stays beside its live version, which comes first.
    of_a_book = Window.partitionBy("owner_channel", "ownership", "textbook_id", "adopted_board")
    whole = Window.orderBy(
        "book_key", "textbook_id", "owner_channel", "board", "standing", "version_id"
    )
    return (
        named.withColumn("adopted_board", F.when(F.col("ownership") == ADOPTED, F.col("board")))
        .withColumn("standing", standing)
        .withColumn("book_key", F.min_by(key, F.col("standing")).over(of_a_book))
        .withColumn("book_position", F.row_number().over(whole).cast("long"))
        .drop("adopted_board", "standing", "book_key")
    )
