"""What is proposed to mend, and what is left alone: each fault of Sunbird's own reconciliation."""

from datetime import UTC, datetime

import pytest

from jobs.certificates.repairs import repairs
from jobs.contracts.learning import ACTIVITY, BATCHES, COLLECTIONS, ENROLMENTS
from jobs.contracts.raw_certificates import USER_CONTENT_CONSUMPTION
from tests.tables import table_of

AS_OF = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
ALL, SOME = '{"a": 2, "b": 2}', '{"a": 2, "b": 1}'
# b1 began on the 5th of January and ended on the 31st of March in India; b2 has no days.
BATCHES_DRAWN = """
    | batch_id | start_on   | end_on     |
    | b1       | 2026-01-05 | 2026-03-31 |
    | b2       |            |            |
    | b3       | 2027-01-01 |            |
"""
COLLECTIONS_DRAWN = """
    | collection_id | leaf_nodes      | mandatory_nodes | hierarchy_problem |
    | do_1          | ["a", "b", "o"] | ["a", "b"]      |                   |
    | do_torn       |                 |                 | unreadable        |
"""
ENROLMENTS_DRAWN = f"""
    | user_id     | batch_id | collection_id | is_active | has_enrolment_date | enrolled_at | completed_at | status | content_status             |
    | done        | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | late        | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | unconsumed  | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | untimed     | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | young       | b2       | do_1          | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | before      | b1       | do_1          | true      | true               | 2026-03-10  |              | 1      | {ALL}                      |
    | after       | b1       | do_1          | true      | true               | 2026-04-05  |              | 1      | {ALL}                      |
    | dateless    | b1       | do_1          | true      | true               | 2026-01-10  |              | 2      | {SOME}                     |
    | torn        | b1       | do_torn       | true      | true               | 2026-01-10  |              | 1      | {ALL}                      |
    | half        | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {SOME}                     |
    | left        | b1       | do_1          | false     | false              |             |              | 1      | {ALL}                      |
    | stale       | b1       | do_1          | true      | true               | 2026-01-10  |              | 1      | {{"x": 2, "a": 2, "n": 1}} |
    | staledone   | b1       | do_1          | true      | true               | 2026-01-10  | 2026-02-01   | 2      | {{"x": 2}}                 |
    | undated     | b1       | do_1          | true      | false              |             |              | 1      | {SOME}                     |
    | early       | b1       | do_1          | true      | false              |             |              | 0      |                            |
    | completed   | b1       | do_1          | true      | false              |             | 2026-01-06   | 2      |                            |
    | nothing     | b2       | do_1          | true      | false              |             |              | 0      |                            |
    | upcoming    | b3       | do_1          | true      | false              |             |              | 0      |                            |
    | unreadable  | b1       | do_1          | true      | true               |             |              | 0      |                            |
"""
CONSUMPTION_DRAWN = """
    | userid    | contentid | courseid | batchid | status | last_completed_time | lastcompletedtime            |
    | done      | a         | do_1     | b1      | 2      | 2026-02-01T10:00    |                              |
    | done      | b         | do_1     | b1      | 2      |                     | 2026-02-03 10:00:00:000+0530 |
    | done      | o         | do_1     | b1      | 2      | 2026-02-09T10:00    |                              |
    | done      | b         | do_1     | other   | 2      | 2026-05-09T10:00    |                              |
    | done      | a         | do_1     | b1      | 1      | 2026-03-09T10:00    |                              |
    | late      | a         | do_1     | b1      | 2      | 2026-04-02T10:00    |                              |
    | young     | a         | do_1     | b2      | 2      | 2026-11-21T18:00    |                              |
    | before    | a         | do_1     | b1      | 2      | 2026-02-01T10:00    |                              |
    | after     | a         | do_1     | b1      | 2      | 2026-04-06T10:00    |                              |
    | dateless  | a         | do_1     | b1      | 2      | 2026-02-02T10:00    |                              |
    | undated   | a         | do_1     | b1      | 2      | 2026-01-20T10:00    |                              |
    | undated   | b         | do_1     | b1      | 2      | 2026-01-19T10:00    |                              |
    | early     | a         | do_1     | b1      | 2      | 2026-01-01T10:00    |                              |
    | left      | a         | do_1     | b1      | 2      | 2026-01-20T10:00    |                              |
"""
ACTIVITY_DRAWN = """
    | batch_id | user_id    | activity_type | activity_id | last_updated_at  |
    | b1       | unconsumed | Course        | do_1        | 2026-02-07T10:00 |
    | b1       | unconsumed | Course        | do_unit     | 2026-03-07T10:00 |
"""


@pytest.fixture(scope="module")
def found(spark):
    """(learner, problem) -> (value, basis)"""
    rows = repairs(
        table_of(ENROLMENTS)(ENROLMENTS_DRAWN),
        table_of(BATCHES)(BATCHES_DRAWN),
        table_of(COLLECTIONS)(COLLECTIONS_DRAWN),
        table_of(ACTIVITY)(ACTIVITY_DRAWN),
        table_of(USER_CONTENT_CONSUMPTION)(CONSUMPTION_DRAWN),
        as_of=AS_OF,
        timezone="Asia/Kolkata",
    ).collect()
    assert len({(row.user_id, row.problem) for row in rows}) == len(rows)
    return {
        (row.user_id, row.problem): (
            row.stale_contents or (row.proposed_value and f"{row.proposed_value:%m-%d %H:%M:%S}"),
            row.basis,
        )
        for row in rows
    }


def of(found, problem):
    return {user: told for (user, name), told in found.items() if name == problem}


def test_a_completion_is_the_last_mandatory_content_as_an_instant_and_within_the_batch(found):
    told = of(found, "completion_missing")
    # Not the optional content, nor one of another batch, and in either of the two columns.
    assert told["done"] == ("02-03 04:30:00", "last_content")
    # The last second of the last day in India, and not its midnight.
    assert told["late"] == ("03-31 18:29:59", "batch_end")
    assert told["before"] == ("03-10 00:00:00", "enrolment")
    assert told["dateless"] == ("02-02 10:00:00", "last_content")


def test_a_learner_without_consumption_rows_is_completed_too_and_no_date_is_made_up(found):
    told = of(found, "completion_missing")
    assert told["unconsumed"] == ("02-07 10:00:00", "last_progress")
    assert told["untimed"] == told["after"] == (None, "nothing_known")


def test_nobody_is_completed_who_left_lacks_a_content_or_was_busy_in_the_last_day(found):
    assert set(of(found, "completion_missing")) == {
        "done", "late", "unconsumed", "untimed", "before", "after", "dateless",
    }  # fmt: skip


def test_an_enrolment_date_is_not_before_the_batch_nor_after_the_completion(found):
    assert of(found, "enrolment_date_missing") == {
        "undated": ("01-19 10:00:00", "first_content"),
        "early": ("01-04 18:30:00", "batch_start"),
        "completed": ("01-04 18:30:00", "batch_start"),
        "nothing": (None, "nothing_known"),
        "upcoming": (None, "nothing_known"),
    }


def test_stale_contents_are_named_one_by_one_for_those_learners_alone_who_hold_any(found):
    assert of(found, "content_status_stale") == {"stale": ('["n","x"]', "hierarchy")}
