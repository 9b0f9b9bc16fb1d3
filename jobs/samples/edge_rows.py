"""The rows of the edges: learners like all others but for the one thing that is odd."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from jobs.samples import certificate_edges
from jobs.samples.activity import activity_rows, in_cassandras_form
from jobs.samples.attempts import attempt, attempt_row
from jobs.samples.batches import BIG, EDGES, FINISHED, Batch
from jobs.samples.certificate_edges import CERTIFICATE_EDGES
from jobs.samples.consent_edges import CONSENTS, consent_rows, guardian_rows, user_of
from jobs.samples.courses import LANGUAGE, LONGER_ID, OPTIONAL_IDS, STALE_ID, content_id
from jobs.samples.edges import FORMULAS, Edge, learner
from jobs.samples.places import NORTH, schools
from jobs.samples.seats import Seat, certificate, enrolment_row, old_instant
from jobs.samples.staff import fixed_id

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Seal = Callable[[str], str]
TEST = content_id(2, 30)


@dataclass
class Case:
    """An odd learner: what is odd in the user's row, the enrolment's and the seat."""

    edge: Edge
    number: int = 1
    user: Row | None = field(default_factory=dict)
    enrolment: Row = field(default_factory=dict)
    done: tuple[str, ...] = (LANGUAGE.leaf_nodes[0],)
    points: tuple[tuple[str, float, float], ...] = ()
    batch: Batch = EDGES

    @property
    def user_id(self) -> str:
        return learner(self.edge, self.number)


def edge_rows(as_of: datetime, seal: Seal, seal_elsewhere: Seal) -> Rows:
    """The rows to add, by table; `seal_elsewhere` enciphers with a key of another platform."""
    rows: Rows = {
        table: []
        for table in (
            "users",
            "usr_external_identity",
            "user_enrolments",
            "assessment_aggregator",
            "user_activity_agg",
        )
    }
    noon = as_of.replace(hour=6, minute=30, second=0, microsecond=0) - timedelta(days=10)
    of_consent = (
        Case(edge, user=user_of(edge, as_of), done=(BIG.course.leaf_nodes[0],), batch=BIG)
        for edge in CONSENTS
    )
    of_certificates = (
        Case(
            edge,
            user=certificate_edges.user_of(edge),
            enrolment=certificate_edges.enrolment_of(edge, as_of),
            done=tuple(FINISHED.course.leaf_nodes),
            batch=FINISHED,
        )
        for edge in CERTIFICATE_EDGES
    )
    for case in (*cases(noon, seal_elsewhere), *of_consent, *of_certificates):
        seat = seat_of(case, noon)
        if case.user is not None:
            rows["users"].append(user_row(case, seal))
        rows["user_enrolments"].append(enrolment_row(seat) | both_dates(seat) | case.enrolment)
        rows["user_activity_agg"] += activity_of(case, seat)
        for taken in seat.attempts:
            row = attempt_row(seat.user_id, case.batch.course.course_id, case.batch.batch_id, taken)
            if case.edge is Edge.GRAND_TOTAL_ONLY:
                row |= {"total_score": None, "total_max_score": None}
            rows["assessment_aggregator"].append(row | answers_of(case.edge, row))
    rows["user_consent"] = consent_rows(as_of)
    rows["guardian_consent"] = guardian_rows(as_of)
    rows["usr_external_identity"] += several_external_ids()
    rows["user_enrolments"] += duplicates(rows["user_enrolments"])
    add_rows_without_ids(rows)
    return rows


def cases(noon: datetime, seal_elsewhere: Seal) -> Iterator[Case]:
    yield Case(Edge.DUPLICATE_ENROLMENTS)
    yield Case(Edge.LEARNER_WITHOUT_NAME, user={"firstname": None, "lastname": None})
    yield Case(Edge.LEARNER_WITHOUT_LAST_NAME, user={"firstname": "ಕಾವ್ಯ", "lastname": " "})
    yield Case(Edge.LEARNER_UNKNOWN, user=None)
    yield Case(Edge.LEARNER_UNKNOWN, 2, user=None, batch=BIG, done=(BIG.course.leaf_nodes[0],))
    undated = {"enrolled_date": None, "enrolleddate": None}
    yield Case(Edge.ENROLMENT_WITHOUT_DATE, enrolment=undated)
    yield Case(Edge.ENROLMENT_WITHOUT_DATE, 2, enrolment=undated, batch=BIG, done=())
    yield Case(
        Edge.ENROLMENT_DATE_UNPARSABLE,
        enrolment={"enrolled_date": None, "enrolleddate": "yesterday"},
    )
    yield Case(
        Edge.ENROLMENT_DATES_DISAGREE,
        enrolment={"enrolleddate": old_instant(noon - timedelta(days=400))},
    )
    evening = noon.replace(hour=20, minute=0)
    yield Case(
        Edge.ENROLMENT_IN_THE_EVENING,
        enrolment={"enrolled_date": evening, "enrolleddate": old_instant(evening)},
    )
    yield Case(Edge.ENROLMENT_INACTIVE, enrolment={"active": False})
    yield Case(Edge.OPTIONAL_CONTENTS_LEFT_OUT, done=tuple(LANGUAGE.mandatory_nodes))
    yield Case(Edge.OPTIONAL_CONTENTS_ONLY, done=OPTIONAL_IDS)
    yield Case(Edge.STALE_CONTENT, done=(LANGUAGE.leaf_nodes[0], STALE_ID))
    yield Case(Edge.PREFIX_CONTENT_IDS, done=(LONGER_ID,), points=((LONGER_ID, 4.5, 10.0),))
    for number, formula in enumerate(FORMULAS, 1):
        yield Case(Edge.FORMULA_NAMES, number, user={"firstname": formula, "lastname": None})
    yield Case(
        Edge.NAME_WITH_COMMA_QUOTE_NEWLINE,
        user={"firstname": 'Rao, "Bobby"', "lastname": "Line\nBreak"},
    )
    yield Case(Edge.PHONE_UNDECRYPTABLE, user={"phone": seal_elsewhere("5000099999")})
    yield Case(Edge.EMAIL_PLAIN, user={"email": "plain.address@mail.example"})
    yield Case(Edge.BOARD_AS_LIST, user={"board": '["CBSE", "State (Suryanagar)"]'})
    yield Case(Edge.EXTERNAL_IDS_SEVERAL)
    yield Case(Edge.SCORE_OF_7_IN_25, done=(TEST,), points=((TEST, 7.0, 25.0),))
    # The platform adds the questions' points in binary: 0.30000000000000004.
    yield Case(Edge.SCORE_OF_THREE_TENTHS, done=(TEST,), points=((TEST, 0.1 + 0.1 + 0.1, 0.3),))
    yield Case(
        Edge.MORE_POINTS_THAN_MAXIMUM,
        done=(TEST,),
        points=((TEST, 6.0, 10.0), (TEST, 12.0, 10.0)),
    )
    yield Case(Edge.GRAND_TOTAL_ONLY, done=(TEST,), points=((TEST, 7.0, 10.0),))
    yield Case(
        Edge.ACTIVITY_ONLY,
        enrolment={"contentstatus": None, "progress": None},
        done=tuple(LANGUAGE.leaf_nodes[:3]),
    )
    yield Case(Edge.AGGREGATES_IN_CASSANDRAS_FORM)
    for edge in (
        Edge.ANSWERS_ARCHIVED, Edge.ANSWERS_OF_ANOTHER_BATCH, Edge.ARCHIVE_ROW_MISPLACED,
    ):  # fmt: skip
        yield Case(edge)
    for edge in (Edge.ANSWERS_ARCHIVED_AND_LIVE, Edge.ANSWERS_TORN, Edge.ANSWERS_MISSING):
        yield Case(edge, done=(TEST,), points=((TEST, 5.0, 10.0),))
    yield Case(
        Edge.ANSWERS_OF_TWO_SETS,
        done=(TEST, LONGER_ID),
        points=((TEST, 5.0, 10.0), (LONGER_ID, 4.0, 10.0)),
    )
    completed = {"completedon": noon + timedelta(days=3), "status": 2}
    yield Case(
        Edge.CERTIFICATES_IN_THE_OLD_LIST, enrolment=completed, done=tuple(LANGUAGE.leaf_nodes)
    )
    yield Case(
        Edge.COMPLETED_WITHOUT_CONTENT_STATUS,
        enrolment=completed | {"contentstatus": None},
        done=(),
    )


def answers_of(edge: Edge, row: Row) -> Row:
    """What is odd in an attempt's answers."""
    odd: dict[Edge, Row] = {
        Edge.ANSWERS_TORN: {"question": row["question"][:90]},
        Edge.ANSWERS_MISSING: {"question": None},
        Edge.ANSWERS_OF_TWO_SETS: {"attempt_id": fixed_id("one attempt of two sets")},
    }
    return odd.get(edge, {})


def seat_of(case: Case, noon: datetime) -> Seat:
    seat = Seat(case.batch, case.user_id, noon, content_status=dict.fromkeys(case.done, 2))
    seat.attempts = [
        attempt(case.user_id, content, noon + timedelta(hours=hours), score, points)
        for hours, (content, score, points) in enumerate(case.points, 1)
    ]
    if case.edge is Edge.SCORE_OF_THREE_TENTHS:
        seat.attempts = [replace(taken, grand_total="0.3/0.3") for taken in seat.attempts]
    if case.edge is Edge.CERTIFICATES_IN_THE_OLD_LIST:
        seat.certificate_id = case.user_id
        case.enrolment |= {"certificates": [certificate(seat)], "issued_certificates": None}
    return seat


def both_dates(seat: Seat) -> Row:
    return {"enrolled_date": seat.enrolled_at, "enrolleddate": old_instant(seat.enrolled_at)}


def activity_of(case: Case, seat: Seat) -> list[Row]:
    rows = activity_rows(seat)
    if case.edge is Edge.AGGREGATES_IN_CASSANDRAS_FORM:
        return [in_cassandras_form(row) for row in rows]
    return rows


def user_row(case: Case, seal: Seal) -> Row:
    school = schools()[0]
    known: Row = {
        "userid": case.user_id,
        "firstname": "Edge",
        "lastname": case.edge.name.replace("_", " ").title(),
        "username": f"edge-{case.edge.name.lower()}-{case.number}",
        "email": seal(f"{case.edge.name.lower()}.{case.number}@mail.example"),
        "phone": seal(f"50000{case.number:05}"),
        "rootorgid": NORTH.org_id,
        "orgname": NORTH.name,
        "channel": NORTH.channel,
        "state": school.state,
        "district": school.district,
        "block": school.block,
        "cluster": school.cluster,
        "schoolname": school.name,
        "schooludisecode": school.udise_code,
        "board": '["CBSE"]',
        "usertype": "teacher",
        "status": 1,
        "roles": [{"role": "PUBLIC", "scope": None}],
    }
    return known | (case.user or {})


def several_external_ids() -> list[Row]:
    of_learner = {"userid": learner(Edge.EXTERNAL_IDS_SEVERAL), "provider": NORTH.channel}
    return [
        of_learner | {"externalid": "aa-1", "idtype": "payroll", "originalexternalid": "AA-1"},
        of_learner | {"externalid": "zz-9", "idtype": NORTH.channel, "originalexternalid": "ZZ-9"},
    ]


def duplicates(enrolments: list[Row]) -> list[Row]:
    twice = next(r for r in enrolments if r["userid"] == learner(Edge.DUPLICATE_ENROLMENTS))
    later = {
        "contentstatus": dict.fromkeys(LANGUAGE.leaf_nodes[:5], 2),
        "progress": 5,
        "datetime": twice["datetime"] + timedelta(days=2),
    }
    return [twice | later, dict(twice)]


def add_rows_without_ids(rows: Rows) -> None:
    enrolment, activity = rows["user_enrolments"][0], rows["user_activity_agg"][0]
    rows["user_enrolments"] += [enrolment | {"userid": None}, enrolment | {"batchid": None}]
    rows["users"].append(rows["users"][0] | {"userid": None})
    rows["user_activity_agg"].append(activity | {"user_id": None})
    rows["assessment_aggregator"].append(rows["assessment_aggregator"][0] | {"attempt_id": None})
    rows["usr_external_identity"].append(rows["usr_external_identity"][0] | {"userid": None})
