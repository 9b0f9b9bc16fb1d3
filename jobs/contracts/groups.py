"""How far the members of a group are in each of its activities."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DOUBLE, INSTANT, INTEGER, LONG, TEXT, map_of

GROUP_ACTIVITY_MEMBER = Contract(
    name="group_activity_member",
    grain="one row per group, activity and member, those without any progress among them",
    key=("group_id", "activity_type", "activity_id", "user_id"),
    source="group_member, group_activity, groups, progress, activity",
    fields=(
        Field("group_id", TEXT, "the group", required=True),
        Field("activity_type", TEXT, "what the group calls it: Course, ...", required=True),
        Field("activity_id", TEXT, "the activity", required=True),
        Field("user_id", TEXT, "the member", required=True),
        Field("role", TEXT, "admin or member"),
        Field("status", TEXT, "the member's status in the group"),
        Field("created_by", TEXT, "the user who added the member"),
        Field("is_enrolled", BOOLEAN, "whether anything is known of the member", required=True),
        Field(
            "batch_id", TEXT, "the batch that the figures are of",
            null_means="the member is in no batch of it",
        ),
        Field("batch_count", INTEGER, "batches of it that the member is known in", required=True),
        Field("is_completed", BOOLEAN, "whether the member completed it", required=True),
        Field("completed_count", LONG, "contents completed", required=True, unit="contents"),
        Field(
            "progress_pct", INTEGER, "contents completed, in percent, half up", at_least=0,
            at_most=100, unit="%", null_means="enrolled, and nobody knows of how many contents",
        ),
        Field(
            "score_pct", INTEGER, "best attempts of all self-assessments, in percent, rounded up",
            at_least=0, at_most=100, unit="%", null_means="no attempt",
        ),
        Field("aggregates", map_of(TEXT, DOUBLE), "the platform's figures of that batch"),
        Field("last_updated_at", INSTANT, "when the platform's figures last changed"),
    ),
)  # fmt: skip

GROUP_ACTIVITY = Contract(
    name="group_activity",
    grain="one row per group and activity, those without members among them",
    key=("group_id", "activity_type", "activity_id"),
    source="group_activity_member",
    freshness="every hour",
    fields=(
        Field("group_id", TEXT, "the group", required=True),
        Field("activity_type", TEXT, "what the group calls it: Course, ...", required=True),
        Field("activity_id", TEXT, "the activity", required=True),
        Field("member_count", LONG, "members", required=True, at_least=0, unit="members"),
        Field(
            "enrolment_count", LONG, "members who are in a batch of it or have figures in it",
            required=True, at_least=0, unit="members",
        ),
        Field(
            "completed_count", LONG, "members who completed it", required=True, at_least=0,
            unit="members",
        ),
        Field(
            "scored_count", LONG, "members with a score", required=True, at_least=0,
            unit="members",
        ),
        Field(
            "mean_score_pct", DOUBLE, "the mean of their scores", at_least=0, at_most=100,
            unit="%", null_means="no member attempted a self-assessment",
        ),
        Field(
            "best_score_pct", INTEGER, "the best of their scores", at_least=0, at_most=100,
            unit="%", null_means="no member attempted a self-assessment",
        ),
        Field(
            "last_updated_at", INSTANT, "when the platform's figures of any member last changed",
            null_means="never, or nobody noted it",
        ),
    ),
)  # fmt: skip

GROUP_TABLES = {GROUP_ACTIVITY_MEMBER.name: GROUP_ACTIVITY_MEMBER}
