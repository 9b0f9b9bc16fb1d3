"""A learner is told why, in words: each standing, each outcome of a rule, each contradiction."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.certificates.explanation import Known, answers

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ENROLMENT = {"is_active": True, "has_active_mark": True, "status": 2, "completed_at": NOON}
VERSION = {
    "version_id": "v", "template_id": "do_t", "certificate_type": "merit", "scope": "batch",
    "origin": "command", "valid_from": NOON - DAY, "valid_to": None,
    "unsure_since": None, "unsure_until": None,
}  # fmt: skip
JUDGED = {
    "version_id": "v", "is_issued": False, "held_ids": [], "rule_problem": None,
    "score_points": 79_990_000, "score_max_points": 100_000_000,
    "verdict": {"outcome": "met", "met": ["status = 2"], "not_met": [], "unknown": []},
}  # fmt: skip


def verdict(outcome, **lists):
    return {"verdict": {"outcome": outcome, "met": [], "not_met": [], "unknown": []} | lists}


def told(*, enrolment=ENROLMENT, version=VERSION, judged=JUDGED, **known):
    whole = {
        "enrolments": [enrolment] if enrolment else [], "problems": [],
        "judged": [judged] if judged else [], "versions": [version] if version else [],
        "findings": [], "issued": [],
    }  # fmt: skip
    [answer] = answers(Known(**(whole | known)))
    return f"{answer.outcome}: {answer.sentence}"


def test_learner_misses_what_was_earned_and_not_issued():
    found = {"template_id": "do_t", "state": "pending", "reason": "earned", "first_seen_on": "2026-03-06"}  # fmt: skip

    assert told() == (
        "misses it: The merit certificate do_t was earned and not issued: met: status = 2. The"
        " nightly run has not found it yet."
    )
    assert told(findings=[found]).endswith("It was found on 2026-03-06 and is pending (earned).")


@pytest.mark.parametrize(
    ("judged", "outcome", "words"),
    [
        ({"is_issued": True, "held_ids": ["c1"]}, "has it", "was issued: c1."),
        (
            verdict("not_met", met=["status = 2"], not_met=["score >= 80"]),
            "did not earn it",
            "was not earned: met: status = 2; not met: score >= 80; best attempt 79.99 of 100 points.",
        ),
        (
            verdict("unknown", unknown=["age <= 20: no_birth_date"]),
            "a person must decide",
            "unknown: age <= 20 (the day of birth is not known).",
        ),
        (
            verdict("unknown", unknown=["score >= 80: assessment_type_unknown"]),
            "a person must decide",
            "score >= 80 (the course does not say which content is an assessment)",
        ),
        ({"rule_problem": "It is torn.", "verdict": None}, "a person must decide", "cannot be used. It is torn."),
    ],
)  # fmt: skip
def test_outcome_of_the_rule_is_told_with_its_conditions(judged, outcome, words):
    said = told(judged=JUDGED | judged)

    assert said.startswith(f"{outcome}: ")
    assert words in said


def test_certificate_of_our_own_issue_counts():
    issued = {"template_id": "do_t", "certificate_id": "c9"}

    assert told(issued=[issued]) == "has it: The merit certificate do_t was issued: c9."


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ({"valid_from": NOON + DAY}, "was attached on 2026-03-06 12:00 UTC, after the completion"),
        ({"valid_to": NOON}, "had ended on 2026-03-05 12:00 UTC, before the completion"),
        ({"scope": "course"}, "holds for the course; the batch had one of its own"),
    ],
)
def test_template_that_did_not_stand_at_the_completion_was_not_earned(version, words):
    said = told(version=VERSION | version, judged=None)

    assert said == f"did not earn it: The merit certificate do_t {words}."


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (
            {"origin": "watched", "valid_from": NOON + DAY, "unsure_since": NOON - DAY},
            "it changed between two looks at the platform",
        ),
        ({"origin": "baseline", "valid_from": NOON + DAY}, "is known since 2026-03-06 12:00 UTC only"),
    ],
)  # fmt: skip
def test_completion_where_the_ledger_is_not_sure_is_for_a_person(version, words):
    said = told(version=VERSION | version)

    assert said.startswith("a person must decide: ")
    assert words in said
    # A rule that is not met needs no person: whatever was attached, it was not earned.
    refused = told(
        version=VERSION | version, judged=JUDGED | verdict("not_met", not_met=["status = 2"])
    )
    assert refused.startswith("did not earn it: ")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"enrolment": None}, "did not earn it: The learner is not enrolled in the batch."),
        ({"enrolment": ENROLMENT | {"is_active": False}}, "did not earn it: The learner left the batch."),
        (
            {"enrolment": ENROLMENT | {"completed_at": None, "status": 1}},
            "did not earn it: The learner has not completed the batch (status 1).",
        ),
        (
            {"problems": ["no_completion_date"]},
            "a person must decide: Nobody can say: the enrolment is completed and has no date: no"
            " template can be chosen.",
        ),
        (
            {"version": None, "judged": None},
            "did not earn it: No certificate was ever attached to the batch, nor to its course.",
        ),
    ],
)  # fmt: skip
def test_what_stands_before_any_certificate_is_told_first(known, said):
    assert told(**known) == said


def test_row_of_old_without_a_mark_is_an_active_learner():
    assert told(enrolment=ENROLMENT | {"is_active": False, "has_active_mark": False}).startswith(
        "misses"
    )
