"""Report ratios: which batches are counted, and whose a download is."""

from datetime import UTC, date, datetime

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.contracts.download_ratios import REPORT_DOWNLOAD_RATIO_DAILY
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.contracts.raw import COURSE_BATCH, ORGANISATION
from jobs.contracts.usage_events import EVENTS
from jobs.storage.metric_queries import run_metric
from jobs.usage.ratios.clicks import cumulative_clicks
from jobs.usage.ratios.reports import report_batches, report_deliveries, report_downloads
from tests.tables import rows_of, table_of

DAY = date(2026, 11, 20)
DRAWN = """
    | batch_id | collection_id | batch_name | status | start_on   | end_on     | created_by | created_for | mentors    |
    | b1       | do_1          | First      | 1      | 2026-11-10 | 2026-11-19 | asha       | ["school"]  | ["ravi"]   |
    | b2       | do_1          | Second     | 0      | 2026-12-01 |            | uma        | ["mh"]      |            |
    | b3       | do_2          | Third      | 2      | 2026-01-01 | 2026-02-01 | asha       |             |            |
    | b4       | do_2          | Fourth     | 2      | 2026-01-01 | 2026-02-01 | mira       |             | ["mira"]   |
    | b5       | do_3          | Alone      | 1      | 2026-11-01 |            | leela      | ["ka"]      |            |
    | b6       | do_3          | Later      | 1      | 2026-11-21 |            | leela      | ["ka"]      |            |
    | b7       | do_4          | Deleted    | 3      | 2026-11-01 |            | leela      | ["ka"]      |            |
    | b8       | do_5          | Unknown    |        | 2026-11-01 |            | leela      | ["ka"]      |            |
"""
MADE = """
    | courseid | batchid | created_date     | createddate                  |
    | do_1     | b1      | 2026-11-01T00:00 |                              |
    | do_1     | b2      |                  | 2026-11-20 01:00:00:000+0530 |
    | do_2     | b3      | 2026-01-01T00:00 |                              |
    | do_2     | b4      |                  |                              |
    | do_3     | b5      | 2026-11-01T00:00 |                              |
    | do_3     | b6      | 2026-11-20T18:30 |                              |
"""
ORGS = """
    | id     | orgname     | channel | rootorgid | isrootorg |
    | ka     | Karnataka   | ka.in   | ka        | true      |
    | mh     | Maharashtra | mh.in   | mh        | true      |
    | school | A school    |         | ka        | false     |
"""
COURSES = """
    | collection_id | collection_name | channel |
    | do_1          | One             | ncert   |
    | do_2          | Two             | ncert   |
"""
CLICKS = """
    | day        | report          | user_id | course_id | batch_id | object_id | object_type |
    | 2026-11-20 | progress        | asha    |           | b1       |           |             |
    | 2026-11-12 | progress        | ravi    | do_1      | b1       |           |             |
    | 2026-11-01 | progress        | admin   | do_1.img  | b1       |           |             |
    | 2026-11-21 | progress        | asha    |           | b1       |           |             |
    | 2026-11-20 | progress        | uma     |           |          | do_1      | Course      |
    | 2026-11-20 | progress        | admin   | do_1      |          |           |             |
    | 2026-11-20 | progress        | admin   | do_2      |          |           |             |
    | 2026-11-20 | progress        | mira    | do_2      | gone     |           |             |
    | 2026-11-20 | progress        | admin   |           |          | admin     | User        |
    | 2026-11-20 | score           | asha    |           | b1       |           |             |
    | 2026-11-20 | summary         | asha    |           | b1       |           |             |
    | 2026-11-20 | exhaust_request | asha    |           | b1       |           |             |
    | 2026-11-20 | exhaust_request | asha    |           | b1       |           |             |
"""


def clicks(drawing):
    rows = [
        {"kind": "report_click", "event_id": f"e{number}"} | row
        for number, row in enumerate(rows_of(EVENTS, drawing))
    ]
    whole = [tuple(row.get(name) for name in EVENTS.columns) for row in rows]
    frame = SparkSession.active().createDataFrame(whole, EVENTS.spark_schema())
    return cumulative_clicks(frame, frame.limit(0), timezone="Asia/Kolkata")


def ratios(events, batches, deliveries=(), day=DAY):
    """{(scope, id): row} of the query."""
    spark = SparkSession.active()
    given_out = spark.createDataFrame(
        list(deliveries), "day date, batch_id string, mailed_count long, link_opening_count long"
    )
    names = spark.createDataFrame(
        [("do_1", "One", "ncert")], "course_id string, course_name string, course_channel string"
    )
    tenants = spark.createDataFrame([("ka.in", "Karnataka")], "channel string, tenant_name string")
    downloads = report_downloads(events, batches)
    rows = run_metric(
        spark,
        "usage/report_download_ratio_daily",
        {
            "report_batches": batches,
            "report_downloads": spark.createDataFrame(downloads.collect(), downloads.schema),
            "report_deliveries": report_deliveries(given_out, batches),
            "courses": names,
            "days": F.broadcast(spark.createDataFrame([(day, True)], "day date, is_final boolean")),
            "tenants": tenants,
        },
        {"data_as_of": datetime(2026, 11, 21, tzinfo=UTC)},
    ).collect()
    keyed = {(row.scope, row.scope_id): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


@pytest.fixture(scope="module")
def batches(spark):
    made = report_batches(
        table_of(BATCHES)(DRAWN),
        table_of(COURSE_BATCH)(MADE),
        table_of(ORGANISATION)(ORGS),
        table_of(COLLECTIONS)(COURSES),
        timezone="Asia/Kolkata",
    )
    return spark.createDataFrame(made.collect(), made.schema)


@pytest.fixture(scope="module")
def found(batches):
    deliveries = [
        (DAY, "b1", 2, 0),
        (date(2026, 11, 12), "b1", 1, 4),
        (date(2026, 12, 1), "b1", 9, 9),
    ]
    return ratios(clicks(CLICKS), batches, deliveries)


def test_batch_is_of_the_tenant_that_it_is_for_and_else_of_the_courses(batches):
    rows = {row.batch_id: row for row in batches.collect()}
    assert {name: row.channel for name, row in rows.items()} == {
        "b1": "ka.in", "b2": "mh.in", "b3": "ncert", "b4": "ncert", "b5": "ka.in", "b6": "ka.in",
        "b7": "ka.in", "b8": "ka.in",
    }  # fmt: skip
    assert (rows["b2"].created_on, rows["b6"].created_on) == (DAY, date(2026, 11, 21))
    assert sorted(rows["b1"].mentors) == ["asha", "ravi"]


def test_batches_made_by_the_day_are_counted_without_enrolments_too(found):
    every = found["all_courses", ""]
    # Not b6, made a day later by the calendar of India; not b7, deleted; not b8, of no status.
    assert (every.batch_count, every.batch_on_day_count, every.started_batch_count) == (5, 1, 4)
    assert found["course", "do_3"].download_ratio == 0.0
    assert found["tenant", "ncert"].batch_count == 2
    # Ended without a download: no row of its own, counted all the same.
    assert ("batch", "b3") not in found
    assert ("batch", "b5") in found
    assert REPORT_DOWNLOAD_RATIO_DAILY.columns == list(every.asDict())


def test_downloads_of_a_batch_are_told_by_who_and_when(found):
    batch = found["batch", "b1"]
    assert (batch.download_count, batch.download_on_day_count, batch.user_count) == (3, 1, 3)
    assert (batch.mentor_download_count, batch.other_download_count) == (2, 1)
    assert (batch.before_start_count, batch.after_end_count) == (1, 1)
    assert (batch.scope_name, batch.course_id, batch.channel) == ("First", "do_1", "ka.in")
    assert (batch.download_ratio, batch.day_to_date_ratio, batch.day_ratio) == (3.0, 1.0, None)


def test_progress_is_the_report_that_counts_and_requests_only_in_their_place(found):
    batch = found["batch", "b1"]
    assert (batch.score_download_count, batch.summary_download_count) == (1, 1)
    assert batch.legacy_download_count == 5


def test_our_own_mails_and_links_are_counted_apart(found):
    for scope in (("batch", "b1"), ("course", "do_1"), ("tenant", "ka.in"), ("all_courses", "")):
        row = found[scope]
        assert (row.mailed_count, row.link_opening_count) == (3, 4)
        assert row.delivered_on_day_count == 2
    assert found["course", "do_1"].delivered_ratio == 3.5


def test_download_that_names_no_batch_is_of_the_only_one_that_it_can_be(found):
    # uma made one batch of the course; admin none of the two, so its tenant is not known either.
    assert (found["batch", "b2"].download_count, found["batch", "b2"].inferred_count) == (1, 1)
    assert found["course", "do_1"].download_count == 5
    assert (found["tenant", "ka.in"].download_count, found["tenant", "mh.in"].download_count) == (
        3, 1,
    )  # fmt: skip
    # Both batches of the other course are of one tenant: it is known, the batch by its mentor.
    assert found["tenant", "ncert"].download_count == 2
    assert found["batch", "b4"].download_count == 1


def test_courses_and_tenants_add_up_with_what_cannot_be_told(found):
    every = found["all_courses", ""]
    assert (every.download_count, every.without_course_count, every.without_tenant_count) == (
        8, 1, 2,
    )  # fmt: skip
    assert every.coverage_ratio == 0.625
    assert every.downloaded_batch_count == 3
    assert every.download_ratio == 1.6


def test_of_no_batches_there_is_no_ratio(batches):
    rows = ratios(clicks(""" | day |\n | 2020-01-01 | """).limit(0), batches.limit(0))
    every = rows["all_courses", ""]
    assert (every.batch_count, every.download_count, every.download_ratio) == (0, 0, None)
