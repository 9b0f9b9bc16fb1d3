"""Each clean table from drawn raw rows."""

from datetime import date, datetime

import pytest
from pyspark.sql import functions as F

from jobs.contracts.learning import (
    ACTIVITY,
    ATTEMPTS,
    BATCHES,
    COLLECTIONS,
    ENROLMENTS,
)
from jobs.contracts.raw import (
    ASSESSMENT_AGGREGATOR,
    CONTENT,
    CONTENT_HIERARCHY,
    COURSE_BATCH,
    USER_ACTIVITY_AGG,
    USER_ENROLMENTS,
)
from jobs.sources.activity import activity, attempts
from jobs.sources.batches import batches
from jobs.sources.collections import collections
from jobs.sources.enrolments import enrolments
from jobs.sources.hierarchy import Kinds
from jobs.sources.keys import duplicates, first_of_key
from tests.tables import table_of, values

pytestmark = pytest.mark.usefixtures("spark")


def raw(contract, drawing=""):
    return table_of(contract)(drawing)


def rows_of(refined, contract):
    """The rows that stay: one per key, as they are written."""
    within = refined.rows.withColumn("bucket", F.lit(0))
    return first_of_key(within, contract, refined.best_first, within="bucket")


def test_new_date_column_wins_over_the_old_one_and_either_counts_as_a_date():
    made = enrolments(
        raw(
            USER_ENROLMENTS,
            """
            | userid | courseid | batchid | active | enrolled_date       | enrolleddate                 |
            | both   | do_1     | b1      | true   | 2021-07-02T00:00:00 | 2021-07-01 00:00:00:000+0000 |
            | old    | do_1     | b1      | true   |                     | 2021-07-01 00:00:00:000+0000 |
            | odd    | do_1     | b1      | true   |                     | 31-02-2021                   |
            | none   | do_1     | b1      | true   |                     |                              |
            """,
        ),
    )
    assert values(rows_of(made, ENROLMENTS), "has_enrolment_date", "enrolled_at", by="user_id") == {
        "both": (True, datetime(2021, 7, 2)),  # noqa: DTZ001 -- UTC, as Spark gives it
        "old": (True, datetime(2021, 7, 1)),  # noqa: DTZ001
        "odd": (True, None),
        "none": (False, None),
    }


def test_of_duplicate_enrolments_the_one_that_says_most_stays_and_the_rest_is_counted():
    made = enrolments(
        raw(
            USER_ENROLMENTS,
            """
            | userid | courseid | batchid | active | status | contentstatus    | completedon         |
            | asha   | do_1     | b1      | false  | 2      | {"a": 2, "b": 2} |                     |
            | asha   | do_1     | b1      | true   | 1      | {"a": 2}         |                     |
            | asha   | do_1     | b1      | true   | 2      | {"a": 2, "b": 2} | 2021-08-01T00:00:00 |
            """,
        ),
    )
    assert values(rows_of(made, ENROLMENTS), "is_active", "status", by="user_id") == {
        "asha": (True, 2)
    }
    twice = [tuple(row) for row in duplicates(made.rows, ENROLMENTS).collect()]
    assert twice == [("duplicate", "b1", "asha", 2)]


def test_enrolment_without_a_mark_is_active_only_where_the_source_has_no_such_column():
    drawn = raw(
        USER_ENROLMENTS,
        """
        | userid | courseid | batchid |
        | asha   | do_1     | b1      |
        """,
    )
    assert enrolments(drawn).rows.first()["is_active"] is False
    assert enrolments(drawn.drop("active")).rows.first()["is_active"] is True


def test_batch_days_are_days_in_india_and_odd_ones_are_null():
    made = batches(
        raw(
            COURSE_BATCH,
            """
            | courseid | batchid | start_date          | startdate  | enddate             | mentors | createdby |
            | do_1     | new     | 2021-06-30T18:30:00 | 2020-01-01 |                     | ["m1"]  | u1        |
            | do_1     | old     |                     | 2021-07-01 | 2021-07-31 23:59:59 |         |           |
            | do_1     | odd     |                     | 31-02-2021 | 0000-00-00          |         |           |
            """,
        ),
        timezone="Asia/Kolkata",
    )
    assert values(rows_of(made, BATCHES), "start_on", "end_on", "mentors", by="batch_id") == {
        "new": (date(2021, 7, 1), None, ["m1"]),
        "old": (date(2021, 7, 1), date(2021, 7, 31), None),
        "odd": (None, None, None),
    }


def test_aggregates_of_batches_are_merged_and_new_ones_win():
    made = activity(
        raw(
            USER_ACTIVITY_AGG,
            """
            | activity_type | activity_id | user_id | context_id | agg                   | aggregates                                |
            | Course        | do_1        | asha    | cb:b1      | {"completedCount": 1} | {"completedCount": 2.0, "score:q1": null} |
            | Course        | do_1        | ravi    | cb:b1      |                       |                                           |
            | Course        | do_1        | lata    | other:b1   | {"completedCount": 1} |                                           |
            """,
        )
    )
    assert values(rows_of(made, ACTIVITY), "aggregates", by="user_id") == {
        "asha": {"completedCount": 2.0},
        "ravi": {},
    }


def test_attempt_takes_its_points_from_the_text_total_where_it_has_none():
    made = attempts(
        raw(
            ASSESSMENT_AGGREGATOR,
            """
            | user_id | course_id | batch_id | content_id | attempt_id | total_score | total_max_score | grand_total |
            | asha    | do_1      | b1       | q1         | points     | 7           | 25              | 1/2         |
            | asha    | do_1      | b1       | q1         | text       |             |                 | 7.5/25      |
            | asha    | do_1      | b1       | q1         | odd        |             |                 | seven       |
            """,
        )
    )
    assert values(rows_of(made, ATTEMPTS), "score", "max_score", by="attempt_id") == {
        "points": (7.0, 25.0),
        "text": (7.5, 25.0),
        "odd": (None, None),
    }


def test_collections_join_the_hierarchy_with_what_content_says_of_them():
    made = collections(
        raw(
            CONTENT_HIERARCHY,
            """
            | identifier | hierarchy | optionalnodes |
            | do_1       | {"identifier": "do_1", "name": "Own", "children": [{"identifier": "a"}, {"identifier": "b"}]} | ["b"] |
            | do_broken  | {"identifier"                                                                                   |       |
            | do_blank   |                                                                                                 |       |
            """,
        ),
        raw(
            CONTENT,
            """
            | identifier | name   | status  | channel | contenttype |
            | do_1       | Course | Live    | org1    | Course      |
            | do_none    | Bare   | Retired | org1    | Course      |
            | do_video   | Video  | Live    | org1    | Resource    |
            """,
        ),
        kinds=Kinds(["Course"], ["Default"], [], [], []),
    )
    shown = ["collection_name", "status", "hierarchy_problem", "mandatory_nodes"]
    assert values(rows_of(made, COLLECTIONS), *shown, by="collection_id") == {
        "do_1": ("Course", "Live", None, ["a"]),
        "do_broken": (None, None, "its hierarchy is not valid JSON", []),
        "do_blank": (None, None, "it has no hierarchy", []),
        "do_none": ("Bare", "Retired", "it has no hierarchy", []),
    }
    assert rows_of(made, COLLECTIONS).drop("bucket").columns == COLLECTIONS.columns
