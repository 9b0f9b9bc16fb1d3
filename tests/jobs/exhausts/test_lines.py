"""Lines of CSV made column by column: what a reader of RFC 4180 gets back."""

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.delivery import spreadsheet
from jobs.exhausts.layout import Column
from jobs.exhausts.lines import bytes_of, header_line, lines

INDIA = ZoneInfo("Asia/Kolkata")
COURSE = Column("Course", "", "same", 'Fractions, "easy"')
TITLE = Column("Title", "", "text", "title")
ANSWER = Column("Answer, given", "", "json", "answer")
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def page(**columns):
    return pa.RecordBatch.from_pydict(columns)


def read(made, columns):
    whole = header_line(columns) + bytes(bytes_of(made)) + b"\r\n"
    return list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""), strict=True))


def cells_of(kind, values, type):
    (column,) = (Column("Value", "", kind, "value"),)
    rows = read(
        lines(page(value=pa.array(values, type)), [COURSE, column], INDIA), [COURSE, column]
    )
    return [row[1] for row in rows[1:]]


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=20))
def test_every_text_comes_back_as_a_spreadsheet_may_have_it_and_json_as_it_was(pairs):
    answers = [None if answer is None else json.dumps([answer]) for _, answer in pairs]
    made = page(
        title=pa.array([title for title, _ in pairs], pa.string()),
        answer=pa.array(answers, pa.string()),
    )
    columns = [COURSE, TITLE, ANSWER]

    header, *rows = read(lines(made, columns, INDIA), columns)

    assert header == ["Course", "Title", "Answer, given"]
    assert rows == [
        [COURSE.source, spreadsheet.text(title), answer or ""]
        for (title, _), answer in zip(pairs, answers, strict=True)
    ]


def test_part_of_the_lines_is_their_bytes_alone():
    made = lines(page(title=["a", "b", "c", "d"]), [TITLE], INDIA)

    assert bytes(bytes_of(made[1:3])) == b"\r\nb\r\nc"
    assert bytes(bytes_of(made[4:])) == b""


def test_instant_is_told_in_india():
    evening = datetime(2019, 11, 15, 20, tzinfo=UTC)

    assert cells_of("instant", [evening, None], pa.timestamp("us", tz="UTC")) == [
        "16/11/2019 01:30:00", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "cell"), [(1.0, "1"), (0.5, "0.5"), (-2.25, "-2.25"), (0.1, "0.1"), (None, "")]
)
def test_points_are_as_short_as_they_can_be(value, cell):
    assert cells_of("decimal", [value], pa.float64()) == [cell]


def test_json_that_is_longer_than_a_cell_stays_whole():
    long = json.dumps(["x" * 40_000])

    assert cells_of("json", [long], pa.string()) == [long]
    assert len(cells_of("text", [long], pa.string())[0]) == spreadsheet.CELL_UNITS
