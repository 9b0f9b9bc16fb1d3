import json
from datetime import timedelta

import pytest

from jobs.certificates.asserting.job import assert_manually
from jobs.certificates.deciding.job import decide_batch, keep_answer, questions
from jobs.contracts.learning import ENROLMENTS
from jobs.errors import RequestError
from jobs.storage.certificate_approvals import Decision
from tests.jobs.certificates.ledger_fixtures import DAY, NOW
from tests.jobs.certificates.night_fixtures import COMPLETED, FIRST, NEXT


@pytest.fixture
def ask_person(night_settings, store):
    """The questions as a run asks them an hour after the night."""
    return lambda at=FIRST + timedelta(hours=1): questions(night_settings, store, now=at)


def answered(store, question, chosen, exclude="", note=""):
    return keep_answer(
        store, question, chosen=chosen, by="Meena", exclude=exclude, note=note, now=NEXT
    )


def test_a_person_is_asked_once_per_batch_version_and_reason(night, finding, ask_person):
    night(
        FIRST,
        finding("asha", flags="{lag_boundary}"),
        finding("ravi"),
        finding("mira", batch_id="b2"),
        finding("joy", reason="broken_issue"),
        finding("uma", reason="no_name"),
    )

    asked = ask_person()

    assert {(one["batch"], one["reason"]) for one in asked} == {
        ("b1", "earned"), ("b2", "earned"), ("b1", "broken_issue"),
    }  # fmt: skip
    [first] = [one for one in asked if (one["batch"], one["reason"]) == ("b1", "earned")]
    assert first["subject"] == "Issue 2 learners their certificate: Reading"
    assert "- Note: some learnt the last content before" in first["body"]
    assert "asha" not in json.dumps(asked)


def test_no_more_questions_are_asked_than_a_run_may(night, finding, store, make_settings):
    night(FIRST, *(finding("asha", batch_id=batch) for batch in ("b1", "b2", "b3")))

    settings = make_settings(certificate_groups=2)
    assert len(questions(settings, store, now=FIRST)) == 2


def test_an_approval_holds_for_what_was_seen_less_who_was_excluded(
    night, finding, ask_person, store, states, ask
):
    night(FIRST, finding("asha"), finding("ravi"))
    [question] = ask_person()
    night(NEXT, finding("asha"), finding("ravi"), finding("late"))

    count = answered(store, question, "Approve", exclude=" ravi,\nnobody ", note="checked")

    assert count == 1
    assert states() == {"asha": "approved", "ravi": "pending", "late": "new"}
    assert ask(
        "SELECT decision, learner_count, excluded, decided_by, decided_in, note, decided_at"
        " FROM operations.certificate_approval"
    ) == [("approved", 1, ["nobody", "ravi"], "Meena", "airflow", "checked", NEXT)]
    assert ask(
        "SELECT event, asked_by, row_count FROM operations.audit_log WHERE asked_by = 'Meena'"
    ) == [("certificate_approved", "Meena", 1)]


def test_later_changes_nothing_and_the_question_comes_again(
    night, finding, ask_person, store, states
):
    night(FIRST, finding("asha"))
    [question] = ask_person()

    assert answered(store, question, "Later") is None
    assert states() == {"asha": "new"}
    assert len(ask_person()) == 1


def test_an_answer_that_is_none_or_to_nothing_is_refused(night, finding, ask_person, store):
    night(FIRST, finding("asha"))
    [question] = ask_person()

    with pytest.raises(RequestError, match="promised Approve, Reject, Later"):
        answered(store, question, "{{ yes }}")
    with pytest.raises(RequestError, match="promised batch, version"):
        answered(store, {}, "Approve")
    with pytest.raises(RequestError, match="waits for a decision"):
        answered(store, question | {"batch": "b9"}, "Approve")


def test_a_command_decides_a_batch_and_never_approves_what_is_held(
    night, finding, store, states, version, ask
):
    night(FIRST, finding("asha"), finding("ravi", reason="no_name"))

    def decide(decision, **changes):
        decided = Decision(
            batch_id="b1", version_id="", reason="", decision=decision, excluded=[],
            seen_until=NEXT, decided_by="meena", decided_in="command", **changes,
        )  # fmt: skip
        return decide_batch(store, decided, version_id=None, reason=None, now=NEXT)

    with pytest.raises(RequestError, match="no version made-up"):
        decide("approved", issue_version_id="made-up")
    assert decide("approved", issue_version_id=version["version_id"]) == 1
    assert states() == {"asha": "approved", "ravi": "held"}
    assert ask("SELECT issue_version_id FROM operations.certificate_approval") == [
        (version["version_id"],)
    ]
    with pytest.raises(RequestError, match="Nothing of the batch b1 waits"):
        decide("approved")
    assert decide("rejected") == 1
    assert states() == {"asha": "approved", "ravi": "rejected"}


@pytest.fixture
def assert_for(night_settings, store, publish_rows):
    publish_rows(
        ENROLMENTS,
        [
            {"batch_id": "b1", "user_id": "asha", "completed_at": COMPLETED, "is_active": True},
            {"batch_id": "b1", "user_id": "ravi", "is_active": True},
        ],
        data_as_of=NOW,
    )

    def asserted(user_id="asha", template_id="do_t1", completed_at=None, batch_id="b1"):
        return assert_manually(
            night_settings, store, user_id=user_id, batch_id=batch_id, template_id=template_id,
            reason="paper copy seen", asked_by="meena", completed_at=completed_at, now=NEXT,
        )  # fmt: skip

    return asserted


def test_a_learner_named_by_a_person_waits_for_the_same_approval(
    assert_for, version, ask_person, states, store
):
    assert assert_for() == version["version_id"]
    assert assert_for("ravi", completed_at=COMPLETED - 30 * DAY) == version["version_id"]

    assert states() == {"asha": "pending", "ravi": "pending"}
    [question] = ask_person(NEXT)
    assert question["reason"] == "manual"
    assert "paper copy seen" in question["body"]
    assert answered(store, question, "Approve") == 2


def test_who_is_held_is_let_through_by_name_and_no_night_takes_it_back(
    assert_for, night, finding, states, version
):
    night(FIRST, finding("asha", reason="unsure_version"))
    assert_for()
    night(NEXT)

    assert states() == {"asha": "pending"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"user_id": "nobody"}, "not enrolled"),
        ({"user_id": "ravi"}, "no completion date"),
        ({"template_id": "other"}, "never attached"),
        ({"batch_id": "b99"}, "no batch_id b99"),
    ],
)
def test_a_person_cannot_assert_what_cannot_be_printed(assert_for, version, changes, reason):
    with pytest.raises(RequestError, match=reason):
        assert_for(**changes)


def test_a_learner_is_not_asserted_twice(assert_for, version):
    assert_for()

    with pytest.raises(RequestError, match="already, as pending"):
        assert_for()
