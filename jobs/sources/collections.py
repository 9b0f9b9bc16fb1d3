"""Collections: one row per course or textbook with what its hierarchy says."""

from collections.abc import Iterator

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.learning import COLLECTIONS
from jobs.contracts.raw import CONTENT, CONTENT_HIERARCHY
from jobs.sources.hierarchy import Kinds, Outline, outline
from jobs.sources.raw import Refined, typed, unusable, usable

OUTLINED = (
    "collection_name", "hierarchy_problem", "leaf_nodes", "mandatory_nodes", "modules",
    "assessments",
)  # fmt: skip


def collections(content_hierarchy: DataFrame, content: DataFrame, *, kinds: Kinds) -> Refined:
    """Every collection that has a hierarchy row, and every course that `content` knows without."""
    trees = typed(content_hierarchy, CONTENT_HIERARCHY.loosened("hierarchy"))
    contents = typed(content, CONTENT)

    known = usable(contents).select(
        F.col("identifier").alias("collection_id"),
        F.col("name").alias("content_name"),
        "status",
        "channel",
        F.col("userconsent").alias("user_consent"),
        F.coalesce(
            (F.lower("contenttype") == "course") | (F.lower("primarycategory") == "course"),
            F.lit(False),
        ).alias("is_course"),
    )
    single_known = known.groupBy("collection_id").agg(
        *(F.max(name).alias(name) for name in known.columns if name != "collection_id")
    )
    single_tree = (
        usable(trees)
        .groupBy(F.col("identifier").alias("collection_id"))
        .agg(
            F.max_by("hierarchy", F.length("hierarchy")).alias("hierarchy"),
            F.max("optionalnodes").alias("optional_nodes"),
            F.lit(True).alias("has_tree"),
        )
    )

    merged = single_tree.join(single_known, on="collection_id", how="full").where(
        F.coalesce("has_tree", "is_course")
    )
    outlined = merged.mapInPandas(_outlines(kinds), schema=_outlined_schema(merged))
    named = outlined.withColumn(
        "collection_name", F.coalesce("content_name", "collection_name")
    ).select(*COLLECTIONS.columns)

    return Refined(
        named,
        best_first=[F.col("collection_name").asc_nulls_last()],
        kept_out={CONTENT_HIERARCHY.name: unusable(trees), CONTENT.name: unusable(contents)},
    )


def _outlined_schema(merged: DataFrame) -> T.StructType:
    promised = COLLECTIONS.spark_schema()
    kept = [
        field for field in merged.schema.fields if field.name not in ("hierarchy", "optional_nodes")
    ]
    return T.StructType([*kept, *(promised[name] for name in OUTLINED)])


def _outlines(kinds: Kinds):  # type: ignore[no-untyped-def]
    def outline_rows(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in frames:
            read = [
                _outline_row(outline(tree, [] if optional is None else list(optional), kinds))
                for tree, optional in zip(frame["hierarchy"], frame["optional_nodes"], strict=True)
            ]
            columns = pd.DataFrame(read, columns=list(OUTLINED), index=frame.index)
            yield pd.concat([frame.drop(columns=["hierarchy", "optional_nodes"]), columns], axis=1)

    return outline_rows


def _outline_row(read: Outline) -> dict[str, object]:
    return {
        "collection_name": read.name,
        "hierarchy_problem": read.problem,
        "leaf_nodes": read.leaf_nodes,
        "mandatory_nodes": read.mandatory_nodes,
        "modules": [vars(module) for module in read.modules],
        "assessments": [{"id": id, "name": name} for id, name in read.assessments],
    }
