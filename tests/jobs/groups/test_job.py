"""The groups' edge: both tables or none, a rerun replaces, an answer needs no Spark, erasure."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.groups import GROUP_ACTIVITY_MEMBER
from jobs.contracts.learning import ACTIVITY, COLLECTIONS, LEARNERS
from jobs.errors import RequestError, UnavailableError
from jobs.groups import job
from jobs.privacy.looking.job import TABLES
from jobs.storage.erasures import note_erased
from jobs.storage.snapshots import latest, quarantined_of

NOW = datetime(2026, 11, 21, 10, 20, tzinfo=UTC)
RAW = {
    "groups": [{"id": "g1", "name": "Class"}],
    "group_member": [
        {"groupid": "g1", "userid": "asha", "role": "admin", "status": "active"},
        {"groupid": "g1", "userid": "ravi", "role": "member", "status": "active"},
        {"groupid": "g9", "userid": "ravi", "role": "member", "status": "active"},
    ],
    "group_activity": [
        {"groupid": "g1", "id": "do_1", "type": "Course"},
        {"groupid": "g1", "id": "do_2", "type": "Course"},
        {"groupid": "g1", "id": "do_2", "type": "TextBook"},
    ],
}


@pytest.fixture
def settings(make_settings):
    made = make_settings(snapshots_kept=1)
    for name, rows in RAW.items():
        file = made.lake / name / "part-0.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


@pytest.fixture
def aggregate(settings, monkeypatch, spark, store):
    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    return lambda now=NOW: job.run_group_activity(settings, store, now=now)


@pytest.fixture
def platform(publish_rows):
    row = {"batch_id": "b1", "user_id": "asha", "collection_id": "do_1", "is_known": True}
    held = {
        PROGRESS: [row | {"stage": "completed", "progress_pct": 100, "has_certificate": False}],
        ACTIVITY: [],
        COLLECTIONS: [],
        LEARNERS: [{"user_id": "asha", "user_name": "Asha Rao"}],
    }
    for contract, rows in held.items():
        publish_rows(contract, rows, data_as_of=NOW)


def test_both_tables_are_published_a_rerun_replaces_and_the_portal_is_answered(
    aggregate, store, platform, settings, ask
):
    first = aggregate()
    again = aggregate(NOW + timedelta(hours=1))
    assert first == again
    assert first.rows == {"group_activity": 3, "group_activity_member": 6}
    assert first.kept_out == {"group_member.unknown_group": 1}
    assert ask("SELECT count(*), sum(completed_count) FROM metrics.group_activity") == [(3, 1)]
    with store.transaction() as connection:
        snapshot = latest(connection, GROUP_ACTIVITY_MEMBER.name)
        assert [one.row_count for one in quarantined_of(connection, snapshot.snapshot_id)] == [1]
    # Of the version before, neither a row nor a file is left.
    assert ask("SELECT count(*) FROM operations.snapshot WHERE table_name ~ '^group'") == [(1,)]
    versions = (settings.clean_lake / GROUP_ACTIVITY_MEMBER.name).iterdir()
    assert [one.name for one in versions] == [snapshot.snapshot_id]

    answer = job.portal_answer(store, group_id="g1", activity_id="do_1")
    assert [(one["name"], one["userId"]) for one in answer["members"]] == [
        ("Asha Rao", "asha"), (None, "ravi"),
    ]  # fmt: skip
    assert answer["activity"]["agg"][1] == {
        "metric": "completedCount", "value": 1, "lastUpdatedOn": None,
    }  # fmt: skip
    with pytest.raises(RequestError, match="Course, TextBook"):
        job.portal_answer(store, group_id="g1", activity_id="do_2")
    named = job.portal_answer(store, group_id="g1", activity_id="do_2", activity_type="textbook")
    assert named["activity"]["type"] == "TextBook"
    with pytest.raises(RequestError, match="no activity do_9"):
        job.portal_answer(store, group_id="g1", activity_id="do_9")


@pytest.mark.full
def test_an_erased_learner_is_in_no_group_and_none_is_published_who_is_erased_meanwhile(
    aggregate, store, platform, monkeypatch, ask, spark
):
    assert GROUP_ACTIVITY_MEMBER.name in TABLES
    read_roster = job.read_roster

    def erased_meanwhile(*given, watch):
        with store.transaction() as connection:
            note_erased(connection, "ravi", now=NOW, recorded_by="dpo")
        return read_roster(*given, watch=watch)

    monkeypatch.setattr(job, "read_roster", erased_meanwhile)
    with pytest.raises(UnavailableError, match="erased while"):
        aggregate()
    assert ask("SELECT * FROM metrics.group_activity") == []
    monkeypatch.setattr(job, "read_roster", read_roster)
    assert aggregate().rows["group_activity_member"] == 3


@pytest.mark.full
def test_without_groups_there_are_no_rows_and_no_failure(aggregate, settings, platform):
    for name in RAW:
        (settings.lake / name / "part-0.jsonl").unlink()
    assert aggregate().rows == {"group_activity": 0, "group_activity_member": 0}
