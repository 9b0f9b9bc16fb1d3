"""Broken exports: every row is taken or kept out with a reason, and whole rows come out whole."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from jobs.contracts.learning import CLEAN_TABLES
from jobs.refresh import job
from jobs.storage.clustered import open_table
from jobs.storage.quarantine import tables_of_quarantined
from tests.jobs.refresh.malformed import export
from tests.spark_fixtures import PLATFORM_KEY, PLATFORM_SALT

CLEAN = {
    "user_enrolments": "enrolments",
    "users": "learners",
    "assessment_aggregator": "attempts",
    "user_activity_agg": "activity",
    "course_batch": "batches",
}
ROUNDS = [
    pytest.param("csv", 60, id="csv", marks=pytest.mark.full),
    pytest.param("jsonl", 60, id="jsonl"),
    pytest.param("csv", 2000, id="csv, many", marks=pytest.mark.full),
    pytest.param("jsonl", 2000, id="jsonl, many", marks=pytest.mark.full),
]
COURSE = {
    "identifier": "do_1",
    "children": [
        {"identifier": "do_m", "contentType": "Course", "visibility": "Default", "leafNodes": ["do_a"]},
        {"identifier": "do_q", "contentType": "SelfAssess"},
    ],
    "leafNodes": ["do_a", "do_q"],
}  # fmt: skip


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def broken_sunbird(make_settings, monkeypatch, spark):
    """Settings with an empty lake; the refresh uses the tests' one session."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    return make_settings(lake_buckets=2, platform_key=PLATFORM_KEY, platform_salt=PLATFORM_SALT)


def refresh(settings, store):
    made = job.run_refresh(settings, store, tables=[], due_only=False, clock=lambda: NOW)
    return {table.table: table for table in made}


def break_lake(lake, form, rows, number):
    exports = {}
    for table in CLEAN:
        exports[table] = made = export(table, form, rows=rows, number=number)
        folder = lake / table
        folder.mkdir(parents=True)
        (folder / f"a.{form}").write_bytes(made.content)
    folder = lake / "content_hierarchy"
    folder.mkdir()
    course = {"identifier": "do_1", "hierarchy": json.dumps(COURSE)}
    (folder / "a.jsonl").write_text(json.dumps(course))
    return exports


def held(store, table):
    with store.transaction() as connection:
        found = open_table(connection, CLEAN_TABLES[table])
    return [row for page in found.scan(CLEAN_TABLES[table].columns) for row in page.to_pylist()]


def listed(store, table):
    """The keys of the rows that a published version was made without."""
    with store.transaction() as connection:
        (found,) = tables_of_quarantined(connection, (table,))
    return [row for page in found.scan(found.contract.columns) for row in page.to_pylist()]


def reasons(store, table):
    with store.transaction() as connection:
        return connection.execute(
            "SELECT reason, sum(q.row_count)::int AS n FROM operations.quarantine q"
            " JOIN operations.snapshot s USING (snapshot_id) WHERE s.table_name = %s"
            " GROUP BY reason",
            [table],
        ).fetchall()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("form", "rows"), ROUNDS)
def test_every_broken_row_is_taken_or_kept_out_and_whole_rows_come_out_whole(
    broken_sunbird,
    store,
    form,
    rows,
):
    exports = break_lake(broken_sunbird.lake, form, rows, number=rows)

    made = refresh(broken_sunbird, store)

    seen: set[str] = set()
    by_key = sum(row["row_count"] for row in listed(store, "enrolments"))
    assert by_key == sum(made["enrolments"].quarantined.values())
    assert {row["user_id"] for row in listed(store, "enrolments") if row["batch_id"]} - {""}
    for source, table in CLEAN.items():
        kept_out = {row["reason"]: row["n"] for row in reasons(store, table)}
        if source != "user_activity_agg":  # some of its rows are of contexts that are no batch
            counted = (made[table].row_count, kept_out)
            assert made[table].row_count + sum(kept_out.values()) == rows, (source, counted)
        assert all(kept_out), source
        seen |= set(kept_out)
        wanted = exports[source].expected[0]
        found = [{name: row[name] for name in wanted} for row in held(store, table)]
        lost = [row for row in exports[source].expected if row not in found]
        assert lost == [], source
    assert {"malformed_row", "duplicate"} < seen
    assert made["progress"].row_count == made["enrolments"].row_count
