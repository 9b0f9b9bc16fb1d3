"""The portal's shape: one entry per member, nulls survive, whole numbers are whole."""

from datetime import UTC, datetime

from jobs.contracts.groups import GROUP_ACTIVITY, GROUP_ACTIVITY_MEMBER
from jobs.groups.response import response

AT = datetime(2026, 2, 2, tzinfo=UTC)
GROUP = dict.fromkeys(GROUP_ACTIVITY.columns) | {
    "group_id": "g1", "activity_id": "do_1", "activity_type": "Course", "enrolment_count": 1,
    "completed_count": 1,
}  # fmt: skip
NOBODY = dict.fromkeys(GROUP_ACTIVITY_MEMBER.columns) | {
    "user_id": "ravi", "completed_count": 0, "progress_pct": 0,
}  # fmt: skip
ASHA = NOBODY | {
    "user_id": "asha", "role": "admin", "status": "active", "created_by": "meena", "batch_id": "b1",
    "completed_count": 4, "progress_pct": 100, "score_pct": 80, "last_updated_at": AT,
    "aggregates": {"score:q": 8.5, "max_score:q": 10.0, "completedCount": 4.0},
}  # fmt: skip


def test_answer_has_the_shape_that_the_lms_answers_with():
    scored = GROUP | {"mean_score_pct": 80.0, "best_score_pct": 80, "last_updated_at": AT}
    at = 1769990400000
    assert response(scored, [ASHA], {"asha": "Asha Rao"}) == {
        "groupId": "g1",
        "activity": {
            "id": "do_1",
            "type": "Course",
            "agg": [
                {"metric": "enrolmentCount", "value": 1, "lastUpdatedOn": at},
                {"metric": "completedCount", "value": 1, "lastUpdatedOn": at},
                {"metric": "meanScore", "value": 80, "lastUpdatedOn": at},
                {"metric": "bestScore", "value": 80, "lastUpdatedOn": at},
            ],
        },
        "members": [
            {
                "name": "Asha Rao",
                "userId": "asha",
                "role": "admin",
                "status": "active",
                "createdBy": "meena",
                "batchId": "b1",
                "agg": [
                    {"metric": "completedCount", "value": 4, "lastUpdatedOn": at},
                    {"metric": "progress", "value": 100, "lastUpdatedOn": at},
                    {"metric": "score", "value": 80, "lastUpdatedOn": at},
                    {"metric": "max_score:q", "value": 10, "lastUpdatedOn": at},
                    {"metric": "score:q", "value": 8.5, "lastUpdatedOn": at},
                ],
            }
        ],
    }


def test_members_without_figures_are_there_with_zeros_and_without_a_time():
    answer = response(GROUP, [NOBODY, ASHA], {})
    assert [one["userId"] for one in answer["members"]] == ["asha", "ravi"]
    assert answer["members"][1]["agg"] == [
        {"metric": "completedCount", "value": 0, "lastUpdatedOn": None},
        {"metric": "progress", "value": 0, "lastUpdatedOn": None},
    ]
    assert response(GROUP, [], {})["members"] == []
