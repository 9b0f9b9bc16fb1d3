"""Lines of JSON to telemetry: only those that may be counted are parsed, and none is lost."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.raw_telemetry import TELEMETRY
from jobs.usage.events.kinds import AUDIT, INTERACT, SEARCH, SUMMARY

CORRUPT = "_corrupt"
# A byte order mark, and what editors leave at a line's ends.
AROUND = "\ufeff \t\r"
# Every event that is counted has one of these beside its kind.
OF_SEARCH, OF_INTERACT = ("dialcodes", "dialCodes"), ("ownload", "exhaust")


def written(lines: DataFrame) -> DataFrame:
    """The lines that hold something."""
    return lines.withColumn("value", F.btrim("value", F.lit(AROUND))).where(F.col("value") != "")


def telemetry_of(lines: DataFrame) -> DataFrame:
    """The events that may be counted, and the torn lines as rows of nothing but `_torn`."""
    value = F.col("value")
    is_whole = (
        F.startswith(value, F.lit("{"))
        & F.endswith(value, F.lit("}"))
        # Quotes inside of a text are escaped: these are two events without a line end between.
        & ~F.contains(value, F.lit('}{"'))
    )
    told = lines.select(value, "_file", is_whole.alias("_whole"))
    told = told.where(~F.col("_whole") | may_count(value))
    schema = T.StructType(
        [*TELEMETRY.spark_schema().fields, T.StructField(CORRUPT, T.StringType())]
    )
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT}
    parsed = F.from_json(F.when(F.col("_whole"), value), schema, options)
    # What is exploded is parsed once: the filters behind it cannot move before it.
    events = told.select("_file", "_whole", F.inline_outer(F.array(parsed)))
    # A part of another shape reads as absent; a line that is no JSON is torn.
    is_json = F.get_json_object(CORRUPT, "$").isNotNull()
    is_torn = ~F.col("_whole") | (F.col(CORRUPT).isNotNull() & ~is_json)
    return events.withColumn("_torn", is_torn).drop(CORRUPT, "_whole")


def may_count(value: Column) -> Column:
    """Whether a line has the words of an event that is counted; most have not."""

    def has(*words: str) -> Column:
        found = F.contains(value, F.lit(words[0]))
        for word in words[1:]:
            found = found | F.contains(value, F.lit(word))
        return found

    return (
        has(SUMMARY) | (has(SEARCH) & has(*OF_SEARCH)) | (has(INTERACT, AUDIT) & has(*OF_INTERACT))
    )
