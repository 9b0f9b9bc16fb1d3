"""The twelve batches of the small Sunbird, each with the share of all learners that it holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from jobs.samples.courses import (
    EMPTY,
    LANGUAGE,
    MATHEMATICS,
    MISSING,
    READING,
    RETIRED,
    SCIENCE,
    TORN,
    WELLBEING,
    Course,
)
from jobs.samples.places import NAMED, NORTH, SOUTH, Tenant
from jobs.samples.staff import (
    CREATOR,
    FORMER_MENTOR,
    MENTOR_BIG,
    MENTOR_NAMED,
    MENTOR_OF_CUSTODIAN,
    MENTOR_SOUTH,
    MENTOR_TWO,
    MENTOR_WITHOUT_ADDRESS,
)
from jobs.samples.templates import templates_of

UPCOMING, ONGOING, ENDED = 0, 1, 2


@dataclass(frozen=True)
class Batch:
    """A batch: its days are counted from `as_of`, `share` is of all learners.

    `finished` and `begun` are the parts of its learners who completed it and who began it.
    """

    batch_id: str
    course: Course
    name: str
    share: float
    starts: int
    ends: int | None
    mentors: tuple[str, ...]
    tenants: tuple[Tenant, ...] = (NORTH,)
    created_by: str = CREATOR
    finished: float = 0.25
    begun: float = 0.7
    is_assessed: bool = True
    has_template: bool = False
    certificate_list: str = "issued_certificates"

    @property
    def status(self) -> int:
        if self.ends is not None and self.ends < 0:
            return ENDED
        return ONGOING if self.starts <= 0 else UPCOMING

    def size(self, learners: int) -> int:
        return max(2, round(self.share * learners)) if self.share else 0


def batch_id(number: int) -> str:
    return f"01315028{number:011}"


UNKNOWN_BATCH_ID = batch_id(99)

BIG = Batch(
    batch_id(1),
    READING,
    "Reading, all districts",
    0.40,
    -45,
    30,
    (MENTOR_BIG, MENTOR_OF_CUSTODIAN),
    has_template=True,
)
EDGES = Batch(batch_id(2), LANGUAGE, "भाषा शिक्षण 2026", 0.06, -30, 45, (MENTOR_TWO, FORMER_MENTOR))
FINISHED = Batch(
    batch_id(3),
    MATHEMATICS,
    'Mathematics, "spring" round',
    0.10,
    -120,
    -20,
    (MENTOR_TWO,),
    finished=0.7,
    begun=0.95,
    has_template=True,
)
WITHOUT_LEARNERS = Batch(batch_id(4), READING, "Reading, next round", 0, 10, 70, (MENTOR_BIG,))
SOUTHERN = Batch(
    batch_id(5), SCIENCE, "அறிவியல்", 0.07, -20, None, (MENTOR_SOUTH,), (SOUTH,), MENTOR_SOUTH
)
FOREIGN = Batch(
    batch_id(6),
    SCIENCE,
    "Science for both states",
    0.08,
    -25,
    20,
    (MENTOR_SOUTH, MENTOR_TWO),
    (SOUTH, NORTH),
    MENTOR_SOUTH,
)
NOT_ATTEMPTED = Batch(
    batch_id(7),
    LANGUAGE,
    "Language, tests not yet open",
    0.012,
    -5,
    60,
    (MENTOR_WITHOUT_ADDRESS,),
    finished=0,
    is_assessed=False,
)
OF_EMPTY_COURSE = Batch(
    batch_id(8), EMPTY, "First contents to come", 0.008, -3, 90, (MENTOR_BIG,), finished=0, begun=0
)
OF_TORN_COURSE = Batch(batch_id(9), TORN, "Torn hierarchy", 0.008, -15, 40, (MENTOR_TWO,))
OF_MISSING_COURSE = Batch(batch_id(10), MISSING, "No hierarchy", 0.008, -15, 40, (MENTOR_TWO,))
OF_RETIRED_COURSE = Batch(
    batch_id(11), RETIRED, "Digital Basics", 0.016, -300, -200, (MENTOR_TWO,), finished=0.6
)
OF_NAMED_TENANT = Batch(
    batch_id(12),
    WELLBEING,
    "Well-being",
    0.06,
    -90,
    -10,
    (MENTOR_NAMED,),
    (NAMED,),
    MENTOR_NAMED,
    finished=0.5,
    has_template=True,
    certificate_list="certificates",
)
BATCHES = (
    BIG,
    EDGES,
    FINISHED,
    WITHOUT_LEARNERS,
    SOUTHERN,
    FOREIGN,
    NOT_ATTEMPTED,
    OF_EMPTY_COURSE,
    OF_TORN_COURSE,
    OF_MISSING_COURSE,
    OF_RETIRED_COURSE,
    OF_NAMED_TENANT,
)
# In the table twice over: the old text column says something else, or nothing that is a day.
DATES_DISAGREE = SOUTHERN
DATES_UNPARSABLE = OF_MISSING_COURSE
# What the platform's own status job left behind.
STATUS_BEHIND = OF_NAMED_TENANT
STATUS_MISSING = NOT_ATTEMPTED
START_MOVED = WITHOUT_LEARNERS
WITHOUT_START = OF_TORN_COURSE


def batch_rows(as_of: datetime) -> list[dict[str, Any]]:
    rows = [batch_row(batch, as_of) for batch in BATCHES]
    return [*rows, rows[0] | {"batchid": None, "name": "Batch without an id"}]


def batch_row(batch: Batch, as_of: datetime) -> dict[str, Any]:
    day = as_of.date()
    starts = day + timedelta(days=batch.starts)
    ends = None if batch.ends is None else day + timedelta(days=batch.ends)
    made = datetime.combine(starts - timedelta(days=7), time(6, 30), UTC)
    is_old = int(batch.batch_id) % 3 == 0
    row: dict[str, Any] = {
        "courseid": batch.course.course_id,
        "batchid": batch.batch_id,
        "name": batch.name,
        "startdate": starts.isoformat(),
        "enddate": ends.isoformat() if ends else None,
        "enrollmentenddate": None,
        # 18:30Z is midnight in India: the platform holds the first instant of the day there.
        "start_date": None if is_old else midnight_in_india(starts),
        "end_date": None if is_old or not ends else midnight_in_india(ends),
        "enrollment_enddate": None,
        "status": batch.status,
        "enrollmenttype": "open",
        "createdby": batch.created_by,
        "createdfor": [tenant.org_id for tenant in batch.tenants],
        "mentors": list(batch.mentors),
        "cert_templates": templates_of(batch.batch_id, has_usual=batch.has_template),
        "createddate": made.strftime("%Y-%m-%d %H:%M:%S:000+0000"),
        "created_date": None if is_old else made,
        "updateddate": None,
        "updated_date": None if is_old else made + timedelta(days=1),
        "description": None,
    }
    if batch is DATES_DISAGREE:
        row["startdate"] = "2019-01-01"
    if batch is DATES_UNPARSABLE:
        row |= {"startdate": "soon", "enddate": "31-02-2026", "start_date": None, "end_date": None}
    if batch is STATUS_BEHIND or batch is START_MOVED:
        row["status"] = ONGOING
    if batch is STATUS_MISSING:
        row["status"] = None
    if batch is WITHOUT_START:
        row |= {"startdate": None, "start_date": None}
    return row


def midnight_in_india(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) - timedelta(hours=5, minutes=30)
