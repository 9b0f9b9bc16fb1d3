"""What a message says must add up, and is read back as it was stored."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from jobs.delivery.facts import BatchFacts, ExhaustFacts, read_facts
from jobs.errors import DeliveryError

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def batch(**changes):
    values = {
        "batch_id": "0130",
        "batch_name": "Batch",
        "collection_id": "do_1",
        "collection_name": "Course",
        "enrolled": 6,
        "completed": 3,
        "in_progress": 2,
        "not_started": 1,
        "data_as_of": AT,
        "file_name": "progress.zip",
    }
    return BatchFacts(**(values | changes))


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValidationError, match="7 enrolled"):
        batch(enrolled=7)


def test_learners_data_has_no_place_in_the_facts():
    with pytest.raises(ValidationError, match="learner_name"):
        batch(learner_name="Asha")


def test_facts_come_back_from_json_as_they_were():
    facts = ExhaustFacts(
        request_id="R", tag="t", job_id="progress-exhaust", requested_at=AT, batches=[batch()]
    )
    stored = json.loads(json.dumps(facts.model_dump(mode="json")))
    assert read_facts("exhaust_ready", stored) == facts


def test_unknown_kind_and_unreadable_facts_say_what_is_wrong():
    with pytest.raises(DeliveryError, match="unknown here; known: exhaust_ready"):
        read_facts("greeting", {})
    with pytest.raises(DeliveryError, match="request_id, requested_at, tag"):
        read_facts("exhaust_failed", {"job_id": "progress-exhaust"})
