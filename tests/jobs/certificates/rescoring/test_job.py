"""The check of a batch: a dry run writes nothing, and nothing is taken out without its copy."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from jobs.certificates.rescoring.job import check_scores
from jobs.contracts.learning import ATTEMPTS, BATCHES, COLLECTIONS, CONTENTS, ENROLMENTS
from jobs.contracts.responses import RESPONSES
from jobs.errors import RequestError
from jobs.storage.score_checks import forget_learner

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
OF = {"batch_id": "b1", "collection_id": "do_1", "content_id": "quiz"}
COPIES = "SELECT user_id, attempt_id, question_count, applied_by FROM operations.invalid_attempt"
SCORES = (
    "SELECT user_id, score_before, score, attempts, certificate_count"
    " FROM operations.score_correction ORDER BY 1"
)


def answers(*attempts, questions=1):
    return [
        {**OF, "user_id": user, "attempt_id": name, "question_id": f"q{n}", "unnamed_number": 0,
         "question_response": '"yes"'}
        for user, name in attempts for n in range(questions)
    ]  # fmt: skip


@pytest.fixture
def platform(publish_rows):
    """Asha's second attempt lacks a question, and so does Ravi's only one in another batch."""
    attempts = {("asha", "1"): 1.0, ("asha", "2"): 2.0, ("meena", "1"): 2.0}
    rows = {
        BATCHES: [OF, OF | {"batch_id": "b2"}],
        COLLECTIONS: [{"collection_id": "do_1", "assessments": [{"id": "quiz", "name": "Quiz"}]}],
        CONTENTS: [{"content_id": "quiz", "content_type": "SelfAssess", "total_questions": 2}],
        ENROLMENTS: [
            OF | {"user_id": user, "certificates": [{"identifier": f"c-{user}", "name": "Done"}]}
            for user in ("asha", "meena")
        ],
        ATTEMPTS: [
            OF | {"user_id": user, "attempt_id": name, "attempted_at": NOW, "score": score,
                  "max_score": 2.0}
            for (user, name), score in attempts.items()
        ] + [OF | {"batch_id": "b2", "user_id": "ravi", "attempt_id": "1"}],
        RESPONSES: answers(("asha", "1"), ("meena", "1"), questions=2) + answers(("asha", "2")),
    }  # fmt: skip
    for contract, held in rows.items():
        names = set(contract.columns)
        made = [{key: value for key, value in row.items() if key in names} for row in held]
        publish_rows(contract, made, data_as_of=NOW)


@pytest.fixture
def check(make_settings, store, objects, platform):
    run = partial(check_scores, make_settings(), store, objects, now=NOW, by="Meena")
    return lambda **said: run(**({"batch_id": "b1", "apply": False} | said))


def test_what_was_taken_out_is_judged_as_before_while_the_platform_holds_its_answers(
    check, ask, publish_rows
):
    before = check(apply=True)
    # The refresh has made the attempts without it.
    valid = [
        {**OF, "user_id": user, "attempt_id": "1", "attempted_at": NOW, "score": score,
         "max_score": 2.0}
        for user, score in (("asha", 1.0), ("meena", 2.0))
    ]  # fmt: skip
    publish_rows(ATTEMPTS, valid, data_as_of=LATER)
    assert check(apply=True) == before
    assert ask(SCORES) == [("asha", 2.0, 1.0, 1, 1)]

    # Then the platform's own people delete it there.
    left = answers(("asha", "1"), ("meena", "1"), questions=2)
    publish_rows(RESPONSES, left, data_as_of=LATER)
    assert check().named == {"valid": 2}


def test_a_dry_run_reports_and_writes_nothing(check, ask, tmp_path):
    done = check(list_to=tmp_path / "reports")

    assert (done.named, done.learner_count, done.certificate_count, done.files) == (
        {"question_count_differs": 1, "valid": 2}, 1, 1, {},
    )  # fmt: skip
    assert (ask(COPIES), ask(SCORES)) == ([], [])
    read = {
        path.name: path.read_text(encoding="utf-8-sig").splitlines()
        for path in (tmp_path / "reports").iterdir()
    }
    assert read["affected-certificates.csv"][1:] == ["b1,do_1,asha,c-asha,Done,quiz,1.0"]
    assert read["invalid-attempts.csv"][1].startswith(
        "b1,do_1,asha,quiz,2,question_count_differs,1,2,"
    )
    assert json.loads(read["instruction-events.json"][0])["userId"] == "asha"


def test_applied_it_keeps_whole_copies_and_counts_the_scores_without_them_once(
    check, ask, objects, store
):
    first, again = check(apply=True), check(apply=True)

    assert first == again
    assert ask(COPIES) == [("asha", "2", 1, "Meena")]
    [[answers]] = ask("SELECT answers FROM operations.invalid_attempt")
    assert [(one["question_id"], one["question_response"]) for one in answers] == [("q0", '"yes"')]
    assert ask(SCORES) == [("asha", 2.0, 1.0, 1, 1)]
    told, delete, update = objects.read(first.files["score-corrections.cql"]).decode().splitlines()
    assert "operations.invalid_attempt" in told
    assert delete.endswith("content_id = 'quiz' AND attempt_id = '2' IF EXISTS;")
    assert "SET aggregates['score:quiz'] = 1, aggregates['max_score:quiz'] = 2" in update
    assert update.endswith("AND context_id = 'cb:b1' IF aggregates['attempts_count:quiz'] = 2;")

    # A learner who is erased leaves no copy.
    with store.transaction() as connection:
        assert forget_learner(connection, "asha") == 2
    assert ask(COPIES) == []


def test_a_batch_that_is_not_known_is_said_to_be(check):
    with pytest.raises(RequestError, match="b9"):
        check(batch_id="b9")
