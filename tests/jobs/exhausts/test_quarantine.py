"""The list of rows that could not be used."""

import csv
import io
from datetime import date

import pytest

from jobs.exhausts import quarantine


def row(reason, user_id="u1", row_count=1):
    return {
        "source_table": "user_enrolments", "reason": reason, "user_id": user_id,
        "row_count": row_count,
    }  # fmt: skip


def test_rows_are_listed_with_their_reason_in_words():
    target = io.BytesIO()
    assert quarantine.write_quarantine(target, [row("duplicate", row_count=2), row("x_y")]) == 3
    text = target.getvalue().decode("utf-8")
    assert text.startswith("\ufeffSource Table,Reason,")
    assert text.count("\r\n") == 3
    first, second = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert first == [
        "user_enrolments", "duplicate",
        "Another row has the same key, and says more; that one counts.", "u1", "2",
    ]  # fmt: skip
    assert second[2] == "X y."


def test_an_id_that_is_a_formula_is_guarded():
    target = io.BytesIO()
    quarantine.write_quarantine(target, [row("duplicate", user_id="=1+1")])
    assert ",'=1+1,1" in target.getvalue().decode()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("missing_batchid", "The row has no value in the column batchid."),
        ("unreadable_total_score", "The row's value in the column total_score is not of the kind that belongs there."),
        ("malformed_row", "The row is broken and could not be split into its columns."),
    ],
)  # fmt: skip
def test_every_kind_of_reason_has_its_sentence(reason, words):
    assert quarantine.in_words(reason) == words


def test_the_name_is_plain_whatever_the_batch_is_called():
    named = quarantine.file_name("../013 बैच", date(2026, 11, 21))
    assert named == "quarantine_013_2026-11-21.csv"
    assert quarantine.file_name("बैच", date(2026, 11, 21)) == "quarantine_batch_2026-11-21.csv"
