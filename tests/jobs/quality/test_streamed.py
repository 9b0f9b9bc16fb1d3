"""Checks page by page find what the gate finds over the whole."""

import pyarrow as pa
import pytest

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INTEGER, TEXT
from jobs.quality.gate import check_rows
from jobs.quality.streamed import check_pages

MARKS = Contract(
    name="marks",
    grain="one row per batch and learner",
    key=("batch_id", "user_id"),
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("marks", INTEGER, "marks", at_least=0, at_most=10),
        Field("stage", TEXT, "how far", required=True, one_of=("begun", "done")),
    ),
)
GOOD = [("b1", "asha", 3, "done"), ("b1", "ravi", None, "begun"), ("b2", "asha", 10, "done")]
CASES = {
    "good": GOOD,
    "empty": [],
    "a key twice": [GOOD[0], GOOD[0], GOOD[1]],
    "no learner": [("b1", None, 1, "done")],
    "marks out of bounds": [
        ("b1", "a", -1, "done"),
        ("b1", "b", 11, "done"),
        ("b1", "c", 5, "done"),
    ],
    "a stage that is none": [("b1", "a", 1, "over"), ("b1", "b", 1, None)],
}


def pages_of(rows, size):
    schema = MARKS.arrow_schema()
    told = [dict(zip(schema.names, row, strict=True)) for row in rows]
    return [
        pa.RecordBatch.from_pylist(told[at : at + size], schema=schema)
        for at in range(0, len(told), size)
    ]


def found(rows, size=2):
    return check_pages(pages_of(rows, size), MARKS, subject="s", columns=MARKS.columns)


@pytest.mark.parametrize("rows", CASES.values(), ids=CASES)
def test_verdicts_are_those_of_the_gate(rows):
    frame = pa.Table.from_batches(pages_of(rows, 9), schema=MARKS.arrow_schema()).to_pandas()
    wanted = check_rows(frame, MARKS, subject="s", columns=MARKS.columns)

    verdicts, row_count = found(rows)

    assert row_count == len(rows)
    assert [(v.check_name, v.severity, v.verdict) for v in verdicts] == [
        (v.check_name, v.severity, v.verdict) for v in wanted
    ]


def test_row_that_is_out_of_order_is_told_even_at_the_edge_of_a_page():
    verdicts, _ = found([GOOD[0], GOOD[2], GOOD[1]])

    (broken,) = [verdict for verdict in verdicts if verdict.verdict == "failed"]
    assert (broken.check_name, broken.found_count) == ("batch_id, user_id is unique", 1)


def test_columns_that_are_not_looked_at_are_not_judged():
    pages = [page.select(["marks"]) for page in pages_of([("b1", "a", -1, "over")], 1)]

    verdicts, _ = check_pages(pages, MARKS, subject="s", columns=["marks"])

    assert [v.check_name for v in verdicts if v.verdict == "failed"] == [
        "marks is at least 0 at most 10"
    ]
