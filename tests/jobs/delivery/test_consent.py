"""One learner's consent: active, unexpired, the newest word, and a guardian's for a minor."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.contracts.consents import CONSENTS
from jobs.delivery.consent import adult_if_born_by, consents_of

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # the 22nd in India
INDIA = ZoneInfo("Asia/Kolkata")
SOON, PAST = NOW + timedelta(microseconds=1), NOW - timedelta(days=30)


def row(status="active", expires_at=SOON, updated_at=PAST, **values):
    return {
        "object_id": "do_1", "user_id": "u1", "consumer_id": "up", "status": status,
        "expires_at": expires_at, "updated_at": updated_at, **values,
    }  # fmt: skip


def judged(*rows, born_on=date(1990, 1, 1), user_type="teacher", minors="guardian", withdrawn=None):
    table = pa.Table.from_pylist(
        [{name: one.get(name) for name in CONSENTS.columns} for one in rows],
        schema=CONSENTS.arrow_schema(),
    )
    consents = consents_of(table, withdrawn or {}, minors=minors, now=NOW, timezone=INDIA)
    page = pa.record_batch(
        {
            "user_id": pa.array(["u1"]),
            "born_on": pa.array([born_on], pa.date32()),
            "user_type": pa.array([user_type], pa.string()),
        }
    )
    reasons, days = consents.judged(page)
    return reasons.to_pylist()[0], days.to_pylist()[0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row()], None),
        ([], "no_consent"),
        ([row(None)], "no_consent"),
        ([row("revoked")], "consent_withdrawn"),
        ([row("deleted")], "consent_withdrawn"),
        ([row("")], "consent_withdrawn"),
        ([row(expires_at=NOW)], "consent_expired"),
        ([row(expires_at=PAST)], "consent_expired"),
        ([row(expires_at=None)], "consent_without_expiry"),
        ([row("revoked", expires_at=None)], "consent_withdrawn"),
        # Under the organisation's id and under its channel: the newest word counts.
        ([row(), row("revoked", updated_at=NOW)], "consent_withdrawn"),
        ([row("revoked"), row(updated_at=NOW)], None),
        ([row("revoked"), row()], "consent_withdrawn"),
        ([row(updated_at=None), row("revoked")], "consent_withdrawn"),
        ([row("revoked", updated_at=None), row()], "consent_withdrawn"),
    ],
)
def test_each_state_of_a_consent(rows, reason):
    assert judged(*rows)[0] == reason


def test_the_day_of_the_consent_is_a_day_in_india():
    late = datetime(2026, 10, 31, 19, 0, tzinfo=UTC)
    assert judged(row(updated_at=late)) == (None, date(2026, 11, 1))
    assert judged(row(updated_at=None)) == (None, None)


@pytest.mark.parametrize(
    ("withdrawn_at", "updated_at", "reason"),
    [
        (PAST, PAST, "consent_withdrawn"),
        (NOW, PAST, "consent_withdrawn"),
        (PAST, NOW, None),
        (PAST, None, "consent_withdrawn"),
    ],
)
def test_a_withdrawal_counts_until_the_learner_agrees_anew(withdrawn_at, updated_at, reason):
    assert judged(row(updated_at=updated_at), withdrawn={"u1": withdrawn_at})[0] == reason


@pytest.mark.parametrize(
    ("born_on", "user_type", "is_minor"),
    [
        (date(2008, 11, 22), "student", False),  # of age today, in India
        (date(2008, 11, 23), "teacher", True),
        (date(2030, 1, 1), "teacher", False),  # still to come: tells nothing
        (date(2030, 1, 1), "student", True),
        (None, " Student ", True),
        (None, "teacher", False),
        (None, None, False),
    ],
)
def test_who_is_a_minor(born_on, user_type, is_minor):
    reason, _ = judged(row(), born_on=born_on, user_type=user_type)
    assert reason == ("minor_without_guardian" if is_minor else None)


@pytest.mark.parametrize(
    ("verified_at", "ends_at", "agrees"),
    [(PAST, None, True), (PAST, SOON, True), (PAST, NOW, False), (SOON, None, False),
     (None, SOON, False)],
)  # fmt: skip
def test_when_a_guardians_word_counts(verified_at, ends_at, agrees):
    guarded = row(guardian_verified_at=verified_at, guardian_expires_at=ends_at)
    child = date(2012, 5, 1)
    assert (judged(guarded, born_on=child)[0] is None) == agrees
    assert judged(guarded, born_on=child, minors="never")[0] == "minor"
    assert judged(guarded, born_on=child, minors="own_consent")[0] is None


def test_a_learner_without_consent_is_told_as_such_though_a_minor():
    assert judged(born_on=date(2012, 5, 1))[0] == "no_consent"


@given(st.dates(date(2018, 1, 1), date(2100, 1, 1)))
def test_of_age_is_who_had_eighteen_birthdays(today):
    limit = adult_if_born_by(today)
    for born in (limit, limit + timedelta(days=1)):
        birthdays = sum(
            1 for year in range(born.year + 1, today.year + 1)
            if (year, born.month, born.day) <= (today.year, today.month, today.day)
        )  # fmt: skip
        assert (birthdays >= 18) == (born == limit)
