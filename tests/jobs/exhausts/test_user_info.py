"""The file with learners' details: only those who agreed, never without a key."""

from datetime import timedelta

import pytest

from jobs.errors import UnavailableError
from jobs.exhausts.kinds import KIND_OF
from jobs.exhausts.requests import KINDS
from tests.jobs.exhausts.personal_platform import (
    CHILD,
    GIVEN,
    KEY,
    NOW,
    adult,
    consent,
    filled,
)
from tests.jobs.exhausts.small_platform import member_of, sealed

HEADER = (
    "Collection Id,Collection Name,Batch Id,Batch Name,User UUID,User Name,User Type,"
    "User Sub Type,State,District,Block,Cluster,School Id,School Name,Org Name,Email ID,"
    "Mobile Number,Consent Provided,Consent Provided Date,Status"
)


def test_every_kind_that_is_named_is_described():
    assert set(KIND_OF) == set(KINDS)


def test_who_agreed_is_in_the_file_with_an_open_address_and_the_others_are_counted(two_agree):
    request_id = two_agree.ask("b1", purpose="training_records")
    assert two_agree.answer() == {"cut": 1, "answered": 1}
    content = member_of(two_agree.archive(request_id), KEY).decode("utf-8-sig")
    assert content.splitlines()[0] == HEADER
    first, second = two_agree.rows(request_id)
    assert (first["User UUID"], second["User UUID"]) == ("u1", "u2")
    assert {name: first[name] for name in (
        "Collection Id", "Batch Id", "User Name", "Email ID", "Mobile Number", "Consent Provided",
        "Consent Provided Date", "Status",
    )} == {
        "Collection Id": "do_1", "Batch Id": "BatchId_b1", "User Name": "U1",
        "Email ID": "u1@example.org", "Mobile Number": "9876543210", "Consent Provided": "true",
        "Consent Provided Date": "12/11/2026", "Status": "Active user",
    }  # fmt: skip
    facts = two_agree.facts(request_id)
    assert facts["batches"][0]["left_out"] == {"left_batch": 1, "no_consent": 1}
    assert (facts["purpose"], facts["batches"][0]["enrolled"]) == ("training_records", 2)


def test_account_states_stand_in_the_words_of_the_platform(make_personal):
    states = {"u0": 0, "u1": 1, "u2": 2, "u3": None}
    rows = [adult(id) | {"account_status": state} for id, state in states.items()]
    platform = filled(make_personal(), rows, [consent(id) for id in states])
    request_id = platform.ask("b1")
    platform.answer()
    assert [row["Status"] for row in platform.rows(request_id)] == [
        "Inactive user", "Active user", "Deleted user", "Invalid user",
    ]  # fmt: skip


def test_an_address_that_does_not_open_is_blank_and_counted(make_personal):
    rows = [adult("u1") | {"email_cipher": "bm90IGEgY2lwaGVydGV4dA=="}, adult("u2")]
    platform = filled(make_personal(), rows, [consent("u1"), consent("u2")])
    request_id = platform.ask("b1")
    platform.answer()
    assert [row["Email ID"] for row in platform.rows(request_id)] == ["", "u2@example.org"]
    assert platform.facts(request_id)["batches"][0]["undecryptable"] == {"email": 1}


def test_minors_are_left_out_unless_a_guardian_agreed(make_personal):
    verified = {"guardian_verified_at": GIVEN}
    ended = verified | {"guardian_expires_at": NOW - timedelta(minutes=1)}
    rows = [
        adult("child") | {"born_on": CHILD}, adult("guarded") | {"born_on": CHILD},
        adult("lapsed") | {"born_on": CHILD}, adult("student", ) | {"born_on": None, "user_type": "Student"},
        adult("grown") | {"user_type": "student"}, adult("teacher") | {"born_on": None},
    ]  # fmt: skip
    consents = [consent(row["user_id"]) for row in rows]
    consents[1] |= verified
    consents[2] |= ended
    platform = filled(make_personal(), rows, consents)
    request_id = platform.ask("b1")
    platform.answer()
    assert platform.learners(request_id) == ["grown", "guarded", "teacher"]
    left_out = platform.facts(request_id)["batches"][0]["left_out"]
    assert left_out == {"minor_without_guardian": 3}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"up": "never"}, ["grown"]),
        ({"up-channel": "own_consent"}, ["child", "grown", "guarded"]),
        ({"br": "never"}, ["grown", "guarded"]),
        ({"*": "own_consent"}, ["child", "grown", "guarded"]),
    ],
)
def test_each_tenant_has_its_rule_for_minors(make_personal, rules, expected):
    child = {"born_on": CHILD}
    platform = filled(
        make_personal(minors=rules),
        [adult("child") | child, adult("guarded") | child, adult("grown")],
        [consent("child"), consent("guarded", guardian_verified_at=GIVEN), consent("grown")],
    )
    request_id = platform.ask("b1")
    platform.answer()
    assert platform.learners(request_id) == expected


def test_a_course_that_never_asks_its_learners_is_refused_by_its_batch(two_agree):
    request_id = two_agree.ask("b1", "b-silent")
    assert two_agree.answer() == {"failed": 1}
    told = two_agree.failure(request_id)
    assert "b-silent does not ask learners for their consent" in told
    assert two_agree.files() == []


def test_the_custodian_organisation_is_told_why_it_gets_no_file(two_agree):
    request_id = two_agree.ask("b1", by="keeper", channel="custodian")
    assert two_agree.answer() == {"failed": 1}
    assert "custodian organisation" in two_agree.failure(request_id)
    assert two_agree.files() == []


def test_a_purpose_that_is_not_on_the_list_is_refused_and_one_left_out_is_the_configured(two_agree):
    request_id = two_agree.ask("b1")
    two_agree.change(
        'UPDATE job_request SET request_data = \'{"batchId": "b1", "purpose": "sale"}\''
    )
    assert two_agree.answer() == {"failed": 1}
    assert "'sale'" in two_agree.failure(request_id)
    again = two_agree.ask("b1", tag="again")
    two_agree.answer()
    assert two_agree.facts(again)["purpose"] == "training_follow_up"
    (row,) = two_agree.select(
        "SELECT purpose FROM operations.audit_log WHERE event = 'file_published'"
    )
    assert row["purpose"] == "training_follow_up"


def test_consents_that_were_read_too_long_ago_hold_the_request_back(make_personal):
    read_at = NOW - timedelta(minutes=61)
    platform = filled(make_personal(), [adult("u1")], [consent("u1")], data_as_of=read_at)
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError, match="refresh consents"):
        platform.cut()
    request = platform.request(request_id)
    assert (request["status"], request["iteration"]) == ("PROCESSING", 0)


def test_another_tenants_requester_gets_its_own_learners_under_its_own_consents(two_agree):
    rows = [adult("u1"), adult("u2", root_org_id="br"), adult("u3", root_org_id="br")]
    two_agree.hold(
        progress=rows,
        batches=[{"batch_id": "b1", "collection_id": "do_1", "created_by": "bina"}],
        courses=[{"collection_id": "do_1", "channel": "up", "user_consent": "YES", "status": "Live"}],
        people=[{"user_id": "bina", "root_org_id": "br", "is_active": True,
                 "email_cipher": sealed("bina@example.org")}],
    )  # fmt: skip
    two_agree.agree(
        consent("u1"), consent("u2"), consent("u3", consumer_id="br"),
        consent("u1", consumer_id="br"), data_as_of=NOW,
    )  # fmt: skip
    request_id = two_agree.ask("b1", by="bina", channel="br")
    two_agree.answer()
    assert two_agree.learners(request_id) == ["u3"]
    left_out = two_agree.facts(request_id)["batches"][0]["left_out"]
    assert left_out == {"other_organisation": 1, "no_consent": 1}
