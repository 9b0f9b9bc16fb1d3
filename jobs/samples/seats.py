"""Seats: a learner in a batch, how far they came, and the rows that the platform keeps of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from jobs.samples.attempts import Attempt, take_attempts
from jobs.samples.batches import BATCHES, BIG, Batch
from jobs.samples.consent_edges import CONSENTS
from jobs.samples.people import People

Row = dict[str, Any]


@dataclass
class Seat:
    """One learner in one batch."""

    batch: Batch
    user_id: str
    enrolled_at: datetime
    completed_at: datetime | None = None
    content_status: dict[str, int] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    is_active: bool = True
    certificate_id: str | None = None

    @property
    def completed(self) -> list[str]:
        return [content for content, status in self.content_status.items() if status == 2]

    @property
    def written_at(self) -> datetime:
        last = self.attempts[-1].attempted_at if self.attempts else self.enrolled_at
        return max(last, self.completed_at or last)


def make_seats(
    rng: np.random.Generator, people: People, learners: int, as_of: datetime
) -> list[Seat]:
    seats = [
        seat
        for batch in BATCHES
        for user_id in learners_of(rng, batch, people, learners)
        for seat in [take_seat(rng, batch, user_id, as_of)]
    ]
    # Those who left come on top of the big batch's own learners.
    stayed = {seat.user_id for seat in seats if seat.batch is BIG}
    others = [user_id for user_id in people.of_tenant[BIG.tenants[0]] if user_id not in stayed]
    for user_id in others[: max(1, learners // 250)]:
        gone = take_seat(rng, BIG, user_id, as_of)
        gone.is_active = False
        seats.append(gone)
    return seats


def learners_of(rng: np.random.Generator, batch: Batch, people: People, learners: int) -> list[str]:
    # The big batch has a learner whom the user table does not know, and those of every state of
    # consent: see the edges.
    wanted = batch.size(learners) - (1 + len(CONSENTS) if batch is BIG else 0)
    chosen: list[str] = []
    for number, tenant in enumerate(batch.tenants):
        pool = people.of_tenant[tenant]
        part = wanted // len(batch.tenants) + (number < wanted % len(batch.tenants))
        picks = rng.choice(len(pool), size=min(part, len(pool)), replace=False)
        chosen += [pool[int(pick)] for pick in picks]
    return chosen


def take_seat(rng: np.random.Generator, batch: Batch, user_id: str, as_of: datetime) -> Seat:
    last_day = min(0, batch.ends if batch.ends is not None else 0)
    span = max(1, last_day - batch.starts) * 86_400
    opens = as_of + timedelta(days=batch.starts)
    enrolled_at = opens + timedelta(seconds=int(rng.integers(span // 2)), milliseconds=123)
    seat = Seat(batch, user_id, enrolled_at)
    luck = rng.random()
    if luck < batch.finished:
        seat.content_status = dict.fromkeys(batch.course.leaf_nodes, 2)
        left = opens + timedelta(seconds=span) - enrolled_at
        seat.completed_at = enrolled_at + left * (0.3 + 0.7 * rng.random())
        seat.completed_at = seat.completed_at.replace(microsecond=0)
        if batch.has_template and rng.random() < 0.95:
            seat.certificate_id = str(uuid.UUID(bytes=rng.bytes(16), version=4))
    elif luck < batch.begun and batch.course.leaf_nodes:
        leaves = batch.course.leaf_nodes
        done = int(rng.integers(len(leaves)))
        seat.content_status = dict.fromkeys(leaves[:done], 2) | {leaves[done]: 1}
    if batch.is_assessed and seat.content_status:
        seat.attempts = take_attempts(
            rng, batch.course.assessments, seat.content_status, enrolled_at
        )
    return seat


def enrolment_row(seat: Seat) -> Row:
    total = max(1, len(seat.batch.course.leaf_nodes))
    done = len(seat.completed)
    kept = int(seat.user_id[0], 16) % 3  # the old column only, the new one only, or both
    certificates = [certificate(seat)] if seat.certificate_id else None
    is_old_list = seat.batch.certificate_list == "certificates"
    return {
        "userid": seat.user_id,
        "courseid": seat.batch.course.course_id,
        "batchid": seat.batch.batch_id,
        "active": seat.is_active,
        "enrolleddate": None if kept == 1 else old_instant(seat.enrolled_at),
        "enrolled_date": None if kept == 0 else seat.enrolled_at,
        "completedon": seat.completed_at,
        "status": 2 if seat.completed_at else 1 if seat.content_status else 0,
        "progress": done,
        "completionpercentage": 100 * done // total,
        "contentstatus": seat.content_status or None,
        "certificates": certificates if is_old_list else None,
        "issued_certificates": None if is_old_list else certificates,
        "lastreadcontentid": next(reversed(seat.content_status), None),
        "datetime": seat.written_at,
        "addedby": None,
    }


def old_instant(instant: datetime) -> str:
    """The instant as the platform's old text columns hold it: a colon before milliseconds."""
    return f"{instant:%Y-%m-%d %H:%M:%S}:{instant.microsecond // 1000:03}+0000"


def certificate(seat: Seat) -> dict[str, str]:
    identifier = seat.certificate_id or ""
    issued = seat.completed_at or seat.enrolled_at
    return {
        "identifier": identifier,
        "name": "Course completion certificate",
        "lastIssuedOn": issued.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "token": identifier[:6].upper(),
        "type": "TrainingCertificate",
        "templateUrl": f"https://content.example/certificates/{seat.batch.batch_id}.svg",
    }
