"""A reader's question: one SELECT, answered as CSV, without a person's data."""

import io

import pytest

from jobs.errors import RequestError
from jobs.storage.query import query_csv
from jobs.storage.store import Reader, Store


@pytest.fixture
def asked(store):
    """asked(sql) -> the CSV, from a queue of one request."""
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO job_request (tag, request_id, job_id, status, request_data, requested_by)"
            " VALUES ('t, \"1\"', 'r1', 'progress-exhaust', 'SUBMITTED', '{}', 'canary')"
        )

    def ask(question, store=store, role=Reader.OPERATOR):
        out = io.StringIO()
        query_csv(store, question, out, role=role)
        return out.getvalue()

    return ask


def test_rows_are_printed_with_a_header_and_counted(store):
    out = io.StringIO()

    count = query_csv(
        store,
        "SELECT n, n > 1 AS more, NULL AS none FROM generate_series(1, 3) n",
        out,
        role=Reader.OPERATOR,
    )

    assert out.getvalue() == "n,more,none\n1,f,\n2,t,\n3,t,\n"
    assert count == 3


def test_question_without_rows_is_a_header(asked):
    assert asked("SELECT table_name, row_count FROM table_freshness") == "table_name,row_count\n"


def test_values_are_quoted_and_in_every_script(asked):
    assert asked("SELECT tag, 'কলকাতা' AS city FROM job_request") == ('tag,city\n"t, ""1""",কলকাতা\n')


@pytest.mark.parametrize(
    "question", ["SELECT 1 AS n;", "  SELECT 1 AS n ; ", "SELECT 1 AS n -- one", "VALUES (1)"]
)
def test_one_statement_is_answered_however_it_ends(asked, question):
    assert asked(question).splitlines()[1:] == ["1"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("SELECT 1; SELECT 2", "multiple commands"),
        ("SELECT 1) TO STDOUT; RESET ROLE; COPY (SELECT 2", "syntax error"),
        ("", "returns none"),
        ("SELECT", "returns none"),
        ("SELECT /* 1", "unterminated"),
        ("SELECT nonsense FROM job_request", "nonsense"),
        ("SELECT 1/0", "division by zero"),
        ("RESET ROLE", "returns none"),
        ("COMMIT", "returns none"),
        ("DO $$ BEGIN END $$", "returns none"),
        ("SHOW fsync", "promised one SELECT"),
    ],
)
def test_anything_else_is_refused_in_words(asked, question, told):
    with pytest.raises(RequestError, match=told):
        asked(question)


@pytest.mark.parametrize("own_login", [True, False])
@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM job_request RETURNING tag",
        "UPDATE job_request SET status = 'FAILED' RETURNING tag",
        "INSERT INTO operations.policy VALUES ('a', 'b', 'c') RETURNING channel",
        "WITH gone AS (DELETE FROM job_request RETURNING tag) SELECT * FROM gone",
        "CREATE TABLE mine AS SELECT 1",
        "SELECT nextval('operations.gate_verdict_verdict_id_seq')",
    ],
)
def test_writes_are_refused_and_write_nothing(store, asked, question, own_login):
    with pytest.raises(RequestError):
        asked(question, store if own_login else Store(store.url))

    assert asked("SELECT status FROM job_request") == "status\nSUBMITTED\n"


@pytest.mark.parametrize("own_login", [True, False])
@pytest.mark.parametrize(
    "question", ["SELECT * FROM job_request", "SELECT requested_by FROM job_request"]
)
def test_personal_column_is_refused_with_those_that_may_be_read(store, asked, question, own_login):
    with pytest.raises(
        RequestError, match=r"job_request it may read: .*err_message.*, tag"
    ) as told:
        asked(question, store if own_login else Store(store.url))

    assert "requested_by" not in str(told.value)
    assert "canary" not in str(told.value)


@pytest.mark.parametrize("own_login", [True, False])
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("SELECT status FROM job_request", "the role analyst may not see: .*metrics alone"),
        ("SELECT count(*) FROM operations.lease", "the role analyst may not see: .*metrics alone"),
        ("SELECT count(*) FROM lease", "which the role analyst reads"),
    ],
)
def test_analyst_is_told_that_the_metrics_are_all(store, asked, question, told, own_login):
    place = store if own_login else Store(store.url)
    with pytest.raises(RequestError, match=told):
        asked(question, place, Reader.ANALYST)

    assert asked("SELECT * FROM table_freshness", place, Reader.ANALYST).startswith("table_name,")
    assert asked(question, place).count("\n") == 2
