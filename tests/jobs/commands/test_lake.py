"""Samples, refresh and query as they are typed: what they print, and how they fail."""

import csv
import io
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from jobs.errors import ContractError, RequestError, SettingsError, UnavailableError
from jobs.refresh import job

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def put(tmp_path):
    """put("course_batch/a.csv", text): a file of the lake."""

    def write(name, text):
        file = tmp_path / "home" / "lake" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def refreshed(typed, monkeypatch, spark):
    """refreshed("batches") -> Ended, with the tests' one Spark session."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    return lambda *tables: typed("refresh", *tables, lake_buckets=2)


def refused(ended, error):
    """The one line that a failed command says; never a traceback."""
    assert ended.code == error.exit_code
    assert ended.out == ""
    last = ended.err.splitlines()[-1]
    assert last.startswith(f"{error.__name__}: ")
    assert "Traceback" not in ended.err
    return last


def test_refresh_says_what_was_made_and_kept_out(refreshed, put):
    put("course_batch/a.csv", "courseid,batchid,startdate\ndo_1,b1,soon\ndo_1,b1,\ndo_1,,\n")

    made = refreshed("batches")

    assert (made.code, made.out) == (
        0, "batches: 1 rows; kept out: 1 course_batch.missing_batchid, 1 course_batch.duplicate\n",
    ) or made.out == (
        "batches: 1 rows; kept out: 1 course_batch.duplicate, 1 course_batch.missing_batchid\n"
    )  # fmt: skip


def test_missing_table_is_named_with_its_place_and_what_to_do(refreshed, tmp_path):
    told = refused(refreshed("batches"), UnavailableError)

    assert "`course_batch`" in told
    assert str(tmp_path / "home" / "lake") in told
    assert "SUNBIRD_BATCH_LAKE_CATALOGUE" in told


def test_missing_columns_are_named_all_at_once_with_those_that_were_found(refreshed, put):
    put("course_batch/a.csv", "course,batch,name\ndo_1,b1,First\n")

    told = refused(refreshed("batches"), ContractError)

    assert "required column `courseid` is missing; required column `batchid` is missing" in told
    assert "Columns found: " in told
    assert "batch, course, name" in told


def test_empty_table_is_an_empty_table(refreshed, put):
    put("course_batch/a.csv", "courseid,batchid\n")

    assert refreshed("batches").out == "batches: 0 rows\n"


def test_table_that_there_is_not_is_refused_with_those_that_there_are(refreshed):
    told = refused(refreshed("batchs"), RequestError)

    assert "batchs" in told
    assert "batches, enrolments" in told


def test_nothing_due_ends_with_the_code_for_nothing_to_do(typed, publish_rows):
    from jobs.refresh.plan import TABLES

    for contract in TABLES.values():
        publish_rows(contract, [], data_as_of=datetime.now(UTC))

    due = typed("refresh", "--due")

    assert (due.code, due.out) == (99, "")


def test_samples_are_made_where_nothing_is_and_nowhere_else(typed, put, tmp_path):
    put("users/mine.csv", "userid\nu1\n")

    told = refused(typed("samples", "--learners", "100"), SettingsError)

    assert str(tmp_path / "home" / "lake" / "users") in told
    assert (tmp_path / "home" / "lake" / "users" / "mine.csv").is_file()


REQUEST = "INSERT INTO job_request (tag, request_id, job_id, status, request_data, requested_by, encryption_key, dt_job_submitted) VALUES ('t', 'r1', 'progress-exhaust', 'SUBMITTED', '{}', 'asha', 'canary', now())"


@pytest.fixture
def one_request(store):
    with store.transaction() as connection:
        connection.execute(REQUEST)


@pytest.mark.usefixtures("one_request")
def test_operator_reads_what_is_neither_personal_nor_a_key(typed):
    read = typed("query", "SELECT request_id, status FROM job_request")

    assert (read.code, read.out) == (0, "request_id,status\nr1,SUBMITTED\n")


@pytest.mark.usefixtures("one_request")
def test_operator_who_asks_for_everything_is_told_what_may_be_read(typed):
    told = refused(typed("query", "SELECT * FROM job_request"), RequestError)

    assert "permission denied for table job_request" in told
    may = told.partition("it may read: ")[2].partition(".")[0].split(", ")
    assert {"request_id", "status", "dt_job_submitted"} <= set(may)
    assert not {"encryption_key", "requested_by"} & set(may)
    assert "canary" not in told


def test_analyst_sees_how_fresh_each_table_is(typed, publish_rows):
    from jobs.contracts.learning import BATCHES

    publish_rows(BATCHES, [], data_as_of=NOON)

    as_operator = typed("query", "SELECT * FROM metrics.table_freshness")
    read = typed("query", "--as", "analyst", "SELECT * FROM table_freshness")

    assert read.out == as_operator.out
    (row,) = csv.DictReader(io.StringIO(read.out))
    assert row["table_name"] == "batches"
    assert row["data_as_of"].startswith("2026-11-21 12:00:00")


@pytest.mark.usefixtures("one_request")
def test_analyst_reads_no_request(typed):
    told = refused(
        typed("query", "--as", "analyst", "SELECT status FROM job_request"), RequestError
    )

    assert "the role analyst may not see" in told
    assert "without `--as analyst`" in told


@pytest.mark.parametrize(
    "statement", ["DELETE FROM job_request", "SELECT 1; SELECT 2", "SELEC 1", "DROP TABLE x"]
)
def test_what_is_not_one_select_is_refused(typed, statement):
    refused(typed("query", statement), RequestError)
