from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from jobs.contracts.learning import ACTIVITY, ATTEMPTS, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.exhausts.progress import percent_half_up, progress
from tests.tables import table_of, values

enrolments = table_of(ENROLMENTS)
learners = table_of(LEARNERS)
collections = table_of(COLLECTIONS)
activity = table_of(ACTIVITY)
attempts = table_of(ATTEMPTS)

COURSE = """
    | collection_id | mandatory_nodes   | modules | assessments |
    | do_1          | ["a","b","c","d"] | []      | []          |
"""

pytestmark = pytest.mark.usefixtures("spark")


def progress_of(enrolled, *, users="", course=COURSE, active="", attempted="", best_score=True):
    return progress(
        enrolments(enrolled),
        learners(users),
        collections(course),
        activity(active),
        attempts(attempted),
        timezone="Asia/Kolkata",
        best_score=best_score,
    )


def one(frame, column):
    (row,) = frame.select(column).collect()
    return row[0]


def enrolled(statuses="", *, completed_at="", status="", collection_id="do_1"):
    return f"""
        | batch_id | user_id | collection_id   | is_active | has_enrolment_date | enrolled_at         | completed_at   | status   | content_status |
        | b1       | asha    | {collection_id} | true      | true               | 2021-07-01T00:00:00 | {completed_at} | {status} | {statuses}     |
    """


def test_progress_is_the_share_of_mandatory_contents_half_up():
    course = """
        | collection_id | mandatory_nodes                   | modules | assessments |
        | do_1          | ["a","b","c","d","e","f","g","h"] | []      | []          |
    """
    actual = progress_of(enrolled('{"a": 2}'), course=course)

    assert one(actual, "progress_pct") == 13  # 12.5


def test_content_that_left_the_course_does_not_count():
    actual = progress_of(enrolled('{"a": 2, "gone": 2, "gone_too": 2}'))

    assert one(actual, "progress_pct") == 25


def test_optional_contents_leave_numerator_and_denominator():
    # Two of ten contents are optional: all eight others make 100, and the optional ones nothing.
    course = """
        | collection_id | leaf_nodes             | mandatory_nodes | modules | assessments |
        | do_1          | ["a","b","opt1","opt2"] | ["a","b"]      | []      | []          |
    """
    actual = progress_of(enrolled('{"a": 2, "opt1": 2, "opt2": 2}'), course=course)

    assert one(actual, "progress_pct") == 50


def test_contents_begun_but_not_completed_do_not_count():
    actual = progress_of(enrolled('{"a": 1, "b": 2}'))

    assert one(actual, "progress_pct") == 25


def test_completion_date_makes_progress_100_whatever_the_contents_say():
    actual = progress_of(enrolled('{"a": 2}', completed_at="2021-08-01T00:00:00"))

    assert one(actual, "progress_pct") == 100
    assert one(actual, "stage") == "completed"


def test_course_without_leaf_nodes_gives_0_and_not_100():
    course = """
        | collection_id | mandatory_nodes | modules | assessments |
        | do_1          | []              | []      | []          |
    """
    actual = progress_of(enrolled('{"a": 2}'), course=course)

    assert one(actual, "progress_pct") == 0
    assert one(actual, "stage") == "in_progress"


def test_unreadable_hierarchy_gives_no_progress_at_all():
    course = """
        | collection_id | hierarchy_problem  | mandatory_nodes | modules | assessments |
        | do_1          | it is not readable | []              | []      | []          |
    """
    assert one(progress_of(enrolled('{"a": 2}'), course=course), "progress_pct") is None


def test_course_that_is_not_there_gives_no_progress_but_keeps_the_learner():
    actual = progress_of(enrolled('{"a": 2}', collection_id="do_missing"))

    assert one(actual, "progress_pct") is None
    assert one(actual, "user_id") == "asha"


def test_learner_missing_from_the_user_table_stays_with_blanks():
    actual = progress_of(enrolled('{"a": 2}'))

    assert values(actual, "is_known", "user_name", "progress_pct", by="user_id") == {
        "asha": (False, None, 25)
    }


def test_learner_known_to_the_user_table_carries_its_attributes():
    users = """
        | user_id | user_name | district | external_id |
        | asha    | Asha Rao  | Guntur   | AP-1        |
    """
    actual = progress_of(enrolled(), users=users)

    assert values(actual, "is_known", "user_name", "district", "external_id", by="user_id") == {
        "asha": (True, "Asha Rao", "Guntur", "AP-1")
    }


def test_those_left_out_stay_in_the_table_with_the_reason():
    actual = progress_of("""
        | batch_id | user_id | collection_id | is_active | has_enrolment_date |
        | b1       | left    | do_1          | false     | true               |
        | b1       | undated | do_1          | true      | false              |
        | b1       | asha    | do_1          | true      | true               |
    """)

    assert values(actual, "left_out_reason", by="user_id") == {
        "left": "left_batch",
        "undated": "no_enrolment_date",
        "asha": None,
    }


def test_days_are_days_in_india():
    actual = progress_of("""
        | batch_id | user_id | collection_id | is_active | has_enrolment_date | enrolled_at         | completed_at        |
        | b1       | asha    | do_1          | true      | true               | 2019-11-15T20:00:00 | 2019-11-16T18:29:59 |
    """)

    assert values(actual, "enrolled_on", "completed_on", by="user_id") == {
        "asha": (date(2019, 11, 16), date(2019, 11, 16))
    }


def test_stage_says_how_far_the_learner_is():
    actual = progress_of("""
        | batch_id | user_id   | collection_id | is_active | has_enrolment_date | status | content_status |
        | b1       | untouched | do_1          | true      | true               |        |                |
        | b1       | listed    | do_1          | true      | true               | 0      | {"a": 0}       |
        | b1       | opened    | do_1          | true      | true               | 0      | {"a": 1}       |
        | b1       | started   | do_1          | true      | true               | 1      |                |
        | b1       | finished  | do_1          | true      | true               | 1      | {"a": 2, "b": 2, "c": 2, "d": 2} |
        | b1       | stale     | do_1          | true      | true               | 1      | {"a": 2, "b": 2, "c": 2, "gone": 2} |
    """)

    assert values(actual, "stage", by="user_id") == {
        "untouched": "not_started",
        "listed": "not_started",
        "opened": "in_progress",
        "started": "in_progress",
        "finished": "completed",
        "stale": "in_progress",
    }


MODULES = """
    | collection_id | mandatory_nodes | assessments | modules |
    | do_1          | ["a","b","c"]   | []          | [{"id": "m1", "name": "One", "mandatory_nodes": ["a", "b", "c"]}, {"id": "m2", "name": "Two", "mandatory_nodes": []}] |
"""


def test_each_nested_collection_has_its_own_percent_even_when_nobody_began():
    begun = progress_of(enrolled('{"a": 2}'), course=MODULES)
    untouched = progress_of(enrolled(), course=MODULES)

    assert one(begun, "module_progress") == {"m1": 33, "m2": 0}
    assert one(untouched, "module_progress") == {"m1": 0, "m2": 0}


def test_nested_collection_takes_the_platforms_count_where_it_holds_no_contents():
    active = """
        | batch_id | user_id | activity_type | activity_id | aggregates              |
        | b1       | asha    | Course        | m1          | {"completedCount": 2.0} |
        | b2       | asha    | Course        | m1          | {"completedCount": 3.0} |
    """
    actual = progress_of(enrolled(), course=MODULES, active=active)

    assert one(actual, "module_progress") == {"m1": 67, "m2": 0}


def test_nested_collection_trusts_the_contents_over_a_count_that_is_too_high():
    active = """
        | batch_id | user_id | activity_type | activity_id | aggregates              |
        | b1       | asha    | Course        | m1          | {"completedCount": 9.0} |
    """
    actual = progress_of(enrolled('{"a": 2}'), course=MODULES, active=active)

    assert one(actual, "module_progress") == {"m1": 33, "m2": 0}


def test_certificate_counts_in_either_list():
    actual = progress_of("""
        | batch_id | user_id | collection_id | is_active | has_enrolment_date | certificates           |
        | b1       | asha    | do_1          | true      | true               | [{"identifier": "c1"}] |
        | b1       | ravi    | do_1          | true      | true               | []                     |
    """)

    assert values(actual, "has_certificate", by="user_id") == {"asha": True, "ravi": False}


@settings(max_examples=5)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=200))
def test_percent_half_up_equals_exact_fractions(spark, pairs):
    frame = spark.createDataFrame(pairs, "part int, whole int")
    actual = [
        row[0] for row in frame.select(percent_half_up(F.col("part"), F.col("whole"))).collect()
    ]

    expected = [
        0 if whole == 0 else (2 * 100 * min(part, whole) + whole) // (2 * whole)
        for part, whole in pairs
    ]
    assert actual == expected
