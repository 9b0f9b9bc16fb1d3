"""The status of a batch by its dates, against an oracle and case by case."""

from datetime import UTC, date, datetime

import pytest
from pyspark.sql import functions as F

from jobs.batches.moves import HELD, moves
from jobs.batches.status import dated_batches, kept_out, today_at
from jobs.contracts.raw import COURSE_BATCH
from jobs.errors import ContractError
from tests.jobs.batches.oracle import AT, NOT_A_DAY, Case, cases, expected
from tests.tables import table_of

ZONE = "Asia/Kolkata"
TODAY = date(2026, 11, 22)
course_batch = table_of(COURSE_BATCH)
COLUMNS = (
    "batchid string, courseid string, startdate string, enddate string, enrollmentenddate string,"
    " start_date timestamp, end_date timestamp, status int"
)


def judged(raw, *, at=AT, held=None):
    """{batch: row} of what must be written; `held` is what the last run left."""
    held = held if held is not None else raw.sparkSession.createDataFrame([], HELD)
    rows = moves(dated_batches(raw, timezone=ZONE), held, today=today_at(at, ZONE)).collect()
    return {row.batch_id: row for row in rows}


def statuses(raw, **given):
    return {batch: row.status for batch, row in judged(raw, **given).items()}


def raw_of(spark, many):
    rows = [
        (f"b{n}", "do_1", c.start_text, c.end_text, c.enrolment_text, c.start, c.end, c.status)
        for n, c in enumerate(many)
    ]
    return spark.createDataFrame(rows, COLUMNS)


def test_ten_thousand_random_batches_are_what_the_oracle_says(spark):
    many = cases(10_000)

    found = judged(raw_of(spark, many))

    assert len(found) == 10_000
    wrong = [
        (case, expected(case), row)
        for n, case in enumerate(many)
        for row in [found[f"b{n}"]]
        if (row.status, row.problem, row.enrolment_end_on) != expected(case)
    ]
    assert wrong == []
    assert {row.status for row in found.values()} == {0, 1, 2}


def test_last_day_is_inclusive_to_its_last_millisecond_in_india(spark):
    raw = course_batch("""
        | batchid | courseid | startdate  | enddate    | status |
        | b1      | do_1     | 2026-11-01 | 2026-11-21 | 1      |
    """)

    assert statuses(raw, at=datetime(2026, 11, 21, 18, 29, 59, 999000, tzinfo=UTC)) == {"b1": 1}
    assert statuses(raw, at=datetime(2026, 11, 21, 18, 30, tzinfo=UTC)) == {"b1": 2}


def test_first_day_begins_at_midnight_in_india(spark):
    raw = course_batch("""
        | batchid | courseid | startdate  | status |
        | b1      | do_1     | 2026-11-22 | 0      |
    """)

    assert statuses(raw, at=datetime(2026, 11, 21, 18, 29, 59, tzinfo=UTC)) == {"b1": 0}
    assert statuses(raw, at=datetime(2026, 11, 21, 18, 30, tzinfo=UTC)) == {"b1": 1}


def test_each_change_says_why(spark):
    found = judged(
        course_batch("""
        | batchid  | courseid | startdate  | enddate    | status |
        | starts   | do_1     | 2026-11-22 |            | 0      |
        | ends     | do_1     | 2026-01-01 | 2026-11-21 | 1      |
        | longer   | do_1     | 2026-01-01 | 2026-12-21 | 2      |
        | later    | do_1     | 2026-12-01 |            | 1      |
        | none     | do_1     | 2026-01-01 |            |        |
        | endless  | do_1     | 2019-01-01 |            | 1      |
    """)
    )

    assert {batch: (row.from_status, row.status, row.reason) for batch, row in found.items()} == {
        "starts": (0, 1, "started"),
        "ends": (1, 2, "ended"),
        "longer": (2, 1, "extended"),
        "later": (1, 0, "start_moved"),
        "none": (None, 1, "status_missing"),
        "endless": (1, 1, None),
    }


def test_date_that_is_none_keeps_the_status_and_is_reported(spark):
    starts = [Case(start_text=text, status=1) for text in NOT_A_DAY]
    ends = [Case("2026-01-01", end_text=text, status=0) for text in NOT_A_DAY]

    found = judged(raw_of(spark, starts + ends))

    kept = [(found[f"b{n}"].status, found[f"b{n}"].problem) for n in range(len(found))]
    assert kept[: len(starts)] == [(1, "unparsable_date")] * len(starts)
    assert kept[len(starts) :] == [(0, "unparsable_date")] * len(ends)


def test_time_behind_the_day_is_read_as_the_day_that_is_written(spark):
    texts = ["2026-11-22 00:00:00:000+0530", "2026-11-22T09:30:00.000Z", " 2026-11-22 "]

    found = judged(raw_of(spark, [Case(start_text=text, status=0) for text in texts]))

    assert {(row.start_on, row.status) for row in found.values()} == {(TODAY, 1)}


def test_new_column_wins_and_a_new_one_that_cannot_be_read_keeps_the_status(spark):
    raw = spark.createDataFrame(
        [
            ("b1", "do_1", "2019-01-01", "2026-11-30T18:30:00.000Z", 0),
            ("b2", "do_1", "soon", "2026-11-20T18:30:00.000Z", 0),
            ("b3", "do_1", "2019-01-01", "soon", 0),
        ],
        "batchid string, courseid string, startdate string, start_date string, status int",
    )

    found = judged(raw)

    assert found["b1"].start_on == date(2026, 12, 1)
    assert (found["b1"].status, found["b1"].problem) == (0, None)
    assert (found["b2"].status, found["b2"].problem) == (1, None)
    assert (found["b3"].status, found["b3"].problem) == (0, "unparsable_date")


def test_batch_without_a_start_keeps_its_status_until_its_end_has_passed(spark):
    found = judged(
        course_batch("""
        | batchid | courseid | enddate    | status |
        | kept    | do_1     | 2026-12-01 | 1      |
        | ended   | do_1     | 2026-11-21 | 1      |
        | unknown | do_1     |            |        |
    """)
    )

    assert {batch: (row.status, row.problem) for batch, row in found.items()} == {
        "kept": (1, "no_start_date"),
        "ended": (2, "no_start_date"),
        "unknown": (0, "no_start_date"),
    }


def test_enrolment_ends_the_day_before_the_end_and_never_before_the_start(spark):
    found = judged(
        course_batch("""
        | batchid | courseid | startdate  | enddate    | enrollmentenddate | status |
        | default | do_1     | 2026-11-01 | 2026-11-30 |                   | 1      |
        | one_day | do_1     | 2026-11-30 | 2026-11-30 |                   | 0      |
        | own     | do_1     | 2026-11-01 | 2026-11-30 | 2026-11-10        | 1      |
        | endless | do_1     | 2026-11-01 |            |                   | 1      |
        | odd     | do_1     | 2026-11-01 | 2026-11-30 | some day          | 1      |
    """)
    )

    assert {batch: row.enrolment_end_on for batch, row in found.items()} == {
        "default": date(2026, 11, 29),
        "one_day": date(2026, 11, 30),
        "own": date(2026, 11, 10),
        "endless": None,
        "odd": date(2026, 11, 29),
    }
    assert found["odd"].problem == "unparsable_enrolment_end"


def test_duplicate_rows_of_a_batch_are_one_and_the_last_written_counts(spark):
    raw = course_batch("""
        | batchid | courseid | startdate  | status | updated_date        |
        | b1      | do_1     | 2026-11-01 | 0      | 2026-11-01T00:00:00 |
        | b1      | do_1     | 2026-12-01 | 0      | 2026-11-02T00:00:00 |
        |         | do_1     | 2026-12-01 | 0      |                     |
    """)

    assert statuses(raw) == {"b1": 0}
    assert {row.reason: row.row_count for row in kept_out(raw).collect()} == {
        "missing_batchid": 1,
        "duplicate": 1,
    }


def test_only_the_two_ids_are_required_columns(spark):
    found = judged(spark.createDataFrame([("do_1", "b1")], "COURSEID string, batchid string"))

    assert (found["b1"].status, found["b1"].problem) == (0, "no_start_date")
    with pytest.raises(ContractError, match="`batchid` is missing"):
        dated_batches(spark.createDataFrame([("do_1",)], "courseid string"), timezone=ZONE)


def held_of(spark, *rows):
    return spark.createDataFrame(list(rows), HELD)


def test_batch_is_only_written_where_something_differs(spark):
    raw = course_batch("""
        | batchid | courseid | startdate  | name | status |
        | b1      | do_1     | 2026-11-01 | One  | 0      |
    """)
    first = judged(raw)["b1"]
    held = held_of(spark, ("b1", "do_1", first.status, first.platform_status, first.fingerprint))

    assert judged(raw, held=held) == {}
    renamed = judged(raw.withColumn("name", F.lit("Two")), held=held)["b1"]
    assert (renamed.from_status, renamed.status, renamed.reason) == (1, 1, None)


def test_status_that_the_platform_set_since_the_last_run_is_put_right_again(spark):
    raw = course_batch("""
        | batchid | courseid | startdate  | enddate    | status |
        | b1      | do_1     | 2026-01-01 | 2026-11-01 | 1      |
        | b2      | do_1     |            |            | 2      |
    """)
    held = held_of(spark, ("b1", "do_1", 2, 2, 1), ("b2", "do_1", 1, 1, 1))

    found = judged(raw, held=held)

    assert (found["b1"].from_status, found["b1"].status, found["b1"].reason) == (1, 2, "ended")
    assert (found["b2"].from_status, found["b2"].status, found["b2"].reason) == (2, 2, None)


def test_batch_that_is_gone_is_told_as_gone(spark):
    held = held_of(spark, ("b1", "do_1", 1, 1, 1))

    gone = judged(course_batch("| batchid | courseid |\n| b2 | do_2 |"), held=held)["b1"]

    assert (gone.course_id, gone.from_status, gone.status, gone.reason) == (
        "do_1",
        1,
        None,
        "removed",
    )
