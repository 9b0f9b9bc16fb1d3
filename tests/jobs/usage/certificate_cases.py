"""What the tests of certificate ratios draw: issued certificates, clicks, and the query's rows."""

from datetime import UTC, date, datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.contracts.learning import ENROLMENTS
from jobs.contracts.raw_certificates import CERTIFICATE_REGISTRY
from jobs.contracts.usage_events import EVENTS
from jobs.storage.metric_queries import run_metric
from jobs.usage.ratios.certificates import certificate_downloads, issued
from jobs.usage.ratios.clicks import cumulative_clicks
from tests.tables import rows_of, table_of

DAY = date(2026, 11, 20)
ZONE = "Asia/Kolkata"
OWN = (
    "certificate_id string, user_id string, course_id string, batch_id string,"
    " template_name string, issued_at timestamp, completed_at timestamp, status string"
)


def entry(certificate_id, name="Completion", issued="2026-11-01T06:00:00.000+0000"):
    return {"identifier": certificate_id, "name": name, "lastIssuedOn": issued}


def enrolments(*drawn):
    """(user, course, batch, entries) each, as the platform's lists hold them."""
    rows = [
        {"user_id": user, "collection_id": course, "batch_id": batch, "certificates": entries}
        for user, course, batch, entries in drawn
    ]
    whole = [tuple(row.get(name) for name in ENROLMENTS.columns) for row in rows]
    return SparkSession.active().createDataFrame(whole, ENROLMENTS.spark_schema())


def clicks(drawing):
    """Certificate clicks; a day is that of `event_at`, at noon where none is drawn."""
    rows = []
    for number, row in enumerate(rows_of(EVENTS, drawing)):
        day = row.get("day") or DAY
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        rows.append(
            {"kind": "certificate_click", "event_id": f"e{number}", "day": day, "event_at": noon}
            | {name: value for name, value in row.items() if value is not None}
        )
    whole = [tuple(row.get(name) for name in EVENTS.columns) for row in rows]
    frame = SparkSession.active().createDataFrame(whole, EVENTS.spark_schema())
    return cumulative_clicks(frame, frame.limit(0), timezone="Asia/Kolkata")


def given(enrolled, registry="", own=()):
    spark = SparkSession.active()
    return issued(
        enrolled,
        table_of(CERTIFICATE_REGISTRY)(registry),
        spark.createDataFrame(list(own), OWN),
        timezone=ZONE,
    )


def ratios(enrolled, events, registry="", own=(), day=DAY, courses=("do_1",)):
    """{(course or '', client): row} of the query, over what is drawn."""
    spark = SparkSession.active()
    certificates = given(enrolled, registry, own)
    names = spark.createDataFrame(
        [(course, f"Course {course}", "ka") for course in courses],
        "course_id string, course_name string, course_channel string",
    )
    found = run_metric(
        spark,
        "usage/certificate_download_ratio_daily",
        {
            "issued_certificates": kept(certificates.certificates),
            "certificate_downloads": kept(certificate_downloads(events, certificates)),
            "courses": names,
            "days": F.broadcast(spark.createDataFrame([(day, True)], "day date, is_final boolean")),
        },
        {"data_as_of": datetime(2026, 11, 21, tzinfo=UTC)},
    )
    rows = found.collect()
    keyed = {(row.course_id, row.client): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def kept(frame):
    """The same rows, computed once: the query reads them more often."""
    return SparkSession.active().createDataFrame(frame.collect(), frame.schema)
