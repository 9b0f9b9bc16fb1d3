"""Attempts that a person took out: out of the scores, and out of the platform's own figures."""

import pytest

from jobs.contracts.learning import ACTIVITY, ATTEMPTS
from jobs.contracts.repairs import INVALID_ATTEMPT, SCORE_CORRECTION
from jobs.sources.corrections import TAKEN_OUT, with_corrected_scores, without_invalid
from jobs.sources.raw import Refined
from tests.tables import table_of

HELD = """
    | batch_id | user_id | collection_id | content_id | attempt_id | attempted_at     | score | max_score |
    | b1       | asha    | do_1          | quiz       | 1          | 2026-11-01T06:00 | 1     | 2         |
    | b1       | asha    | do_1          | quiz       | 2          | 2026-11-02T06:00 | 2     | 2         |
    | b1       | ravi    | do_1          | quiz       | 2          |                  |       |           |
    | b2       | asha    | do_1          | quiz       | 2          | 2026-11-02T06:00 | 2     | 2         |
"""


def refined(rows, source, kept_out=()):
    left = rows.sparkSession.createDataFrame(
        list(kept_out), "reason string, batch_id string, user_id string"
    )
    return Refined(rows, [], {source: left})


def left_and_out(drawing):
    held = refined(
        table_of(ATTEMPTS)(HELD), "assessment_aggregator", [("missing_attempt_id", "b1", "")]
    )
    found = without_invalid(held, table_of(INVALID_ATTEMPT)(drawing))
    left = {(row.batch_id, row.user_id, row.attempt_id) for row in found.rows.collect()}
    return left, sorted(map(tuple, found.kept_out["assessment_aggregator"].collect()))


def test_only_the_very_attempt_goes_and_is_counted_among_the_rows_kept_out(spark):
    left, out = left_and_out("""
        | batch_id | user_id | content_id | attempt_id | attempted_at     | score | max_score |
        | b1       | asha    | quiz       | 2          | 2026-11-02T06:00 | 2     | 2         |
        | b1       | ravi    | quiz       | 2          |                  |       |           |
        | b9       | asha    | quiz       | 1          | 2026-11-01T06:00 | 1     | 2         |
    """)
    assert left == {("b1", "asha", "1"), ("b2", "asha", "2")}
    assert out == [
        ("missing_attempt_id", "b1", ""),
        (TAKEN_OUT, "b1", "asha"),
        (TAKEN_OUT, "b1", "ravi"),
    ]


@pytest.mark.parametrize(
    "since",
    ["2026-11-03T06:00 | 2 | 2", "2026-11-02T06:00 | 1 | 2", "2026-11-02T06:00 | 2 | 3"],
    ids=["at another time", "with other points", "of more points"],
)
def test_attempt_that_the_platform_has_otherwise_by_now_counts(spark, since):
    left, _ = left_and_out(f"""
        | batch_id | user_id | content_id | attempt_id | attempted_at | score | max_score |
        | b1       | asha    | quiz       | 2          | {since} |
    """)
    assert ("b1", "asha", "2") in left


def aggregates(corrections, held):
    drawn = table_of(ACTIVITY)(f"""
        | batch_id | user_id | activity_type | activity_id | aggregates |
        | b1       | asha    | Course        | do_1        | {held}     |
        | b1       | asha    | course-unit   | do_1        | {held}     |
        | b1       | meena   | Course        | do_1        | {held}     |
    """)
    found = with_corrected_scores(
        refined(drawn, "user_activity_agg"), table_of(SCORE_CORRECTION)(corrections)
    )
    rows = {(row.user_id, row.activity_type): row.aggregates for row in found.rows.collect()}
    assert len(rows) == 3
    assert rows["meena", "Course"] == rows["asha", "course-unit"]
    return rows["asha", "Course"], rows["meena", "Course"]


HEADER = (
    "| batch_id | user_id | course_id | content_id | score_before | max_score_before"
    " | attempts_before | score | max_score | attempts |\n"
)
OF_ASHA = HEADER + "| b1 | asha | do_1 | quiz | 2 | 2 | 2 | 1 | 2 | 1 |"
NONE_LEFT = HEADER + "| b1 | asha | do_1 | quiz | 2 | 2 | 2 |   |   | 0 |"
FIGURES = '{"completedCount": 3.0, "score:quiz": 2.0, "max_score:quiz": 2.0, "attempts_count:quiz": 2.0, "score:other": 1.0}'


def test_the_learners_figures_are_those_of_valid_attempts_and_nobody_elses_change(spark):
    corrected, of_another = aggregates(OF_ASHA, FIGURES)
    assert corrected == of_another | {"score:quiz": 1.0, "attempts_count:quiz": 1.0}


def test_without_a_valid_attempt_nothing_is_told(spark):
    corrected, _ = aggregates(NONE_LEFT, FIGURES)
    assert corrected == {"completedCount": 3.0, "score:other": 1.0}


def test_figures_that_were_written_since_stand(spark):
    corrected, of_another = aggregates(
        OF_ASHA, FIGURES.replace('count:quiz": 2.0', 'count:quiz": 3.0')
    )
    assert corrected == of_another


@pytest.mark.parametrize(("held", "told"), [(2.0, 1.0), (1.5, 1.5)], ids=["as it was", "since"])
def test_platform_that_counts_no_attempts_is_known_by_its_score(spark, held, told):
    corrected, _ = aggregates(OF_ASHA, f'{{"score:quiz": {held}, "max_score:quiz": 2.0}}')
    assert corrected["score:quiz"] == told
