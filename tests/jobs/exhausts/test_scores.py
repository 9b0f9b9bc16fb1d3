import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from jobs.contracts.learning import ACTIVITY, ATTEMPTS, COLLECTIONS
from jobs.exhausts.progress import one_bucket
from jobs.exhausts.scores import percent_up, scores
from tests.tables import table_of, values

collections = table_of(COLLECTIONS)
activity = table_of(ACTIVITY)
attempts = table_of(ATTEMPTS)

COURSE = """
    | collection_id | assessments                                       |
    | do_1          | [{"id": "q1", "name": ""}, {"id": "q11", "name": ""}] |
"""

pytestmark = pytest.mark.usefixtures("spark")


def scores_of(attempted="", *, active="", best_score=True):
    made = scores(
        attempts(attempted),
        activity(active),
        collections(COURSE),
        best_score=best_score,
        cluster=one_bucket,
    )
    return values(made, "score_pct", "total_score_pct", by="user_id")


def test_seven_of_twenty_five_is_28_and_not_29_percent():
    assert scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 7     | 25        |
    """) == {"asha": ({"q1": 28}, 28)}


def test_three_tenths_three_times_of_nine_tenths_is_100_and_not_101_percent():
    assert scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 0.1   | 0.1       |
        | b1       | asha    | do_1          | q11        | 1          | 0.2   | 0.2       |
    """) == {"asha": ({"q1": 100, "q11": 100}, 100)}


def test_share_is_rounded_up():
    assert scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 1     | 3         |
    """) == {"asha": ({"q1": 34}, 34)}


def test_more_points_than_there_are_make_100():
    assert scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 12    | 10        |
    """) == {"asha": ({"q1": 100}, 100)}


def test_best_attempt_counts_by_its_share_and_latest_by_setting():
    drawn = """
        | batch_id | user_id | collection_id | content_id | attempt_id | attempted_at        | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 2021-07-01T00:00:00 | 3     | 5         |
        | b1       | asha    | do_1          | q1         | 2          | 2021-07-02T00:00:00 | 4     | 10        |
    """
    assert scores_of(drawn) == {"asha": ({"q1": 60}, 60)}
    assert scores_of(drawn, best_score=False) == {"asha": ({"q1": 40}, 40)}


def test_attempt_of_no_points_to_win_is_no_score():
    assert (
        scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 0     | 0         |
    """)
        == {}
    )


def test_content_that_is_no_assessment_of_the_course_is_left_out():
    assert scores_of("""
        | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
        | b1       | asha    | do_1          | q1         | 1          | 1     | 2         |
        | b1       | asha    | do_1          | q12        | 1          | 2     | 2         |
        | b1       | asha    | do_2          | q1         | 1          | 2     | 2         |
    """) == {"asha": ({"q1": 50}, 50)}


def test_attempts_of_another_batch_stay_there():
    made = scores(
        attempts("""
            | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
            | b1       | asha    | do_1          | q1         | 1          | 1     | 2         |
            | b2       | asha    | do_1          | q1         | 2          | 2     | 2         |
        """),
        activity(),
        collections(COURSE),
        best_score=True,
        cluster=one_bucket,
    )
    assert values(made, "score_pct", by="batch_id") == {"b1": {"q1": 50}, "b2": {"q1": 100}}


def test_platforms_aggregate_serves_where_no_attempt_is_held_by_the_whole_id():
    # q1 is a prefix of q11: the aggregates of one are not the other's.
    assert scores_of(
        active="""
            | batch_id | user_id | activity_type | activity_id | aggregates |
            | b1       | asha    | Course        | do_1        | {"score:q11": 7.0, "max_score:q11": 25.0, "max_score:q1": 4.0} |
        """
    ) == {"asha": ({"q11": 28}, 28)}


def test_attempt_wins_over_the_platforms_aggregate():
    assert scores_of(
        """
            | batch_id | user_id | collection_id | content_id | attempt_id | score | max_score |
            | b1       | asha    | do_1          | q1         | 1          | 1     | 2         |
        """,
        active="""
            | batch_id | user_id | activity_type | activity_id | aggregates |
            | b1       | asha    | Course        | do_1        | {"score:q1": 2.0, "max_score:q1": 2.0} |
        """,
    ) == {"asha": ({"q1": 50}, 50)}


POINTS = st.integers(0, 10**9)


@settings(max_examples=5)
@given(st.lists(st.tuples(POINTS, st.integers(1, 10**9)), min_size=1, max_size=200))
def test_percent_up_equals_exact_fractions(spark, pairs):
    frame = spark.createDataFrame(pairs, "won long, most long")
    actual = [row[0] for row in frame.select(percent_up(F.col("won"), F.col("most"))).collect()]

    assert actual == [math.ceil(Fraction(100 * min(won, most), most)) for won, most in pairs]
