"""The weekly reports as a whole: tables and files, twice alike, and what is refused."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.contracts.textbooks import TEXTBOOKS
from jobs.errors import RequestError, UnavailableError
from jobs.samples.places import NATIONAL
from jobs.samples.textbooks import MISSING, SHARED_CODE, TORN
from jobs.storage.checks import run_checks
from jobs.storage.objects import FolderObjects
from jobs.textbooks.reporting import job
from tests.jobs.textbooks.report_tables import AS_OF, TENANTS, sample_textbooks

MONDAY, NEXT_MONDAY = date(2026, 11, 16), date(2026, 11, 23)
TABLES = ("qr_status_textbook", "qr_status_code", "textbook_creation", "textbook_creation_node")
# The day before the academic year, its first, the last whole one, and the day of the run.
SCANNED = {date(2026, 5, 31): 1000, date(2026, 6, 1): 1, date(2026, 11, 17): 10, AS_OF.date(): 100}


@pytest.fixture
def platform(make_settings, monkeypatch, spark, store, publish_rows):
    """(settings, store, objects) with the sample's textbooks refreshed and scans counted."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    settings = make_settings()
    organisations = settings.lake / "organisation" / "a.csv"
    organisations.parent.mkdir(parents=True)
    rows = [f"{org},{channel},{slug},true\n" for channel, org, slug, _ in TENANTS]
    organisations.write_text("id,channel,slug,isrootorg\n" + "".join(rows))
    publish_rows(TEXTBOOKS, sample_textbooks(), data_as_of=AS_OF)
    with store.transaction() as connection:
        for day, count in SCANNED.items():
            connection.execute(
                "INSERT INTO metrics.scans_by_code_daily VALUES (%s, 'tenant', %s, %s, %s, %s, 0)",
                [day, NATIONAL.channel, SHARED_CODE, count, count],
            )
    return settings, store, FolderObjects(settings.objects)


def run(platform, as_of=AS_OF, now=AS_OF):
    return job.run_textbook_reports(*platform, as_of=as_of, now=now)


def files_of(platform):
    root = platform[0].objects / "portal_dashboards"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*.csv")
        if path.is_file()
    }


def test_a_run_and_its_rerun_give_the_same_tables_and_files_of_every_tenant(platform, ask):
    def published():
        return {
            name: sorted(map(str, ask(f"SELECT * FROM metrics.{name}")))  # noqa: S608 -- our own
            for name in TABLES
        }

    first = run(platform)
    tables, files = published(), files_of(platform)
    again = run(platform, now=AS_OF + timedelta(hours=1))

    assert (published(), files_of(platform)) == (tables, files)
    assert again.rows == first.rows
    assert first.week.starts_on == MONDAY
    assert first.not_counted == sorted([MISSING.version_id, TORN.version_id])
    # 5 listings and 10 aggregates of all and of five tenants; aggregates own and adopted too.
    assert len(files) == first.file_count == 6 * (5 + 3 * 10)
    # The academic year begins on 1 June and ends with the last whole day.
    scans = ask("SELECT DISTINCT scan_count FROM metrics.qr_status_code WHERE scan_count > 0")
    assert scans == [(11,)]
    # A tenant with no textbook has every file, with headers and figures of 0.
    assert files["kerala/etb_textbook_status.csv"] == b"Status,Count\nLive,0\nReview,0\nDraft,0\n"
    assert files["kerala/DCE_textbook_data.csv"].count(b"\n") == 1


def test_the_gate_stops_a_week_in_which_more_than_half_of_the_textbooks_are_gone(store):
    def found(there):
        with store.transaction() as connection:
            connection.execute("DELETE FROM metrics.textbook_creation")
            for week, numbers in ((MONDAY, range(12)), (NEXT_MONDAY, there)):
                connection.cursor().executemany(
                    "INSERT INTO metrics.textbook_creation (week_on, owner_channel, ownership,"
                    " textbook_id, source_id, board, version_id, status, book_position)"
                    " VALUES (%s, '', 'own', %s, '', '', '', 'Live', 1)",
                    [(week, str(number)) for number in numbers],
                )
            checks = run_checks(connection, "textbook_creation", {"week_on": NEXT_MONDAY})
        return {check.check: check.row_count for check in checks}["no more than half are gone"]

    assert found(range(6, 30)) == 0
    assert found(range(7, 30)) == 1
    assert found([]) == 1


def test_another_week_than_this_is_refused_since_textbooks_are_known_as_they_are(platform):
    with pytest.raises(RequestError, match="week of 2026-11-09 cannot be reported"):
        run(platform, as_of=AS_OF - timedelta(days=7))


def test_without_refreshed_textbooks_the_run_says_which_command_to_run(make_settings, store):
    settings = make_settings()
    with pytest.raises(UnavailableError, match="refresh textbooks"):
        job.run_textbook_reports(
            settings,
            store,
            FolderObjects(settings.objects),
            as_of=AS_OF,
            now=datetime(2026, 11, 18, 5, tzinfo=UTC),
        )
