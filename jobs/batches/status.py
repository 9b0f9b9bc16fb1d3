"""Batch status: whether each batch is upcoming, ongoing or ended on a day in the report zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract, Field
from jobs.contracts.raw import COURSE_BATCH
from jobs.contracts.types import TEXT
from jobs.sources.raw import REASON, day_of, typed, usable

UPCOMING, ONGOING, ENDED = 0, 1, 2

# The new column of each date, and the text column that it replaced.
DATES = {
    "start": ("start_date", "startdate"),
    "end": ("end_date", "enddate"),
    "enrolment_end": ("enrollment_enddate", "enrollmentenddate"),
}
# A day alone, or with a time behind it: the day counts as it is written.
DAY = r"^(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:.*)?$"
FIRST_YEAR, LAST_YEAR = 1900, 2999

# A new column is a timestamp or text: the text tells whether one was given that cannot be read.
GIVEN = {new: f"{new}_as_given" for new, _ in DATES.values()}
AS_GIVEN = Contract(
    name=COURSE_BATCH.name,
    grain=COURSE_BATCH.grain,
    key=COURSE_BATCH.key,
    fields=(*COURSE_BATCH.fields, *(Field(name, TEXT, "as given") for name in GIVEN.values())),
)


def today_at(at: datetime, timezone: str) -> date:
    """The day that an instant falls on in the report time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def dated_batches(course_batch: DataFrame, *, timezone: str) -> DataFrame:
    """One row per batch with its days, its own status and what is wrong with its dates.

    Raises ContractError where `courseid` or `batchid` is missing; any other column may be.
    """
    read = usable(typed(with_given(course_batch), AS_GIVEN))
    start_on, end_on = day("start", timezone), day("end", timezone)
    own_enrolment_end = day("enrolment_end", timezone)
    dated = read.select(
        F.col("batchid").alias("batch_id"),
        F.col("courseid").alias("course_id"),
        F.col("status").alias("platform_status"),
        # PostgreSQL takes no NUL in a text.
        F.translate("name", "\0", "").alias("batch_name"),
        start_on.alias("start_on"),
        end_on.alias("end_on"),
        enrolment_end(own_enrolment_end, start_on, end_on).alias("enrolment_end_on"),
        F.translate("enrollmenttype", "\0", "").alias("enrolment_type"),
        F.translate(F.to_json("createdfor"), "\0", "").alias("created_for"),
        problem(start_on, end_on, own_enrolment_end).alias("problem"),
        "updated_date",
    )
    return single(dated).drop("updated_date")


def next_status(
    *, held: Column, start_on: Column, end_on: Column, problem: Column, today: date
) -> Column:
    """The status on a day; `held` is what stays where the dates cannot tell."""
    day = F.lit(today)
    known = F.when(held.isin(UPCOMING, ONGOING, ENDED), held)
    # A batch must have some status, and no progress may be written to one that nobody can date.
    kept = F.coalesce(known, F.lit(UPCOMING))
    return (
        F.when(problem.isin("unparsable_date", "end_before_start"), kept)
        .when(day > end_on, ENDED)
        .when(start_on.isNull(), kept)
        .when(day >= start_on, ONGOING)
        .otherwise(UPCOMING)
    )


def with_given(course_batch: DataFrame) -> DataFrame:
    """The raw table, with each new date column also as the text that was given."""
    found = {name.lower(): name for name in course_batch.columns}
    given = {GIVEN[new]: F.col(f"`{found[new]}`").cast("string") for new in GIVEN if new in found}
    return course_batch.withColumns(given) if given else course_batch


def day(which: str, timezone: str) -> Column:
    """The day of a date: the new column where it is given, else the old one; NULL unless real."""
    new, old = DATES[which]
    old_day = F.regexp_extract(F.trim(F.coalesce(old, F.lit(""))), DAY, 1).try_cast("date")
    read = F.when(is_given(GIVEN[new]), day_of(F.col(new), timezone)).otherwise(old_day)
    return F.when(F.year(read).between(FIRST_YEAR, LAST_YEAR), read)


def is_given(column: str) -> Column:
    return F.trim(F.coalesce(F.col(column), F.lit(""))) != ""


def enrolment_end(own: Column, start_on: Column, end_on: Column) -> Column:
    day_before_end = F.when(end_on.isNotNull(), F.greatest(F.date_sub(end_on, 1), start_on))
    return F.coalesce(own, day_before_end)


def problem(start_on: Column, end_on: Column, own_enrolment_end: Column) -> Column:
    read = {"start": start_on, "end": end_on, "enrolment_end": own_enrolment_end}
    unparsable = {
        which: (is_given(GIVEN[new]) | is_given(old)) & read[which].isNull()
        for which, (new, old) in DATES.items()
    }
    return (
        F.when(unparsable["start"] | unparsable["end"], "unparsable_date")
        .when(end_on < start_on, "end_before_start")
        .when(start_on.isNull(), "no_start_date")
        .when(unparsable["enrolment_end"], "unparsable_enrolment_end")
    )


def single(dated: DataFrame) -> DataFrame:
    """One row per batch: the one that was written last."""
    best_first = Window.partitionBy("batch_id").orderBy(
        F.col("updated_date").desc_nulls_last(),
        F.col("platform_status").desc_nulls_last(),
        F.col("course_id").asc(),
        F.col("batch_name").asc_nulls_last(),
        F.col("start_on").asc_nulls_last(),
        F.col("end_on").asc_nulls_last(),
        F.col("enrolment_end_on").asc_nulls_last(),
        F.col("enrolment_type").asc_nulls_last(),
        F.col("created_for").asc_nulls_last(),
        F.col("problem").asc_nulls_last(),
    )
    ranked = dated.withColumn("_rank", F.row_number().over(best_first))
    return ranked.where("_rank = 1").drop("_rank")


def kept_out(course_batch: DataFrame) -> DataFrame:
    """(reason, row_count) of the rows that are no batch: a key is missing, a row came twice."""
    read = typed(course_batch, COURSE_BATCH)
    unusable = read.where(F.col(REASON).isNotNull()).select(F.col(REASON).alias("reason"))
    per_batch = usable(read).groupBy("batchid").agg((F.count("*") - 1).alias("n"))
    repeated = per_batch.select(F.lit("duplicate").alias("reason"), F.sum("n").alias("row_count"))
    missing = unusable.groupBy("reason").agg(F.count("*").alias("row_count"))
    return missing.unionByName(repeated.where("row_count > 0"))
