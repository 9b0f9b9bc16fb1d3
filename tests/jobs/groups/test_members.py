"""Members of groups and their figures: once each, of one batch, whatever the platform lacks."""

import pytest
from pyspark.sql import functions as F

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ACTIVITY, COLLECTIONS
from jobs.contracts.raw_groups import GROUP_ACTIVITY_RAW, GROUP_MEMBER, GROUPS
from jobs.groups.members import aggregated_score_pct, group_activity_member
from jobs.groups.watched import Watched
from jobs.sources.groups import roster
from jobs.storage.metric_queries import run_metric
from tests.tables import table_of

GROUPS_DRAWN = """
    | id    | status   |
    | g1    | active   |
    | g2    |          |
    | gone  | inactive |
    |       | active   |
"""
MEMBERS_DRAWN = """
    | groupid | userid | role   | status   | createdby | removedon  |
    | g1      | asha   | admin  | active   | asha      |            |
    | g1      | asha   | member | active   | asha      |            |
    | g1      | ravi   | member |          | asha      |            |
    | g1      | meena  | member | active   | asha      |            |
    | g1      | left   | member | inactive | asha      |            |
    | g1      | thrown | member |          | asha      | 2026-01-01 |
    | g1      | back   | member | active   | asha      | 2026-01-01 |
    | gone    | asha   | member | active   |           |            |
    | nowhere | asha   | member | active   |           |            |
    | g1      |        | member | active   |           |            |
"""
ACTIVITIES_DRAWN = """
    | groupid | id      | type                |
    | g1      | do_1    | Course              |
    | g1      | do_1    | Course              |
    | g1      | do_unit | Explanation Content |
    | g1      | do_free | Resource            |
    | g2      | do_1    | Course              |
    | nowhere | do_1    | Course              |
"""
COLLECTIONS_DRAWN = """
    | collection_id | mandatory_nodes          | modules                                                                         |
    | do_1          | ["a", "b", "c", "d"]     | [{"id": "do_unit", "name": "Unit", "mandatory_nodes": ["a", "b", "c"]}] |
"""
# asha is in two batches, ravi's every time is missing, meena left hers, back is enrolled only.
PROGRESS_DRAWN = """
    | batch_id | user_id | collection_id | left_out_reason | stage       | progress_pct | total_score_pct |
    | b1       | asha    | do_1          |                 | completed   | 100          | 80              |
    | b2       | asha    | do_1          |                 | in_progress | 25           | 20              |
    | b1       | ravi    | do_1          |                 | in_progress | 50           |                 |
    | b1       | meena   | do_1          | left_batch      | in_progress | 75           | 90              |
    | b1       | back    | do_1          |                 | in_progress | 75           | 61              |
    | b1       | other   | do_1          |                 | completed   | 100          | 100             |
"""
ACTIVITY_DRAWN = """
    | batch_id | user_id | activity_type | activity_id | aggregates                                                          | last_updated_at |
    | b1       | asha    | Course        | do_1        | {"completedCount": 4.0, "score:q": 8.0, "max_score:q": 10.0}              | 2026-02-02      |
    | b2       | asha    | Course        | do_1        | {"completedCount": 1.0}                                               | 2026-02-01      |
    | b1       | ravi    | Course        | do_1        | {"completedCount": 2.0}                                               |                 |
    | b1       | meena   | Course        | do_1        | {"completedCount": 3.0}                                               | 2026-03-01      |
    | b1       | ravi    | course-unit   | do_unit     | {"completedCount": 2.0, "score:q": 7.0, "max_score:q": 25.0, "score:x": 9.0}              |                 |
    | b9       | meena   | Other         | do_free     |                                                                     |                 |
"""


@pytest.fixture(scope="module")
def drawn(spark):
    watched = Watched()
    made = roster(
        table_of(GROUPS)(GROUPS_DRAWN),
        table_of(GROUP_MEMBER)(MEMBERS_DRAWN),
        table_of(GROUP_ACTIVITY_RAW)(ACTIVITIES_DRAWN),
        watch=watched.watch,
    )
    members = group_activity_member(
        made.members,
        made.activities,
        table_of(PROGRESS)(PROGRESS_DRAWN),
        table_of(ACTIVITY)(ACTIVITY_DRAWN),
        table_of(COLLECTIONS)(COLLECTIONS_DRAWN),
    ).localCheckpoint()
    views = {"activities": made.activities, "group_activity_member": members}
    groups = run_metric(spark, "groups/group_activity", views, {})
    return (
        {(row.group_id, row.activity_id, row.user_id): row for row in members.collect()},
        {(row.group_id, row.activity_id): row for row in groups.collect()},
        {(row.source_table, row.reason): row.row_count for row in made.kept_out.collect()}
        | {("group_member", reason): n for reason, n in watched.counts().items()},
    )


def figures(row):
    return (row.batch_id, row.is_completed, row.completed_count, row.progress_pct, row.score_pct)


def test_each_member_is_there_once_per_activity_and_who_left_the_group_is_not(drawn):
    members, _, _ = drawn
    assert sorted(members) == [
        ("g1", activity, user)
        for activity in ("do_1", "do_free", "do_unit")
        for user in ("asha", "back", "meena", "ravi")
    ]
    asha = members["g1", "do_1", "asha"]
    assert (asha.role, asha.status, asha.created_by, asha.activity_type) == (
        "admin", "active", "asha", "Course",
    )  # fmt: skip


def test_figures_are_those_of_one_batch_that_the_learner_is_in_and_was_last_seen_in(drawn):
    members, _, _ = drawn
    asha = members["g1", "do_1", "asha"]
    assert (figures(asha), asha.batch_count) == (("b1", True, 4, 100, 80), 2)
    meena = members["g1", "do_1", "meena"]
    assert (figures(meena), meena.is_enrolled) == ((None, False, 0, 0, None), False)


def test_a_member_without_figures_or_times_has_zeros_or_what_the_enrolment_tells(drawn):
    members, _, _ = drawn
    ravi = members["g1", "do_1", "ravi"]
    assert (figures(ravi), ravi.last_updated_at) == (("b1", False, 2, 50, None), None)
    # The platform has no row of it: three of four contents.
    back = members["g1", "do_1", "back"]
    assert (figures(back), back.aggregates) == (("b1", False, 3, 75, 61), None)


def test_an_activity_of_any_type_has_figures_and_null_maps_are_survived(drawn):
    members, _, _ = drawn
    # 7 of 25 are 28 percent, and 2 of 3 contents 67.
    assert figures(members["g1", "do_unit", "ravi"]) == ("b1", False, 2, 67, 28)
    meena = members["g1", "do_free", "meena"]
    assert (figures(meena), meena.is_enrolled) == (("b9", False, 0, None, None), True)


def test_a_group_is_the_sum_of_its_members_and_one_without_any_is_there(drawn):
    _, groups, _ = drawn
    assert {
        key: (row.member_count, row.enrolment_count, row.completed_count, row.scored_count,
              row.mean_score_pct, row.best_score_pct)
        for key, row in groups.items()
    } == {
        ("g1", "do_1"): (4, 3, 1, 2, 70.5, 80),
        ("g1", "do_unit"): (4, 1, 0, 1, 28.0, 28),
        ("g1", "do_free"): (4, 1, 0, 0, None, None),
        ("g2", "do_1"): (0, 0, 0, 0, None, None),
    }  # fmt: skip
    assert str(groups["g1", "do_1"].last_updated_at)[:10] == "2026-02-02"
    assert groups["g1", "do_free"].last_updated_at is None


def test_rows_that_cannot_be_used_are_named_and_counted(drawn):
    _, _, kept_out = drawn
    assert kept_out == {
        ("groups", "missing_id"): 1,
        ("group_member", "missing_userid"): 1,
        ("group_member", "unknown_group"): 1,
        ("group_member", "duplicate"): 1,
        ("group_activity", "unknown_group"): 1,
        ("group_activity", "duplicate"): 1,
    }


def test_a_score_of_the_platforms_figures_is_exact_at_any_points(spark):
    points = (
        spark.range(0, 121)
        .selectExpr("id / 10 AS won")
        .crossJoin(spark.range(0, 41).selectExpr("id / 10 AS possible"))
    )
    scored = points.withColumn(
        "aggregates", F.expr("map('score:q', won, 'max_score:q', possible, 'attempts_count:q', 3D)")
    ).select("won", "possible", aggregated_score_pct().alias("score_pct"))
    wrong = [
        row
        for row in scored.collect()
        if row.score_pct != rounded_up(round(row.won * 10), round(row.possible * 10))
    ]
    assert wrong == []


def rounded_up(won, possible):
    return -(-min(won, possible) * 100 // possible) if possible else None
