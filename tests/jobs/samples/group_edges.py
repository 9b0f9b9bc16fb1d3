"""Edges of groups, and of enrolments and scores that could be mended."""

import json
from collections import Counter

from jobs.samples.batches import FOREIGN, SOUTHERN
from jobs.samples.edges import PLACES, Edge, learner
from jobs.samples.groups import CLASS, EMPTY, TEACHERS, UNKNOWN


def is_unnoted(lake) -> bool:
    [enrolment] = lake.enrolments_of(Edge.COMPLETION_UNNOTED)
    user = PLACES[Edge.COMPLETION_UNNOTED].user_ids[0]
    consumed = [row for row in lake.consumption if row["userid"] == user]
    columns = {bool(row["last_completed_time"]) for row in consumed}
    return (
        enrolment["completedon"] is None
        and {row["contentid"] for row in consumed} == {key for key, _ in enrolment["contentstatus"]}
        and columns == {True, False}
    )


def has_too_many(lake) -> bool:
    attempts = lake.attempts_of(Edge.ANSWERS_TOO_MANY)
    totals = {row["identifier"]: row["totalquestions"] for row in lake.contents}
    held = sorted(len(json.loads(row["question"])) for row in attempts)
    return held == [2, 3] and {totals[row["content_id"]] for row in attempts} == {2}


def is_in_two(lake) -> bool:
    seats = Counter(
        row["userid"]
        for row in lake.enrolments
        if row["batchid"] in (SOUTHERN.batch_id, FOREIGN.batch_id)
    )
    return any(seats[user] == 2 for user in users_of(lake, TEACHERS))


def users_of(lake, group_id) -> list[str]:
    return [row["userid"] for row in lake.members if row["groupid"] == group_id]


GROUP_EDGES = {
    Edge.COMPLETION_UNNOTED: is_unnoted,
    Edge.ANSWERS_TOO_MANY: has_too_many,
    Edge.GROUP_MEMBER_LEFT: lambda k: any(
        row["userid"] == learner(Edge.GROUP_MEMBER_LEFT) and row["removedon"] for row in k.members
    ),
    Edge.GROUP_MEMBER_OF_TWO_BATCHES: is_in_two,
    Edge.GROUP_MEMBER_TWICE: lambda k: max(Counter(users_of(k, CLASS)).values()) == 2,
    Edge.GROUP_WITHOUT_MEMBERS: lambda k: (
        not users_of(k, EMPTY) and EMPTY in {row["groupid"] for row in k.group_activities}
    ),
    Edge.GROUP_UNKNOWN: lambda k: (
        bool(users_of(k, UNKNOWN)) and UNKNOWN not in {row["id"] for row in k.groups}
    ),
}
