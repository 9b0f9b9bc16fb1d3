"""Whether the edges of certificates are in the small Sunbird."""

from collections.abc import Callable

from jobs.samples.edges import PLACES, Edge
from tests.jobs.samples.raw_lake import Lake, Row


def enrolment(lake: Lake, edge: Edge) -> Row:
    (row,) = lake.enrolments_of(edge)
    return row


def listed(lake: Lake, edge: Edge) -> list[Row]:
    return [dict(one) for one in enrolment(lake, edge)["issued_certificates"] or []]


def registered(lake: Lake, edge: Edge) -> list[Row]:
    rows = lake.parquet(lake.folder / "certificate_registry")
    return [row for row in rows if row["userid"] == PLACES[edge].user_ids[0]]


def is_missed(lake: Lake, edge: Edge) -> bool:
    row = enrolment(lake, edge)
    is_completed = row["status"] == 2 and row["completedon"] is not None
    return is_completed and not row["certificates"] and not listed(lake, edge)


def has_failure(lake: Lake) -> bool:
    rows = lake.parquet(lake.folder / "certificate_issue_failure")
    users = {row["user_id"] for row in rows if row["error"]}
    edge = Edge.CERTIFICATE_ISSUE_FAILED
    return is_missed(lake, edge) and users == {PLACES[edge].user_ids[0]}


CERTIFICATE_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.CERTIFICATE_MISSED: lambda k: is_missed(k, Edge.CERTIFICATE_MISSED),
    Edge.CERTIFICATE_ISSUE_FAILED: has_failure,
    Edge.CERTIFICATE_IN_OTHER_LETTERS: lambda k: (
        listed(k, Edge.CERTIFICATE_IN_OTHER_LETTERS)[0]["name"].split()
        == ["COURSE", "completion", "Certificate"]
        and bool(registered(k, Edge.CERTIFICATE_IN_OTHER_LETTERS))
    ),
    Edge.CERTIFICATE_WITHOUT_ID: lambda k: (
        listed(k, Edge.CERTIFICATE_WITHOUT_ID)[0]["identifier"] == ""
    ),
    Edge.CERTIFICATE_UNREGISTERED: lambda k: (
        bool(listed(k, Edge.CERTIFICATE_UNREGISTERED))
        and not registered(k, Edge.CERTIFICATE_UNREGISTERED)
    ),
    Edge.CERTIFICATE_REVOKED: lambda k: (
        is_missed(k, Edge.CERTIFICATE_REVOKED)
        and registered(k, Edge.CERTIFICATE_REVOKED)[0]["status"] == "REVOKED"
    ),
    Edge.CERTIFICATE_OF_1970: lambda k: (
        enrolment(k, Edge.CERTIFICATE_OF_1970)["completedon"].year == 1970
    ),
    Edge.CERTIFICATE_DATE_MISSING: lambda k: (
        enrolment(k, Edge.CERTIFICATE_DATE_MISSING)["status"] == 2
        and enrolment(k, Edge.CERTIFICATE_DATE_MISSING)["completedon"] is None
    ),
    Edge.CERTIFICATE_STATUS_MISSING: lambda k: (
        enrolment(k, Edge.CERTIFICATE_STATUS_MISSING)["status"] == 1
        and enrolment(k, Edge.CERTIFICATE_STATUS_MISSING)["completedon"] is not None
    ),
    Edge.CERTIFICATE_OF_UNMARKED: lambda k: (
        enrolment(k, Edge.CERTIFICATE_OF_UNMARKED)["active"] is None
    ),
    Edge.CERTIFICATE_OF_NAMELESS: lambda k: (
        is_missed(k, Edge.CERTIFICATE_OF_NAMELESS)
        and k.user_of(Edge.CERTIFICATE_OF_NAMELESS)["firstname"] is None
    ),
}
