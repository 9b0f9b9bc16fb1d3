"""Whether the edges of consent are in the small Sunbird."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from jobs.samples.edges import PLACES, Edge
from tests.jobs.samples.raw_lake import Lake, Row

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def consents(lake: Lake, edge: Edge) -> list[Row]:
    rows = lake.json_lines(lake.folder / "user_consent")
    return [row for row in rows if row["user_id"] == PLACES[edge].user_ids[0]]


def consent(lake: Lake, edge: Edge) -> Row:
    (row,) = consents(lake, edge)
    return row


def has_guardian(lake: Lake, edge: Edge) -> bool:
    rows = lake.parquet(lake.folder / "guardian_consent")
    return any(row["user_id"] == PLACES[edge].user_ids[0] and row["verified_on"] for row in rows)


def is_minor(lake: Lake, edge: Edge) -> bool:
    born_on = date.fromisoformat(lake.user_of(edge)["dob"])
    return AS_OF.date() - born_on < timedelta(days=18 * 365)


def asks(lake: Lake, edge: Edge) -> bool:
    (course,) = [r for r in lake.contents if r["identifier"] == PLACES[edge].collection_id]
    return course["userconsent"] == "Yes"


CONSENT_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.CONSENT_NEVER_GIVEN: lambda k: (
        asks(k, Edge.CONSENT_NEVER_GIVEN) and not consents(k, Edge.CONSENT_NEVER_GIVEN)
    ),
    Edge.CONSENT_WITHDRAWN: lambda k: consent(k, Edge.CONSENT_WITHDRAWN)["status"] == "REVOKED",
    Edge.CONSENT_EXPIRED: lambda k: (
        datetime.fromisoformat(consent(k, Edge.CONSENT_EXPIRED)["expiry"]) < AS_OF
    ),
    Edge.CONSENT_WITHOUT_EXPIRY: lambda k: (
        consent(k, Edge.CONSENT_WITHOUT_EXPIRY)["expiry"] is None
    ),
    Edge.CONSENT_WITHOUT_STATUS: lambda k: (
        consent(k, Edge.CONSENT_WITHOUT_STATUS)["status"] is None
    ),
    Edge.CONSENT_IN_SMALL_LETTERS: lambda k: (
        consent(k, Edge.CONSENT_IN_SMALL_LETTERS)["status"] == "active"
    ),
    Edge.CONSENT_FOR_ANOTHER_ORGANISATION: lambda k: (
        consent(k, Edge.CONSENT_FOR_ANOTHER_ORGANISATION)["consumer_id"]
        != k.user_of(Edge.CONSENT_FOR_ANOTHER_ORGANISATION)["rootorgid"]
    ),
    Edge.CONSENT_FOR_ANOTHER_COURSE: lambda k: (
        consent(k, Edge.CONSENT_FOR_ANOTHER_COURSE)["object_id"]
        != PLACES[Edge.CONSENT_FOR_ANOTHER_COURSE].collection_id
    ),
    Edge.MINOR_WITHOUT_GUARDIAN: lambda k: (
        is_minor(k, Edge.MINOR_WITHOUT_GUARDIAN)
        and not has_guardian(k, Edge.MINOR_WITHOUT_GUARDIAN)
    ),
    Edge.MINOR_WITH_GUARDIAN: lambda k: (
        is_minor(k, Edge.MINOR_WITH_GUARDIAN) and has_guardian(k, Edge.MINOR_WITH_GUARDIAN)
    ),
    Edge.STUDENT_WITHOUT_BIRTHDAY: lambda k: (
        (k.user_of(Edge.STUDENT_WITHOUT_BIRTHDAY)["usertype"],
         k.user_of(Edge.STUDENT_WITHOUT_BIRTHDAY)["dob"]) == ("student", None)
    ),
    Edge.REQUESTER_OF_THE_CUSTODIAN: lambda k: (
        k.user_of(Edge.REQUESTER_OF_THE_CUSTODIAN)["rootorgid"]
        in (k.folder / "system_settings" / "part-00000.csv").read_text()
    ),
    Edge.COURSE_WITHOUT_CONSENT: lambda k: not asks(k, Edge.COURSE_WITHOUT_CONSENT),
}  # fmt: skip
