"""Proposals over time: found, approved, and never kept up against what the platform holds by now."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import pytest

from jobs.certificates.mending.job import repair_enrolments
from jobs.certificates.nightly import job as nightly
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import (
    ACTIVITY,
    ATTEMPTS,
    BATCHES,
    COLLECTIONS,
    ENROLMENTS,
    LEARNERS,
)
from tests.jobs.certificates.night_fixtures import FIRST

STATES = "SELECT user_id, state FROM operations.enrolment_repair ORDER BY 1"
BEGUN = {"batch_id": "b1", "collection_id": "do_1", "is_active": True, "has_active_mark": True}
UNDATED = {"asha": BEGUN, "ravi": BEGUN, "meena": BEGUN | {"batch_id": "b2"}}


@pytest.fixture
def enrolled(publish_rows):
    """enrolled(hour, user=row, ...): what the refresh of that hour published."""

    def published(hour, **rows):
        at = FIRST + timedelta(hours=hour)
        held = {
            ENROLMENTS: [row | {"user_id": user} for user, row in rows.items()],
            BATCHES: [
                {"batch_id": name, "collection_id": "do_1", "start_on": datetime(2026, 1, 5).date()}  # noqa: DTZ001
                for name in ("b1", "b2")
            ],
            COLLECTIONS: [], LEARNERS: [], ATTEMPTS: [], ACTIVITY: [], PROGRESS: [],
        }  # fmt: skip
        for contract, made in held.items():
            publish_rows(contract, made, data_as_of=at)

    return published


@pytest.fixture
def repair(monkeypatch, spark, night_settings, store, objects):
    @contextmanager
    def session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(nightly, "spark_session", session)
    run = partial(repair_enrolments, night_settings, store, objects, by="Meena")
    return lambda hour, **said: run(as_of=FIRST + timedelta(hours=hour), **said)


@pytest.mark.full
def test_a_dry_run_keeps_nothing_but_its_list(enrolled, repair, ask, tmp_path):
    enrolled(0, **{name: row | {"has_enrolment_date": False} for name, row in UNDATED.items()})
    path = tmp_path / "list.csv"
    done = repair(1, apply=False, list_to=path)

    assert (done.counts, done.approved_count, done.files) == ({"enrolment_date_missing": 3}, 0, {})
    assert ask(STATES) == []
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("problem,state,batch_id,course_id,user_id,proposed_value,")
    assert [row.split(",")[:6] for row in rows] == [
        ["enrolment_date_missing", "proposed", batch, "do_1", user, "2026-01-04T18:30:00+00:00"]
        for batch, user in (("b1", "asha"), ("b1", "ravi"), ("b2", "meena"))
    ]


def test_what_the_platform_holds_by_now_is_resolved_and_no_longer_in_the_statements(
    enrolled, repair, ask, objects
):
    undated = {name: row | {"has_enrolment_date": False} for name, row in UNDATED.items()}
    enrolled(0, **undated)
    first = repair(1, apply=True, batch_id="b1")
    assert (first.approved_count, ask(STATES)) == (
        2, [("asha", "approved"), ("meena", "proposed"), ("ravi", "approved")],
    )  # fmt: skip
    written = objects.read(first.files["enrolment-repairs.cql"]).decode()
    assert [name for name in UNDATED if f"'{name}'" in written] == ["asha", "ravi"]

    # Asha has a date now, and Ravi left meanwhile.
    newer = undated | {
        "asha": BEGUN | {"has_enrolment_date": True}, "ravi": undated["ravi"] | {"is_active": False},
    }  # fmt: skip
    enrolled(2, **newer)
    again = repair(3, apply=True, batch_id="b1")
    assert ask(STATES) == [("asha", "resolved"), ("meena", "proposed"), ("ravi", "resolved")]
    assert (again.counts, again.approved_count) == ({"enrolment_date_missing": 1}, 0)
    assert len(objects.read(again.files["enrolment-repairs.cql"]).splitlines()) == 1


@pytest.mark.full
def test_an_approval_lasts_while_the_proposal_is_what_it_was(enrolled, repair, ask):
    undated = {"asha": BEGUN | {"has_enrolment_date": False}}
    enrolled(0, **undated)
    repair(1, apply=True)
    enrolled(2, **undated)
    repair(3, apply=True)
    assert ask(STATES) == [("asha", "approved")]
    # Another course of hers completed her before the batch began: another value.
    done = undated["asha"] | {"completed_at": FIRST - timedelta(days=90)}
    enrolled(4, asha=done)
    before = ask("SELECT proposed_value FROM operations.enrolment_repair")
    assert repair(5, apply=True).approved_count == 1
    assert ask("SELECT proposed_value FROM operations.enrolment_repair") != before
