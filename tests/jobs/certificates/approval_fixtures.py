"""Learners whose certificates are approved, and what the platform holds of them."""

import pytest

from jobs.certificates.deciding.job import decide_batch
from jobs.contracts.learning import ENROLMENTS, LEARNERS
from jobs.storage.certificate_approvals import Decision
from tests.jobs.certificates.ledger_fixtures import NOW
from tests.jobs.certificates.night_fixtures import COMPLETED, FIRST, NEXT

ASHA = {"user_id": "asha", "user_name": "Asha Rao", "is_active": True}
RAVI = {"user_id": "ravi", "user_name": "रवि कुमार", "is_active": True}


def enrolled(user_id, **changes):
    return {
        "batch_id": "b1", "user_id": user_id, "collection_id": "do_1", "is_active": True,
        "has_active_mark": True, "status": 2, "completed_at": COMPLETED, "certificates": [],
    } | changes  # fmt: skip


@pytest.fixture
def platform_now(publish_rows):
    """platform_now(learners, enrolments, at): what the clean tables hold at the minute of issue."""

    def published(learners=(ASHA, RAVI), enrolments=None, at=NOW):
        rows = enrolments or [enrolled(one["user_id"]) for one in learners]
        publish_rows(LEARNERS, list(learners), data_as_of=at)
        publish_rows(ENROLMENTS, rows, data_as_of=at)

    return published


@pytest.fixture
def approve(night, finding, store):
    """approve("asha", ...): found, and approved for b1."""

    def approved(*users, **changes):
        night(FIRST, *(finding(user, **changes) for user in users))
        decided = Decision(
            batch_id="b1", version_id="", reason="", decision="approved", excluded=[],
            seen_until=NEXT, decided_by="meena", decided_in="command",
        )  # fmt: skip
        return decide_batch(store, decided, version_id=None, reason=None, now=NEXT)

    return approved
