"""Whose personal data may be shared: judged when a file is built and again when it is sent.

One learner's consent is active, not expired, of this collection and for this organisation, and a
minor's guardian agreed too: everything else leaves the learner out, each case under its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

ACTIVE = "active"
NO_CONSENT = "no_consent"
WITHDRAWN = "consent_withdrawn"
EXPIRED = "consent_expired"
# A consent that does not say until when cannot be shown to be unexpired.
ENDLESS = "consent_without_expiry"
MINOR = "minor"
MINOR_WITHOUT_GUARDIAN = "minor_without_guardian"
REASONS = (NO_CONSENT, WITHDRAWN, EXPIRED, ENDLESS, MINOR, MINOR_WITHOUT_GUARDIAN)

# `guardian`: a minor is in the file where a guardian agreed; `never`: none is; `own_consent`: a
# minor's own consent is enough, for tenants whose law says so.
Minors = Literal["guardian", "never", "own_consent"]
ADULT_AGE = 18
STUDENT = "student"
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
NEEDED = ("user_id", "born_on", "user_type")


@dataclass(frozen=True)
class Consents:
    """What learners agreed to, of one collection and for one organisation, as it stands now.

    `standing` holds a user's reason, or None, with the day of the consent and whether a guardian
    agreed; who is not in it never agreed.
    """

    standing: Mapping[str, tuple[str | None, date | None, bool]]
    minors: Minors
    today: date

    def judged(self, learners: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
        """For each row why its learner is left out, NULL where not, and the day of the consent."""
        nobody = (NO_CONSENT, None, False)
        found = [self.standing.get(id, nobody) for id in learners.column("user_id").to_pylist()]
        reason = pa.array([one[0] for one in found], pa.string())
        days = pa.array([one[1] for one in found], pa.date32())
        if self.minors == "own_consent":
            return reason, days
        agreed = pa.array([one[2] and self.minors == "guardian" for one in found], pa.bool_())
        barred = pc.and_(is_minor(learners, self.today), pc.invert(agreed))
        why = MINOR_WITHOUT_GUARDIAN if self.minors == "guardian" else MINOR
        return pc.if_else(pc.and_(pc.is_null(reason), barred), why, reason), days


def is_minor(learners: pa.RecordBatch, today: date) -> pa.Array:
    """By the day of birth; where none is known, who is a student counts as one."""
    born_on = learners.column("born_on")
    by_birth = pc.greater(born_on, pa.scalar(adult_if_born_by(today), pa.date32()))
    # A day of birth that is still to come tells nothing.
    is_told = pc.less_equal(born_on, pa.scalar(today, pa.date32()))
    is_told = pc.fill_null(is_told, False)
    user_type = pc.utf8_lower(pc.utf8_trim_whitespace(learners.column("user_type")))
    by_type = pc.equal(user_type, STUDENT)
    return pc.if_else(is_told, pc.fill_null(by_birth, False), pc.fill_null(by_type, False))


def adult_if_born_by(today: date) -> date:
    """Who was born on this day or before is of age today."""
    year = today.year - ADULT_AGE
    # Eighteen years before a leap year is none.
    is_leap_day = (today.month, today.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day else date(year, today.month, today.day)


def consents_of(
    held: pa.Table,
    withdrawals: Mapping[str, datetime],
    *,
    minors: Minors,
    now: datetime,
    timezone: tzinfo,
) -> Consents:
    """The consents of one collection for one organisation: rows of the table `consents`.

    `withdrawals` are those noted here, which count before the platform knows of them.
    """
    rows = in_order(held)
    ids = rows.column("user_id").to_pylist()
    given = rows.column("updated_at").to_pylist()
    days = [moment and moment.astimezone(timezone).date() for moment in given]
    reasons = reasons_of(rows, now).to_pylist()
    guardians = guardian_agrees(rows, now).to_pylist()
    # Of several rows of a learner, the last one stays.
    standing = dict(zip(ids, zip(reasons, days, guardians, strict=True), strict=True))
    given_at = dict(zip(ids, given, strict=True)) if withdrawals else {}
    for id in withdrawals.keys() & standing.keys():
        # Who agreed anew after it agrees.
        if given_at[id] is None or given_at[id] <= withdrawals[id]:
            standing[id] = (WITHDRAWN, *standing[id][1:])
    return Consents(standing, minors, now.astimezone(timezone).date())


def in_order(held: pa.Table) -> pa.Table:
    """The rows with the newest last; the "no" last where two are as new, or one has no time.

    An organisation may be named by its id and by its channel, so that a learner has two rows.
    """
    is_active = pc.fill_null(pc.equal(held.column("status"), ACTIVE), False)
    unclear = pc.and_(pc.is_null(held.column("updated_at")), pc.invert(is_active))
    keys = pa.table(
        [
            unclear.cast(pa.int8()),
            pc.fill_null(held.column("updated_at"), pa.scalar(LONG_AGO, pa.timestamp("us", "UTC"))),
            is_active.cast(pa.int8()),
        ],
        names=["unclear", "updated_at", "is_active"],
    )
    order = [("unclear", "ascending"), ("updated_at", "ascending"), ("is_active", "descending")]
    return held.take(pc.sort_indices(keys, sort_keys=order))


def reasons_of(rows: pa.Table, now: datetime) -> pa.ChunkedArray:
    """Why each consent does not serve; NULL where it does."""
    status, expires_at = rows.column("status"), rows.column("expires_at")
    instant = pa.scalar(now, expires_at.type)
    is_active = pc.equal(status, ACTIVE)
    return pc.case_when(
        pc.make_struct(
            pc.is_null(status),
            pc.invert(pc.fill_null(is_active, False)),
            pc.is_null(expires_at),
            pc.fill_null(pc.less_equal(expires_at, instant), False),
        ),
        NO_CONSENT,
        WITHDRAWN,
        ENDLESS,
        EXPIRED,
    )


def guardian_agrees(rows: pa.Table, now: datetime) -> pa.ChunkedArray:
    verified, ends = rows.column("guardian_verified_at"), rows.column("guardian_expires_at")
    instant = pa.scalar(now, verified.type)
    has_begun = pc.fill_null(pc.less_equal(verified, instant), False)
    return pc.and_(has_begun, pc.fill_null(pc.greater(ends, instant), True))
