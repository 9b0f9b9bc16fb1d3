"""The summary's rule: which rows a batch has, and what each of them says."""

from datetime import UTC, date, datetime

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.contracts.raw import CONTENT
from jobs.summaries.job import summary_rows
from tests.tables import table_of

DAY, NOW = date(2026, 11, 21), datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
COUNTS = ("enrolment_count", "completion_count", "certificate_count", "certificate_lag_count")


@pytest.fixture(scope="module")
def rows(spark):
    """(batch, state, district) -> row, of one drawn platform."""
    tables = {
        "batches": table_of(BATCHES)("""
            | batch_id | collection_id | batch_name | start_on   | end_on     | has_certificate_template |
            | mixed    | do_1          | Mixed      | 2026-01-01 | 2026-12-31 | true                     |
            | plain    | do_1          | Plain      | 2026-01-01 |            | false                    |
            | empty    | do_1          | Empty      |            |            | true                     |
            | lost     | do_gone       | Lost       |            |            |                          |
        """),
        "progress": table_of(PROGRESS)("""
            | batch_id | user_id | left_out_reason   | state  | district | org_name | user_type | user_sub_type | completed_on | has_certificate |
            | mixed    | asha    |                   | Kerala | Idukki   | North    | teacher   | hm            | 2026-02-01   | true            |
            | mixed    | ravi    |                   | Kerala | Idukki   | North    | student   |               | 2026-02-01   | false           |
            | mixed    | meena   | no_enrolment_date | Kerala | Kollam   | South    | teacher   | hm            | 2026-02-01   | false           |
            | mixed    | left    | left_batch        | Kerala | Kollam   | South    | student   |               |              | false           |
            | mixed    | nobody  |                   |        |          |          |           |               |              | false           |
            | mixed    | vague   |                   | Kerala |          | North    |           |               |              | true            |
            | plain    | asha    |                   | Kerala | Idukki   | North    | teacher   | hm            | 2026-02-01   | false           |
            | orphan   | asha    |                   | Kerala | Idukki   | North    | teacher   | hm            | 2026-02-01   | false           |
        """),
        "collections": table_of(COLLECTIONS)("""
            | collection_id | collection_name | status | channel |
            | do_1          | Reading         | Live   | north   |
        """),
    }
    content = table_of(CONTENT)("""
        | identifier | organisation | keywords   | createdfor | medium               | subject | lastupdatedon |
        | do_1       | ["Old"]      | []         |            |                      |         | 2025-01-01    |
        | do_1       | ["NCERT"]    | ["a", " "] | ["o1"]     | ["English", "Hindi"] |         | 2026-01-01    |
    """)
    found = summary_rows(spark, tables, content, day=DAY, computed_at=NOW).collect()
    return {(row.batch_id, row.state, row.district): row for row in found}


def counts(row):
    return tuple(row[name] for name in COUNTS)


def test_each_batch_has_a_row_per_place_and_every_active_learner_is_in_one(rows):
    assert {key: counts(row) for key, row in rows.items()} == {
        ("mixed", "Kerala", "Idukki"): (2, 2, 1, 1),
        ("mixed", "Kerala", "Kollam"): (1, 1, 0, 1),
        ("mixed", "Kerala", "unknown"): (1, 0, 1, -1),
        ("mixed", "unknown", "unknown"): (1, 0, 0, 0),
        ("plain", "Kerala", "Idukki"): (1, 1, 0, None),
        ("empty", "unknown", "unknown"): (0, 0, 0, 0),
        ("lost", "unknown", "unknown"): (0, 0, 0, None),
    }


def test_type_and_organisation_are_those_of_all_learners_of_the_row_or_none(rows):
    def kind(*key):
        row = rows[key]
        return row.org_name, row.user_type, row.user_sub_type

    assert kind("mixed", "Kerala", "Idukki") == ("North", None, None)
    assert kind("mixed", "Kerala", "Kollam") == ("South", "teacher", "hm")
    assert kind("mixed", "Kerala", "unknown") == ("North", None, None)
    assert kind("empty", "unknown", "unknown") == (None, None, None)


def test_a_collection_that_is_not_known_drops_no_batch(rows):
    lost, known = rows["lost", "unknown", "unknown"], rows["plain", "Kerala", "Idukki"]
    assert (lost.collection_id, lost.collection_name, lost.has_certificate) == (
        "do_gone",
        None,
        "N",
    )
    assert (known.collection_name, known.collection_status, known.channel) == (
        "Reading", "Live", "north",
    )  # fmt: skip
    assert (known.day, known.computed_at.replace(tzinfo=UTC)) == (DAY, NOW)


def test_lists_of_the_collection_are_those_of_the_row_changed_last(rows):
    row = rows["plain", "Kerala", "Idukki"]
    assert (row.content_org, row.keywords, row.created_for, row.medium, row.subject) == (
        '["NCERT"]', '["a"]', '["o1"]', '["English","Hindi"]', None,
    )  # fmt: skip
