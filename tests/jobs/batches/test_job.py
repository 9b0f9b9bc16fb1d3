"""The status job on a small lake: what is written, who is told, and what becomes of a failure."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from jobs.batches import job
from jobs.errors import ContractError, GateError, UnavailableError
from jobs.storage.store import Reader

AT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
BATCHES = [
    {"courseid": "do_1", "batchid": "ends", "name": "A", "enrollmenttype": "open"}
    | {"startdate": "2026-11-01", "enddate": "2026-11-21", "status": 1, "createdfor": '["org"]'},
    {"courseid": "do_1", "batchid": "runs", "startdate": "2026-11-01", "status": 1},
    {"courseid": "do_2", "batchid": "starts", "name": 'B, "b"', "startdate": "2026-11-22"}
    | {"enddate": "2026-12-01", "status": 0},
    {"courseid": "do_3", "batchid": "moved", "startdate": "2026-12-01", "status": 1},
    {"courseid": "do_4", "batchid": "odd", "startdate": "0000-00-00", "status": 2},
]
MOVED = {"ended": 1, "start_moved": 1, "started": 1}


@pytest.fixture
def status_run(make_settings, monkeypatch, spark, store):
    """status_run(batches, at=..., clock=..., **settings) -> StatusRun, on the tests' session."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)

    def run(batches=BATCHES, *, at=AT, clock=AT, dry_run=False, force=False, **settings):
        made = make_settings(lms_timeout_seconds=0.2, **settings)
        file = made.lake / "course_batch" / "a.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in batches))
        return job.run_batch_status(
            made, store, at=at, clock=lambda: clock, dry_run=dry_run, force=force
        )

    return run


def current(ask):
    return dict(ask("SELECT batch_id, status FROM operations.batch_status"))


def everything(ask):
    return [
        ask(f"SELECT * FROM operations.{name} ORDER BY 1, 2")  # noqa: S608
        for name in ("batch_status", "batch_status_change", "batch_status_publication",
                     "gate_verdict")
    ]  # fmt: skip


def test_changes_are_written_and_a_rerun_or_an_empty_table_writes_nothing(status_run, ask):
    first = status_run()

    assert (first.moved, first.problems) == (MOVED, {"unparsable_date": 1})
    assert current(ask) == {"ends": 2, "runs": 1, "starts": 1, "moved": 0, "odd": 2}
    assert ask(
        "SELECT batch_id, from_status, to_status, reason, judged_for"
        " FROM operations.batch_status_change ORDER BY batch_id"
    ) == [
        ("ends", 1, 2, "ended", AT),
        ("moved", 1, 0, "start_moved", AT),
        ("starts", 0, 1, "started", AT),
    ]
    before = everything(ask)
    again = status_run(clock=AT + timedelta(seconds=9))
    assert (again.written_count, again.moved) == (0, {})
    assert everything(ask) == before
    empty = status_run([], clock=AT + timedelta(hours=1))
    assert (empty.written_count, empty.moved) == (0, {})
    assert everything(ask) == before
    # The course's batches, of which one has its own data in the columns that the LMS is told.
    assert ask(
        "SELECT created_for, batch_name, enrolment_type FROM operations.batch_status"
        " WHERE batch_id = 'ends'"
    ) == [(["org"], "A", "open")]


def test_lms_is_told_what_changed_and_nothing_is_open_then(status_run, ask, store, search, content):
    run = status_run(
        search_url=search.url, content_url=content.url, search_authorization="ApiKey k"
    )

    assert search.taken == {"ends": 2, "starts": 1, "moved": 0}
    lists = {path.rsplit("/", 1)[1]: batches for path, batches in content.taken.items()}
    assert {course: [b["batchId"] for b in batches] for course, batches in lists.items()} == {
        "do_1": ["runs"],
        "do_2": ["starts"],
        "do_3": ["moved"],
    }
    assert lists["do_2"][0] == {
        "batchId": "starts", "name": 'B, "b"', "status": 1, "startDate": "2026-11-22",
        "endDate": "2026-12-01", "enrollmentEndDate": "2026-11-30", "enrollmentType": None,
        "createdFor": None,
    }  # fmt: skip
    assert search.requests[0][2]["Authorization"] == "ApiKey k"
    assert run.drift == {}
    assert ask("SELECT * FROM operations.batch_status_publication") == []
    # Readers name no schema.
    with store.reader_transaction(Reader.OPERATOR) as connection:
        assert connection.execute("SELECT count(*) FROM batch_status").fetchall() == [(5,)]
        assert connection.execute("SELECT count(*) FROM batch_status_change").fetchall() == [(3,)]


@pytest.mark.full
def test_new_change_of_a_batch_takes_the_place_of_the_one_that_was_not_told(status_run, search):
    search.behaviour = "503"
    status_run(search_url=search.url)
    search.behaviour = "takes"
    longer = [row | {"enddate": "2027-01-01"} for row in BATCHES]
    status_run(longer, search_url=search.url, clock=AT)

    assert search.taken["ends"] == 1


@pytest.mark.full
def test_past_instant_is_written_but_told_only_with_force(status_run, ask, search):
    past, now = datetime(2026, 11, 10, tzinfo=UTC), AT
    status_run(at=past, clock=now, search_url=search.url)
    assert current(ask)["ends"] == 1
    assert search.requests == []

    status_run(at=past, clock=now, force=True, search_url=search.url)
    assert search.taken == {"moved": 0}
    # What was not told for the past is not forgotten by the next run for now.
    status_run(clock=now, search_url=search.url)
    assert search.taken == {"ends": 2, "starts": 1, "moved": 0}


def test_dry_run_writes_and_tells_nothing(status_run, ask, search):
    run = status_run(dry_run=True, search_url=search.url)

    assert run.moved == MOVED
    assert everything(ask) == [[], [], [], []]
    assert search.requests == []


@pytest.mark.full
def test_source_that_lost_most_batches_is_stopped_by_the_gate(status_run, ask):
    status_run()

    with pytest.raises(GateError, match="no more than half are gone"):
        status_run(BATCHES[:2], clock=AT + timedelta(hours=1))

    assert len(current(ask)) == 5
    assert ("no more than half are gone", "failed") in ask(
        "SELECT check_name, verdict FROM operations.gate_verdict"
    )


@pytest.mark.full
def test_batch_that_is_gone_leaves_the_table_and_its_course_is_told(status_run, ask, content):
    status_run(content_url=content.url)

    run = status_run(BATCHES[:4], clock=AT + timedelta(minutes=1), content_url=content.url)

    assert run.moved == {"removed": 1}
    assert "odd" not in current(ask)
    assert content.taken["/system/v3/content/update/do_4"] is None


def test_missing_table_or_column_is_named_and_changes_nothing(
    status_run, ask, make_settings, store
):
    with pytest.raises(UnavailableError, match="course_batch"):
        job.run_batch_status(make_settings(), store, at=AT, clock=lambda: AT)
    with pytest.raises(ContractError, match="missing_batchid"):
        status_run([{"courseid": "do_1", "name": "no id"}])
    assert current(ask) == {}


def test_second_run_at_the_same_time_is_refused(status_run, store):
    from jobs.storage import batch_status as table

    with store.transaction() as connection:
        assert table.lock(connection)
        with pytest.raises(UnavailableError, match="never more than one"):
            status_run()
