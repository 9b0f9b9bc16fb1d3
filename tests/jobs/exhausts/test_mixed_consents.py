"""A hundred thousand learners in every state of consent, and some who withdraw during the run."""

import csv
import email
import email.policy
import io
import random
from datetime import date, timedelta

import pytest

from tests.jobs.exhausts.personal_platform import CHILD, GIVEN, KEY, NOW, adult, consent, filled
from tests.jobs.exhausts.small_platform import member_of

LEARNERS = 100_000
WITHDRAW_DURING_THE_RUN = 1_000
LATER = NOW + timedelta(minutes=2)
CHILD_OF = {"born_on": CHILD, "user_type": "student"}

# Each state: what differs in the learner's row, the consents held, whether the learner is shared.
STATES = {
    "agrees": ({}, [{}], True),
    "agrees, in capital letters of the raw table": ({}, [{"status": "active"}], True),
    "never asked": ({}, [], False),
    "withdrew at the platform": ({}, [{"status": "revoked"}], False),
    "no status": ({}, [{"status": None}], False),
    "expired": ({}, [{"expires_at": NOW - timedelta(days=1)}], False),
    "ends at this very moment": ({}, [{"expires_at": NOW}], False),
    "no expiry": ({}, [{"expires_at": None}], False),
    "agreed with another organisation": ({}, [{"consumer_id": "br"}], False),
    "agreed for another course": ({}, [{"object_id": "do_2"}], False),
    "withdrew as the channel, later": (
        {}, [{}, {"consumer_id": "up-channel", "status": "revoked", "updated_at": NOW}], False,
    ),
    "minor without a guardian": (CHILD_OF, [{}], False),
    "minor with a guardian": (CHILD_OF, [{"guardian_verified_at": GIVEN}], True),
    "minor whose guardian's word ended": (
        CHILD_OF, [{"guardian_verified_at": GIVEN, "guardian_expires_at": GIVEN}], False,
    ),
    "student without a day of birth": ({"born_on": None, "user_type": "STUDENT"}, [{}], False),
    "left the batch": ({"left_out_reason": "left_batch"}, [{}], False),
    "grown-up student": ({"born_on": date(1990, 1, 1), "user_type": "student"}, [{}], True),
}  # fmt: skip


def attachment(letter):
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    (file,) = message.iter_attachments()
    return file.get_content()


def users_in(archive):
    text = member_of(archive, KEY).decode("utf-8-sig")
    return {row["User UUID"] for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.mark.full
def test_nobody_is_shared_who_does_not_agree_and_nobody_who_agrees_is_withheld(make_personal):
    chance = random.Random(20261121)
    template = adult("template")
    drawn = {f"u{n:06}": chance.choice(list(STATES)) for n in range(LEARNERS)}
    learners = [template | STATES[state][0] | {"user_id": id} for id, state in drawn.items()]
    consents = [consent(id) | values for id, state in drawn.items() for values in STATES[state][1]]
    platform = filled(make_personal(), learners, consents)
    may_be_shared = {id for id, state in drawn.items() if STATES[state][2]}

    request_id = platform.ask("b1")
    assert platform.answer() == {"cut": 1, "answered": 1}
    assert users_in(platform.archive(request_id)) == may_be_shared

    gone = set(chance.sample(sorted(may_be_shared), WITHDRAW_DURING_THE_RUN))
    with platform.store.transaction() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO operations.consent_withdrawal (user_id, withdrawn_at, recorded_by)"
            " VALUES (%s, %s, 'test')",
            [(id, NOW + timedelta(seconds=30)) for id in sorted(gone)],
        )
    assert platform.send(LATER).sent == 0
    platform.claim("second", now=LATER)
    platform.cut("second", now=LATER)
    platform.check("second", now=LATER)
    assert platform.send(LATER).sent == 1
    (letter,) = platform.letters()
    found = users_in(attachment(letter))
    assert (len(found - (may_be_shared - gone)), len(may_be_shared - gone - found)) == (0, 0)
    (facts,) = [
        row["facts"]["batches"][0]
        for row in platform.deliveries(request_id)
        if row["status"] == "sent"
    ]
    assert facts["enrolled"] + sum(facts["left_out"].values()) == LEARNERS
    assert facts["left_out"]["consent_withdrawn"] >= len(gone)
