"""Who agreed is judged when the file is cut, and again when it is sent."""

from datetime import timedelta

import pytest

from tests.jobs.exhausts.personal_platform import ENDS, NOW, adult, consent, filled
from tests.jobs.exhausts.small_platform import batch, course, person

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def platform(make_personal):
    return filled(
        make_personal(), [adult("u1"), adult("u2"), adult("u3")], [consent("u1"), consent("u2")]
    )


def answered(platform):
    request_id = platform.ask("b1")
    assert platform.answer() == {"cut": 1, "answered": 1}
    return request_id


def answered_anew(platform, request_id, *, at=LATER):
    """The request went back without a spent try, and another run answers it."""
    request = platform.request(request_id)
    assert (request["status"], request["iteration"]) == ("SUBMITTED", 0)
    assert request["dt_job_submitted"] == NOW
    assert (request["download_urls"], request["processed_batches"]) == (None, None)
    assert platform.files() == []
    platform.claim("second", now=at)
    assert platform.cut("second", now=at) + platform.check("second", now=at) == {
        "cut": 1, "answered": 1,
    }  # fmt: skip


def states(platform, request_id):
    return sorted((row["kind"], row["status"]) for row in platform.deliveries(request_id))


def test_nothing_changed_and_the_file_is_sent_once(platform):
    request_id = answered(platform)
    assert platform.send(LATER).sent == 1
    assert platform.send(LATER).sent == 0
    assert states(platform, request_id) == [("exhaust_ready", "sent")]
    assert len(platform.letters()) == 1
    (row,) = platform.select("SELECT is_personal FROM operations.delivery")
    assert row["is_personal"]


def test_a_withdrawal_noted_here_between_build_and_send_makes_the_file_anew(platform):
    request_id = answered(platform)
    assert platform.learners(request_id) == ["u1", "u2"]
    platform.withdraw("u2", at=NOW + timedelta(minutes=1))
    assert platform.send(LATER).sent == 0
    answered_anew(platform, request_id)
    assert platform.learners(request_id) == ["u1"]
    assert platform.send(LATER).sent == 1
    assert states(platform, request_id) == [
        ("exhaust_ready", "obsolete"),
        ("exhaust_ready", "sent"),
    ]
    assert len(platform.letters()) == 1
    (sent,) = [row for row in platform.deliveries(request_id) if row["status"] == "sent"]
    assert sent["facts"]["batches"][0]["left_out"] == {"consent_withdrawn": 1, "no_consent": 1}


def test_a_withdrawal_that_the_platform_tells_makes_the_file_anew(platform):
    request_id = answered(platform)
    platform.agree(consent("u1", "revoked"), consent("u2"), data_as_of=NOW + timedelta(minutes=1))
    assert platform.send(LATER).sent == 0
    answered_anew(platform, request_id)
    assert platform.learners(request_id) == ["u2"]


def test_a_consent_that_ends_between_build_and_send_makes_the_file_anew(make_personal):
    ends = consent("u2", expires_at=NOW + timedelta(minutes=2))
    platform = filled(make_personal(), [adult("u1"), adult("u2")], [consent("u1"), ends])
    request_id = answered(platform)
    assert platform.learners(request_id) == ["u1", "u2"]
    assert platform.send(LATER).sent == 0
    answered_anew(platform, request_id)
    assert platform.learners(request_id) == ["u1"]


def test_a_consent_given_meanwhile_brings_its_learner_into_the_file(platform):
    request_id = answered(platform)
    everybody = [consent(id) for id in ("u1", "u2", "u3")]
    platform.agree(*everybody, data_as_of=NOW + timedelta(minutes=1))
    platform.send(LATER)
    answered_anew(platform, request_id)
    assert platform.learners(request_id) == ["u1", "u2", "u3"]


def test_newer_rows_of_the_batch_alone_do_not_hold_a_message_up(platform):
    request_id = answered(platform)
    platform.hold(
        progress=[adult("u1"), adult("u2"), adult("u9")],
        batches=[batch("b1")], courses=[course("do_1", user_consent="Yes")],
        people=[person("asha")],
    )  # fmt: skip
    assert platform.send(LATER).sent == 1
    assert platform.request(request_id)["status"] == "SUCCESS"


def test_the_rows_of_a_purged_version_cannot_be_judged_so_the_file_is_made_anew(platform):
    request_id = answered(platform)
    platform.change("DELETE FROM operations.snapshot WHERE table_name = 'progress'")
    platform.hold(
        progress=[adult("u1")], batches=[batch("b1")],
        courses=[course("do_1", user_consent="Yes")], people=[person("asha")],
    )  # fmt: skip
    assert platform.send(LATER).sent == 0
    answered_anew(platform, request_id)


def test_a_message_waits_while_the_consents_are_too_old_to_be_judged(platform):
    request_id = answered(platform)
    much_later = NOW + timedelta(hours=2)
    counts = platform.send(much_later)
    assert (counts.sent, counts.waiting) == (0, 1)
    platform.agree(consent("u1"), consent("u2"), data_as_of=much_later)
    assert platform.send(much_later + timedelta(minutes=5)).sent == 1
    assert states(platform, request_id) == [("exhaust_ready", "sent")]


def test_a_course_that_stopped_asking_is_refused_at_the_send(platform):
    request_id = answered(platform)
    platform.hold(
        progress=[adult("u1")], batches=[batch("b1")], courses=[course("do_1", user_consent="No")],
        people=[person("asha")],
    )  # fmt: skip
    # The refusal itself is sent, and no file with it.
    assert platform.send(LATER).sent == 1
    assert platform.request(request_id)["status"] == "FAILED"
    assert states(platform, request_id) == [("exhaust_failed", "sent"), ("exhaust_ready", "failed")]


@pytest.mark.parametrize(
    ("withdrawal", "expected"),
    [
        ({"consumer_id": "up", "object_id": "do_1"}, ["u1"]),
        ({"consumer_id": "up-channel"}, ["u1"]),
        ({"object_id": "do_1"}, ["u1"]),
        ({"consumer_id": "br"}, ["u1", "u2"]),
        ({"object_id": "do_2"}, ["u1", "u2"]),
    ],
)
def test_a_withdrawal_counts_for_the_organisation_and_the_course_that_it_names(
    platform, withdrawal, expected
):
    platform.withdraw("u2", at=NOW - timedelta(minutes=1), **withdrawal)
    request_id = answered(platform)
    assert platform.learners(request_id) == expected


def test_who_agreed_anew_after_a_withdrawal_is_in_the_file(platform):
    platform.withdraw("u2", at=NOW - timedelta(days=2))
    anew = consent("u2", updated_at=NOW - timedelta(days=1), expires_at=ENDS)
    platform.agree(consent("u1"), anew, data_as_of=NOW - timedelta(minutes=1))
    assert platform.learners(answered(platform)) == ["u1", "u2"]
