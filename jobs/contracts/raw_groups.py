"""Groups as the groups service answers, flattened: a table of members, one of activities."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, TEXT

GROUPS = Contract(
    name="groups",
    grain="one row per group",
    key=("id",),
    fields=(
        Field("id", TEXT, "the group", required=True),
        Field("name", TEXT, "its name"),
        Field("status", TEXT, "active, suspended or inactive (deleted)"),
    ),
)

GROUP_MEMBER = Contract(
    name="group_member",
    grain="one row per member of a group",
    key=("groupid", "userid"),
    fields=(
        Field("groupid", TEXT, "the group", required=True),
        Field("userid", TEXT, "the member", required=True),
        Field("role", TEXT, "admin or member"),
        Field("status", TEXT, "active or inactive (left or removed)"),
        Field("createdby", TEXT, "the user who added the member"),
        Field("removedon", INSTANT, "when removed"),
    ),
)

GROUP_ACTIVITY_RAW = Contract(
    name="group_activity",
    grain="one row per activity of a group",
    key=("groupid", "id", "type"),
    fields=(
        Field("groupid", TEXT, "the group", required=True),
        Field("id", TEXT, "the activity: a course or another content", required=True),
        Field("type", TEXT, "Course, Explanation Content, ...", required=True),
    ),
)

RAW_GROUP_TABLES = {
    contract.name: contract for contract in (GROUPS, GROUP_MEMBER, GROUP_ACTIVITY_RAW)
}
