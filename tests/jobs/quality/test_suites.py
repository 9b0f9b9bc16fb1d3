"""A contract's promises as checks."""

import pytest

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INTEGER, TEXT
from jobs.quality.suites import checks_of

SCORES = Contract(
    name="scores",
    grain="one row per batch and learner",
    key=("batch_id", "user_id"),
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("progress_pct", INTEGER, "how far", at_least=0, at_most=100),
        Field("attempts", INTEGER, "tries", at_least=1),
        Field("stage", TEXT, "the stage", one_of=("begun", "done")),
        Field("note", TEXT, "anything"),
    ),
)


def test_every_promise_of_a_contract_is_a_check_that_stops():
    assert [(check.name, check.severity) for check in checks_of(SCORES)] == [
        ("has rows", "warn"),
        ("batch_id, user_id is unique", "fail"),
        ("batch_id is not null", "fail"),
        ("user_id is not null", "fail"),
        ("progress_pct is at least 0 at most 100", "fail"),
        ("attempts is at least 1", "fail"),
        ("stage is a known value", "fail"),
    ]


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["user_id", "stage"], ["has rows", "user_id is not null", "stage is a known value"]),
        (["note"], ["has rows"]),
    ],
)
def test_columns_that_are_left_out_are_not_checked(columns, names):
    assert [check.name for check in checks_of(SCORES, columns)] == names


def test_key_of_one_column_is_unique_by_itself():
    one_key = Contract(SCORES.name, SCORES.grain, ("user_id",), SCORES.fields)

    assert checks_of(one_key)[1].arguments == {"column": "user_id"}
