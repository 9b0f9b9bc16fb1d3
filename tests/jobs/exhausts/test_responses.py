"""Which answers are in a batch's file, and how the others are counted."""

import pyarrow as pa
import pytest

from jobs.contracts.responses import RESPONSES
from jobs.errors import ContractError
from jobs.exhausts.responses import (
    SEAT_COLUMNS,
    ResponseCounts,
    Seats,
    placed,
    response_columns,
    response_rows,
)
from jobs.exhausts.selection import EVERYBODY, Selection


def answers(*rows):
    """A page of (user, content, attempt, question), and another course where one is named."""
    schema = RESPONSES.arrow_schema()
    told = [
        {
            "batch_id": "b1", "collection_id": row[4] if len(row) > 4 else "do_1",
            **dict(zip(("user_id", "content_id", "attempt_id", "question_id"), row, strict=False)),
        }
        for row in rows
    ]  # fmt: skip
    return pa.RecordBatch.from_pylist(told, schema=schema)


def seats(*rows):
    """Pages of one enrolment each: (user, why left out, tenant)."""
    return Seats(
        pa.RecordBatch.from_pylist([dict(zip(SEAT_COLUMNS, row, strict=True))]) for row in rows
    )


def reported(pages, seats, selection=EVERYBODY):
    counts = ResponseCounts()
    found = placed(pages, seats, collection_id="do_1", title={"q": "Quiz"}.get)
    rows = [
        tuple(row[name] for name in ("user_id", "attempt_id", "question_id", "content_name"))
        for page in found
        for row in response_rows(page, selection, counts).to_pylist()
    ]
    return rows, counts


def test_answers_of_learners_who_are_not_reported_are_left_out_and_the_learners_counted():
    rows, counts = reported(
        [
            answers(("asha", "q", "1", "k1"), ("gone", "q", "1", "k1"), ("gone", "q", "1", "k2")),
            answers(("gone", "q", "2", "k1"), ("guest", "q", "1", "k1"), ("old", "r", "1", "k1")),
        ],
        seats(
            ("asha", None, "up"), ("gone", "left_batch", "up"),
            ("idle", None, "up"), ("old", None, None),
        ),
    )  # fmt: skip

    assert rows == [("asha", "1", "k1", "Quiz"), ("old", "1", "k1", None)]
    assert counts.left_out == {"left_batch": 1, "not_enrolled": 1}
    assert (counts.read, counts.written, counts.left_out_rows) == (6, 2, 4)
    assert counts.learners == ["asha", "old"]


def test_answers_of_another_course_are_not_of_this_batch():
    rows, counts = reported(
        [answers(("asha", "q", "1", "k1", "do_0"), ("asha", "q", "1", "k1"))],
        seats(("asha", None, "up")),
    )

    assert rows == [("asha", "1", "k1", "Quiz")]
    assert counts.left_out == {"other_course": 1}


def test_one_tenants_answers_are_those_of_its_learners():
    rows, counts = reported(
        [answers(("asha", "q", "1", "k1"), ("ravi", "q", "1", "k1"), ("zoe", "q", "1", "k1"))],
        seats(("asha", None, "up"), ("ravi", None, "br"), ("zoe", None, None)),
        Selection("up"),
    )

    assert [row[0] for row in rows] == ["asha"]
    assert counts.left_out == {"other_organisation": 2}


def test_attempts_are_counted_once_though_they_go_over_pages():
    _, counts = reported(
        [
            answers(("asha", "q", "1", "k1"), ("asha", "q", "2", "k1")),
            answers(("asha", "q", "2", "k2"), ("ravi", "q", "2", "k1")),
            answers(("ravi", "r", "2", "k1"), ("ravi", "r", "2", "k2")),
        ],
        seats(("asha", None, "up"), ("ravi", None, "up")),
    )

    assert (counts.attempts, counts.learners) == (4, ["asha", "ravi"])


def test_header_is_sunbirds():
    columns = response_columns("dashboard", {"collection_id": "do_1"}, {"batch_id": "b1"})

    assert ", ".join(column.header for column in columns) == (
        "Collection Id, Collection Name, Batch Id, Batch Name, User UUID, QuestionSet Id,"
        " QuestionSet Title, Attempt Id, Attempted On, Question Id, Question Type,"
        " Question Title, Question Description, Question Duration, Question Score,"
        " Question Max Score, Question Options, Question Response"
    )
    assert columns[2].source == "BatchId_b1"


@pytest.mark.parametrize(
    ("answered", "enrolled", "table"),
    [(("b", "a"), ("a", "b"), "responses"), (("c", "d"), ("b", "a"), "progress")],
)
def test_tables_that_are_not_in_their_order_are_refused_by_name(answered, enrolled, table):
    pages = [answers(*((user, "q", "1", "k1") for user in answered))]

    with pytest.raises(ContractError, match=rf"`{table}`.*refresh {table}"):
        reported(pages, seats(*((user, None, "up") for user in enrolled)))
