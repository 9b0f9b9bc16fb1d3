from datetime import UTC, datetime

import pytest
from pyspark.sql import functions as F

from jobs.contracts.raw import ASSESSMENT_AGGREGATOR, COURSE_BATCH, USER_ENROLMENTS
from jobs.errors import ContractError
from jobs.sources.raw import instant_from_text, typed, unusable, usable
from tests.tables import values

pytestmark = pytest.mark.usefixtures("spark")


def texts(spark, *rows):
    """Rows of text, as CSV and JSON lines give them."""
    names = sorted({name for row in rows for name in row})
    return spark.createDataFrame(
        [tuple(row.get(name) for name in names) for row in rows],
        ", ".join(f"`{name}` string" for name in names),
    )


KEY = {"courseid": "do_1", "batchid": "b1"}


def test_every_text_form_of_an_instant_is_the_same_instant(spark):
    noon = datetime(2021, 7, 15, 12, 0, 0, 123000)  # noqa: DTZ001 -- the session's zone is UTC
    forms = {
        "sunbird": "2021-07-15 12:00:00:123+0000",
        "sunbird in india": "2021-07-15 17:30:00:123+0530",
        "sunbird without zone": "2021-07-15 12:00:00:123",
        "plain": "2021-07-15 12:00:00.123",
        "iso": "2021-07-15T12:00:00.123Z",
        "iso offset": "2021-07-15T17:30:00.123+05:30",
        "iso bare offset": "2021-07-15T17:30:00.123+0530",
        "milliseconds": "1626350400123",
    }
    frame = spark.createDataFrame(list(forms.items()), "name string, text string")

    read = values(
        frame.select("name", instant_from_text(F.col("text")).alias("at")), "at", by="name"
    )

    assert read == dict.fromkeys(forms, noon)


def test_what_is_no_instant_is_null(spark):
    forms = ["31-02-2021", "2021-02-31", "2021-13-01", "0000-00-00", "yesterday", "2021", "", "15"]
    frame = spark.createDataFrame([(form,) for form in forms], "text string")

    assert frame.where(instant_from_text(F.col("text")).isNotNull()).count() == 0


def test_maps_and_lists_are_read_from_json_and_from_cassandras_text(spark):
    read = typed(
        texts(
            spark,
            KEY
            | {"userid": "json", "contentstatus": '{"do_1": 2}', "certificates": '[{"a": "b"}]'},
            KEY
            | {
                "userid": "cassandra",
                "contentstatus": "{'do_1': 2}",
                "certificates": "[{'a': 'b'}]",
            },
            KEY | {"userid": "blank", "contentstatus": " ", "certificates": ""},
        ),
        USER_ENROLMENTS,
    )
    assert values(read, "contentstatus", "certificates", "_reason", by="userid") == {
        "json": ({"do_1": 2}, [{"a": "b"}], None),
        "cassandra": ({"do_1": 2}, [{"a": "b"}], None),
        "blank": (None, None, None),
    }


def test_a_set_of_cassandra_is_a_list(spark):
    read = typed(texts(spark, KEY | {"mentors": "{'u1', 'u2'}"}), COURSE_BATCH)

    assert read.select("mentors").first()[0] == ["u1", "u2"]


def test_a_row_is_kept_out_for_its_first_grave_problem_and_nothing_is_lost(spark):
    raw = typed(
        texts(
            spark,
            KEY | {"userid": "good", "status": "2.0", "active": "TRUE"},
            KEY | {"userid": " ", "contentstatus": "{broken"},
            KEY | {"userid": "broken", "contentstatus": "{broken"},
            {"courseid": "do_1", "userid": "no batch"},
            KEY | {"userid": "odd status", "status": "soon"},
        ),
        USER_ENROLMENTS,
        vital=("contentstatus",),
    )

    assert values(usable(raw), "status", by="userid") == {"good": 2, "odd status": None}
    kept_out = [tuple(row) for row in unusable(raw).orderBy("reason", "batch_id").collect()]
    assert kept_out == [
        ("missing_batchid", "", "no batch"),
        ("missing_userid", "b1", ""),
        ("unreadable_contentstatus", "b1", "broken"),
    ]


def test_numbers_that_are_none_are_unreadable_and_not_nan(spark):
    key = {"user_id": "u", "course_id": "c", "batch_id": "b", "content_id": "q"}
    read = typed(
        texts(
            spark,
            key | {"attempt_id": "nan", "total_score": "NaN"},
            key | {"attempt_id": "exponent", "total_score": "1e1"},
            key | {"attempt_id": "word", "total_score": "ten"},
        ),
        ASSESSMENT_AGGREGATOR,
        vital=("total_score",),
    )
    assert values(read, "total_score", "_reason", by="attempt_id") == {
        "nan": (None, "unreadable_total_score"),
        "exponent": (10.0, None),
        "word": (None, "unreadable_total_score"),
    }


def test_native_columns_are_taken_as_they_are(spark):
    at = datetime(2021, 7, 15, 12, tzinfo=UTC)
    frame = spark.createDataFrame(
        [("do_1", "b1", at, 1626350400123, 1)],
        "courseid string, batchid string, start_date timestamp, end_date long, status short",
    )
    row = typed(frame, COURSE_BATCH).first()

    assert row["start_date"].isoformat() == "2021-07-15T12:00:00"
    assert row["end_date"].isoformat() == "2021-07-15T12:00:00.123000"
    assert row["status"] == 1
    assert row["name"] is None


def test_all_missing_and_impossible_columns_are_named_at_once(spark):
    frame = spark.createDataFrame([(1, {"a": 1})], "mentors int, name map<string,int>")

    with pytest.raises(ContractError) as refused:
        typed(frame, COURSE_BATCH)

    told = str(refused.value)
    assert "required column `courseid` is missing" in told
    assert "required column `batchid` is missing" in told
    assert "column `mentors` is int, promised is list of text" in told
    assert "Columns found: mentors, name" in told


def test_a_key_that_is_no_id_is_unreadable_and_mixed_line_ends_leave_no_trace(spark):
    key = {"courseid": "do_1", "userid": "u"}
    read = typed(
        texts(
            spark,
            key | {"batchid": "b\0"},
            key | {"batchid": "b\ufffd"},
            key | {"batchid": "b" * 501},
            key | {"batchid": " b1\t\r"},
            key | {"batchid": "b1\n"},
        ),
        USER_ENROLMENTS,
    )
    kept_out = [row.reason for row in unusable(read).collect()]
    assert kept_out == ["unreadable_batchid"] * 3
    assert [row.batchid for row in usable(read).collect()] == ["b1", "b1"]


def test_instants_that_no_calendar_of_a_reader_has_and_infinite_numbers_are_null(spark):
    key = {"user_id": "u", "course_id": "c", "batch_id": "b", "content_id": "q"}
    read = typed(
        texts(
            spark,
            key | {"attempt_id": "late", "created_on": "9999-12-31T23:59:59Z"},
            key | {"attempt_id": "early", "created_on": "0000-01-01T00:00:00Z"},
            key | {"attempt_id": "endless", "total_score": "1e999"},
            key | {"attempt_id": "good", "created_on": "9999-12-30T00:00:00Z", "total_score": "1"},
        ),
        ASSESSMENT_AGGREGATOR,
    )
    found = read.selectExpr("attempt_id", "created_on IS NULL", "total_score")
    assert {row[0]: tuple(row[1:]) for row in found.collect()} == {
        "late": (True, None),
        "early": (True, None),
        "endless": (True, None),
        "good": (False, 1.0),
    }
