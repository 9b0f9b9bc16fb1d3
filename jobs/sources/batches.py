"""Batches: one row per batch, from Sunbird's `course_batch`."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import COURSE_BATCH
from jobs.sources.raw import Refined, day_of, latest, typed, unusable, usable


def batches(course_batch: DataFrame, *, timezone: str) -> Refined:
    read = typed(course_batch, COURSE_BATCH)

    renamed = usable(read).select(
        F.col("batchid").alias("batch_id"),
        F.col("courseid").alias("collection_id"),
        F.col("name").alias("batch_name"),
        _day("start_date", "startdate", timezone).alias("start_on"),
        _day("end_date", "enddate", timezone).alias("end_on"),
        _day("enrollment_enddate", "enrollmentenddate", timezone).alias("enrolment_end_on"),
        "status",
        F.col("enrollmenttype").alias("enrolment_type"),
        F.col("createdby").alias("created_by"),
        F.col("createdfor").alias("created_for"),
        "mentors",
        (F.size(F.coalesce(F.map_keys("cert_templates"), F.expr("array()"))) > 0).alias(
            "has_certificate_template"
        ),
        F.col("cert_templates").alias("certificate_templates"),
        "updated_date",
    )

    return Refined(
        renamed,
        best_first=[
            F.col("updated_date").desc_nulls_last(),
            F.col("status").desc_nulls_last(),
            F.col("collection_id").asc(),
            F.col("batch_name").asc_nulls_last(),
        ],
        kept_out={COURSE_BATCH.name: unusable(read)},
    )


def _day(new: str, old: str, timezone: str) -> Column:
    # The old column is a day as text, with a time on some platforms; 31-02 and 0000-00-00 are none.
    day = F.regexp_extract(F.trim(old), r"^(?!0000)(\d{4}-\d{2}-\d{2})", 1)
    return latest(day_of(F.col(new), timezone), day.try_cast("date"))
