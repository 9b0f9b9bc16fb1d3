"""Each edge is in the tables that were written, read with no help from what wrote them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.samples.edges import FORMULAS, PLACES, Edge
from jobs.samples.writer import write_samples
from jobs.sources.cipher import decrypt, is_ciphertext
from tests.jobs.samples.more_edges import MORE_EDGES
from tests.jobs.samples.raw_lake import Lake, Row

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    home = tmp_path_factory.mktemp("edges")
    write_samples(home / "lake", home / "secrets", as_of=AS_OF, learners=300)
    return Lake(home)


def one(lake: Lake, edge: Edge) -> Row:
    [row] = lake.enrolments_of(edge)
    return row


def completed(row: Row) -> set[str]:
    return {content for content, status in row["contentstatus"] or [] if status == 2}


def optional(lake: Lake) -> set[str]:
    return set((lake.hierarchy_of(Edge.OPTIONAL_CONTENTS_ONLY) or {})["optionalnodes"])


def leaves(lake: Lake, edge: Edge) -> set[str]:
    return set(json.loads((lake.hierarchy_of(edge) or {})["hierarchy"])["leafNodes"])


def is_duplicate(lake: Lake) -> bool:
    rows = lake.enrolments_of(Edge.DUPLICATE_ENROLMENTS)
    latest = max(rows, key=lambda row: row["datetime"])
    return len(rows) == 3 and [row for row in rows if row == latest] == [latest]


def has_null_ids(lake: Lake) -> bool:
    return all(
        [
            any(r["userid"] is None for r in lake.enrolments),
            any(r["batchid"] is None for r in lake.enrolments),
            any(r["userid"] is None for r in lake.users),
            any(r["batchid"] is None for r in lake.batches),
            any(r["attempt_id"] is None for r in lake.attempts),
            any(r["user_id"] is None for r in lake.activity),
            any(r["userid"] == "" for r in lake.external_ids),
        ]
    )


def is_torn(lake: Lake) -> bool:
    try:
        json.loads((lake.hierarchy_of(Edge.COURSE_BROKEN_HIERARCHY) or {})["hierarchy"])
    except json.JSONDecodeError:
        return True
    return False


def is_undecryptable(lake: Lake) -> bool:
    phone = lake.user_of(Edge.PHONE_UNDECRYPTABLE)["phone"]
    with pytest.raises(ValueError, match="does not open"):
        decrypt(phone, key=lake.key, salt=lake.salt)
    return is_ciphertext(phone)


def is_prefix(lake: Lake) -> bool:
    short, long = PLACES[Edge.PREFIX_CONTENT_IDS].content_ids
    attempted = {row["content_id"] for row in lake.attempts_of(Edge.PREFIX_CONTENT_IDS)}
    course = leaves(lake, Edge.PREFIX_CONTENT_IDS)
    return long.startswith(short) and attempted == {long} and {short, long} <= course


def has_both_tenants(lake: Lake) -> bool:
    batch = PLACES[Edge.LEARNERS_OF_ANOTHER_TENANT].batch_ids[0]
    tenant = {row["userid"]: row["rootorgid"] for row in lake.users}
    found = {tenant.get(row["userid"]) for row in lake.enrolments if row["batchid"] == batch}
    return found == set(lake.batch_of(Edge.LEARNERS_OF_ANOTHER_TENANT)["createdfor"]) != 1


def is_unattempted(lake: Lake) -> bool:
    batch = PLACES[Edge.NOBODY_ATTEMPTED].batch_ids[0]
    has_learners = any(row["batchid"] == batch for row in lake.enrolments)
    return has_learners and not any(row["batch_id"] == batch for row in lake.attempts)


def has_only_activity(lake: Lake) -> bool:
    user = PLACES[Edge.ACTIVITY_ONLY].user_ids[0]
    rows = [row for row in lake.activity if row["user_id"] == user]
    counts = [json.loads(row["agg"])["completedCount"] for row in rows]
    return one(lake, Edge.ACTIVITY_ONLY)["contentstatus"] is None and 3 in counts


def is_in_cassandras_form(lake: Lake) -> bool:
    user = PLACES[Edge.AGGREGATES_IN_CASSANDRAS_FORM].user_ids[0]
    [row] = [row for row in lake.activity if row["user_id"] == user]
    return row["agg"] == "{'completedCount': 1}"


def points(lake: Lake, edge: Edge) -> list[tuple[float | None, float | None, str]]:
    rows = sorted(lake.attempts_of(edge), key=lambda row: row["last_attempted_on"])
    return [(row["total_score"], row["total_max_score"], row["grand_total"]) for row in rows]


def own_ids(lake: Lake) -> set[tuple[str, str]]:
    user = lake.user_of(Edge.EXTERNAL_IDS_SEVERAL)
    return {
        (row["externalid"], "own" if row["idtype"] == row["provider"] else row["idtype"])
        for row in lake.external_ids
        if row["userid"] == user["userid"] and row["provider"] == user["channel"]
    }


def enrolled_users(lake: Lake, edge: Edge) -> bool:
    place = PLACES[edge]
    return all(len(lake.enrolments_of(edge, n)) == 1 for n in range(len(place.user_ids)))


def dates(row: Row) -> tuple[Any, Any]:
    return row["enrolled_date"], row["enrolleddate"]


HOLDS: dict[Edge, Callable[[Lake], bool]] = MORE_EDGES | {
    Edge.DUPLICATE_ENROLMENTS: is_duplicate,
    Edge.NULL_IDS: has_null_ids,
    Edge.BATCH_WITHOUT_LEARNERS: lambda k: (
        bool(k.batch_of(Edge.BATCH_WITHOUT_LEARNERS))
        and not any(
            r["batchid"] == PLACES[Edge.BATCH_WITHOUT_LEARNERS].batch_ids[0] for r in k.enrolments
        )
    ),
    Edge.COURSE_WITHOUT_LEAF_NODES: lambda k: not leaves(k, Edge.COURSE_WITHOUT_LEAF_NODES),
    Edge.COURSE_BROKEN_HIERARCHY: is_torn,
    Edge.COURSE_MISSING_HIERARCHY: lambda k: k.hierarchy_of(Edge.COURSE_MISSING_HIERARCHY) is None,
    Edge.COURSE_RETIRED: lambda k: any(
        r["identifier"] == PLACES[Edge.COURSE_RETIRED].collection_id and r["status"] == "Retired"
        for r in k.contents
    ),
    Edge.LEARNER_WITHOUT_NAME: lambda k: (
        k.user_of(Edge.LEARNER_WITHOUT_NAME)["firstname"] is None
        and k.user_of(Edge.LEARNER_WITHOUT_NAME)["lastname"] is None
    ),
    Edge.LEARNER_WITHOUT_LAST_NAME: lambda k: (
        k.user_of(Edge.LEARNER_WITHOUT_LAST_NAME)["lastname"] == " "
    ),
    Edge.LEARNER_UNKNOWN: lambda k: (
        enrolled_users(k, Edge.LEARNER_UNKNOWN)
        and not {r["userid"] for r in k.users} & set(PLACES[Edge.LEARNER_UNKNOWN].user_ids)
    ),
    Edge.ENROLMENT_DATE_UNPARSABLE: lambda k: (
        dates(one(k, Edge.ENROLMENT_DATE_UNPARSABLE)) == (None, "yesterday")
    ),
    Edge.ENROLMENT_WITHOUT_DATE: lambda k: all(
        dates(k.enrolments_of(Edge.ENROLMENT_WITHOUT_DATE, n)[0]) == (None, None) for n in (0, 1)
    ),
    Edge.ENROLMENT_DATES_DISAGREE: lambda k: (
        one(k, Edge.ENROLMENT_DATES_DISAGREE)["enrolled_date"].strftime("%Y-%m-%d")
        > one(k, Edge.ENROLMENT_DATES_DISAGREE)["enrolleddate"]
    ),
    Edge.ENROLMENT_IN_THE_EVENING: lambda k: (
        one(k, Edge.ENROLMENT_IN_THE_EVENING)["enrolled_date"].strftime("%H:%M%z") == "20:00+0000"
    ),
    Edge.ENROLMENT_INACTIVE: lambda k: one(k, Edge.ENROLMENT_INACTIVE)["active"] is False,
    Edge.BATCH_DATES_DISAGREE: lambda k: (
        k.batch_of(Edge.BATCH_DATES_DISAGREE)["startdate"] == "2019-01-01"
        and k.batch_of(Edge.BATCH_DATES_DISAGREE)["start_date"].year == 2026
    ),
    Edge.BATCH_DATES_UNPARSABLE: lambda k: (
        k.batch_of(Edge.BATCH_DATES_UNPARSABLE)["startdate"] == "soon"
        and k.batch_of(Edge.BATCH_DATES_UNPARSABLE)["start_date"] is None
    ),
    Edge.OPTIONAL_CONTENTS_LEFT_OUT: lambda k: (
        completed(one(k, Edge.OPTIONAL_CONTENTS_LEFT_OUT))
        == leaves(k, Edge.OPTIONAL_CONTENTS_LEFT_OUT) - optional(k)
    ),
    Edge.OPTIONAL_CONTENTS_ONLY: lambda k: (
        completed(one(k, Edge.OPTIONAL_CONTENTS_ONLY)) == optional(k) != set()
    ),
    Edge.STALE_CONTENT: lambda k: (
        completed(one(k, Edge.STALE_CONTENT)) - leaves(k, Edge.STALE_CONTENT)
        == set(PLACES[Edge.STALE_CONTENT].content_ids)
    ),
    Edge.PREFIX_CONTENT_IDS: is_prefix,
    Edge.FORMULA_NAMES: lambda k: (
        [k.user_of(Edge.FORMULA_NAMES, n)["firstname"] for n in range(len(FORMULAS))] == [*FORMULAS]
    ),
    Edge.NAME_WITH_COMMA_QUOTE_NEWLINE: lambda k: (
        set(',"\n')
        <= set("".join(k.user_of(Edge.NAME_WITH_COMMA_QUOTE_NEWLINE)[c] for c in NAME_COLUMNS))
    ),
    Edge.PHONE_UNDECRYPTABLE: is_undecryptable,
    Edge.EMAIL_PLAIN: lambda k: "@" in k.user_of(Edge.EMAIL_PLAIN)["email"],
    Edge.BOARD_AS_LIST: lambda k: len(json.loads(k.user_of(Edge.BOARD_AS_LIST)["board"])) == 2,
    Edge.EXTERNAL_IDS_SEVERAL: lambda k: own_ids(k) == {("aa-1", "payroll"), ("zz-9", "own")},
    Edge.REQUESTER_WITHOUT_ADDRESS: lambda k: (
        k.user_of(Edge.REQUESTER_WITHOUT_ADDRESS)["email"] is None
        and PLACES[Edge.REQUESTER_WITHOUT_ADDRESS].user_ids[0]
        in k.batch_of(Edge.REQUESTER_WITHOUT_ADDRESS)["mentors"]
    ),
    Edge.REQUESTER_INACTIVE: lambda k: k.user_of(Edge.REQUESTER_INACTIVE)["status"] == 0,
    Edge.LEARNERS_OF_ANOTHER_TENANT: has_both_tenants,
    Edge.TENANT_WITH_A_NAMED_CHANNEL: lambda k: any(
        row["channel"] == "tejas-academy" != row["rootorgid"] for row in k.users
    ),
    Edge.NOBODY_ATTEMPTED: is_unattempted,
    Edge.SCORE_OF_7_IN_25: lambda k: points(k, Edge.SCORE_OF_7_IN_25) == [(7.0, 25.0, "7/25")],
    Edge.SCORE_OF_THREE_TENTHS: lambda k: (
        points(k, Edge.SCORE_OF_THREE_TENTHS) == [(0.30000000000000004, 0.3, "0.3/0.3")]
    ),
    Edge.MORE_POINTS_THAN_MAXIMUM: lambda k: (
        points(k, Edge.MORE_POINTS_THAN_MAXIMUM)[-1] == (12.0, 10.0, "12/10")
    ),
    Edge.GRAND_TOTAL_ONLY: lambda k: points(k, Edge.GRAND_TOTAL_ONLY) == [(None, None, "7/10")],
    Edge.ACTIVITY_ONLY: has_only_activity,
    Edge.AGGREGATES_IN_CASSANDRAS_FORM: is_in_cassandras_form,
    Edge.CERTIFICATES_IN_THE_OLD_LIST: lambda k: (
        bool(one(k, Edge.CERTIFICATES_IN_THE_OLD_LIST)["certificates"])
        and not one(k, Edge.CERTIFICATES_IN_THE_OLD_LIST)["issued_certificates"]
    ),
    Edge.COMPLETED_WITHOUT_CONTENT_STATUS: lambda k: (
        one(k, Edge.COMPLETED_WITHOUT_CONTENT_STATUS)["completedon"] is not None
        and one(k, Edge.COMPLETED_WITHOUT_CONTENT_STATUS)["contentstatus"] is None
    ),
}
NAME_COLUMNS = ("firstname", "lastname")


@pytest.mark.parametrize("edge", list(Edge), ids=lambda edge: edge.name.lower())
def test_edge_is_in_the_small_sunbird(lake: Lake, edge: Edge) -> None:
    assert HOLDS[edge](lake), edge.value


def test_each_learner_of_an_edge_is_enrolled_in_its_batch(lake: Lake) -> None:
    for edge, place in PLACES.items():
        if place.user_ids and not edge.name.startswith("REQUESTER"):
            assert lake.enrolments_of(edge), edge
