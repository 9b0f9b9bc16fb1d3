"""One learner is explained by the same functions as the nightly run, from the published tables."""

from contextlib import contextmanager

import pytest

from jobs.certificates.explaining import job
from jobs.certificates.nightly.job import CONTRACTS, READ
from jobs.contracts.learning import ATTEMPTS, BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.errors import RequestError
from tests.jobs.certificates.ledger_fixtures import DAY, MERIT_RULE, NOW

TABLES = {
    BATCHES.name: [
        {"batch_id": "b1", "collection_id": "do_1", "created_for": ["north"], "status": 1}
    ],
    COLLECTIONS.name: [
        {"collection_id": "do_1", "status": "Live", "leaf_nodes": ["q"], "assessments": [{"id": "q"}]}
    ],
    LEARNERS.name: [
        {"user_id": user_id, "user_name": user_id, "root_org_id": "north", "is_active": True}
        for user_id in ("asha", "ravi")
    ],
    ENROLMENTS.name: [
        {"batch_id": "b1", "user_id": "asha", "collection_id": "do_1", "is_active": True,
         "has_active_mark": True, "status": 2, "completed_at": NOW + DAY, "certificates": []},
        {"batch_id": "b1", "user_id": "ravi", "collection_id": "do_1", "is_active": True,
         "has_active_mark": True, "status": 1},
    ],
    ATTEMPTS.name: [
        {"batch_id": "b1", "user_id": "asha", "collection_id": "do_1", "content_id": "q",
         "attempt_id": "1", "attempted_at": NOW, "score": 79.99, "max_score": 100.0}
    ],
}  # fmt: skip


@pytest.fixture
def ask_about(store, make_settings, monkeypatch, publish_rows, attached, spark):
    """ask_about(user) -> the answers, of a course with a completion and a merit certificate."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    attached()
    attached(certificate_type="merit", template_id="do_m", template_name="Merit", rule=MERIT_RULE)
    for name in READ:
        publish_rows(CONTRACTS[name], TABLES.get(name, []), data_as_of=NOW + 2 * DAY)

    def asked(user_id, batch_id="b1"):
        found = job.explain(
            make_settings(), store, user_id=user_id, batch_id=batch_id, as_of=NOW + 3 * DAY
        )
        assert (found.course_id, found.data_as_of) == ("do_1", NOW + 2 * DAY)
        return [f"{one.outcome}: {one.sentence}" for one in found.answers]

    return asked


@pytest.mark.full
def test_learner_is_told_what_is_missed_and_what_was_not_earned(ask_about):
    assert ask_about("asha") == [
        "misses it: The completion certificate do_t1 was earned and not issued: met: status = 2."
        " The nightly run has not found it yet.",
        "did not earn it: The merit certificate do_m was not earned: met: status = 2; not met:"
        " score >= 80; best attempt 79.99 of 100 points.",
    ]
    assert ask_about("ravi") == [
        "did not earn it: The learner has not completed the batch (status 1)."
    ]
    assert ask_about("nobody") == ["did not earn it: The learner is not enrolled in the batch."]
    with pytest.raises(RequestError, match="--batch b9 promised a batch of the platform"):
        ask_about("asha", "b9")
