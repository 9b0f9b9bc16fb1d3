"""Completion: how many contents of a course, and of each collection nested in it, are completed.

A content and its status are one number here, its mark: numbers are looked up many times faster
than texts, and of two texts one in 2^64 pairs would share theirs.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

COMPLETED = 2
NO_MARKS = "cast(array() AS array<bigint>)"


def courses(collections: DataFrame) -> DataFrame:
    """What is asked of each course: its contents as marks, and those of its modules in a row.

    `laid_marks` holds the modules' contents one module after the other, each content once and the
    module's number after its last; a module that repeats contents of earlier ones has their marks
    in its part.
    """
    numbered = collections.withColumn("_modules", F.transform("modules", own_contents))
    return numbered.select(
        "collection_id",
        F.coalesce(
            F.col("mandatory_nodes").isNotNull() & F.col("hierarchy_problem").isNull(), F.lit(False)
        ).alias("is_readable"),
        F.coalesce(F.size("mandatory_nodes"), F.lit(0)).alias("mandatory_count"),
        F.coalesce(marks("mandatory_nodes"), F.expr(NO_MARKS)).alias("mandatory_marks"),
        F.flatten(
            F.transform(
                "_modules", lambda module: F.concat(module["marks"], F.array(module["number"]))
            )
        ).alias("laid_marks"),
        F.col("_modules.number").alias("ends"),
        F.transform(
            "_modules",
            lambda module: F.struct(module["number"], module["size"], module["repeated"]),
        ).alias("parts"),
    )


def own_contents(module: Column, place: Column) -> Column:
    """A module's contents that no earlier one has, and those that one has."""
    earlier = F.flatten(
        F.transform(F.slice("modules", F.lit(1), place), lambda other: other["mandatory_nodes"])
    )
    nodes = module["mandatory_nodes"]
    return F.struct(
        place.cast("long").alias("number"),
        F.size(nodes).alias("size"),
        marks(F.array_except(nodes, earlier)).alias("marks"),
        marks(F.array_intersect(nodes, earlier)).alias("repeated"),
    )


def marks(nodes: Column | str) -> Column:
    """The marks of contents that are completed."""
    return F.transform(nodes, lambda node: F.xxhash64(node, F.lit(COMPLETED)))


def marks_of_learner(content_status: str) -> Column:
    """The marks of what a learner has opened, whatever its status."""
    held = F.zip_with(
        F.map_keys(content_status),
        F.map_values(content_status),
        lambda content, status: F.xxhash64(content, status),
    )
    return F.coalesce(held, F.expr(NO_MARKS))


def completed_count(learner_marks: str) -> Column:
    return F.size(F.array_intersect("mandatory_marks", learner_marks))


def completed_of_modules(learner_marks: str) -> Column:
    """The marks of the modules' completed contents, with each module's number after its last."""
    return F.array_intersect("laid_marks", F.concat(learner_marks, "ends"))


def completed_count_of(part: Column, completed: str) -> Column:
    """How many contents of one module are among the `completed_of_modules`."""
    last = F.array_position(completed, part["number"])
    before = F.when(part["number"] > 0, F.array_position(completed, part["number"] - 1))
    repeated = F.when(
        F.size(part["repeated"]) > 0, F.size(F.array_intersect(part["repeated"], completed))
    )
    return last - F.coalesce(before, F.lit(0)) - 1 + F.coalesce(repeated, F.lit(0))
