"""What the archive of one batch holds, and what the message says of it."""

import io
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ENROLMENTS
from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.delivery.facts import BatchFacts
from jobs.delivery.wording import Wording
from jobs.exhausts import workbook
from jobs.exhausts.filling import job
from jobs.exhausts.kinds import PROGRESS_EXHAUST
from jobs.exhausts.planning.job import open_tables
from tests.jobs.exhausts.small_platform import DATA_AS_OF, learner
from tests.lake_fixtures import write_clustered

KEPT_OUT = [
    {"source_table": "user_enrolments", "reason": "duplicate", "user_id": "u7", "row_count": 2},
    {"source_table": "user_enrolments", "reason": "unreadable_active", "user_id": "u8", "row_count": 1},
]  # fmt: skip


def members(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def keep_out(platform, batch_id, rows=KEPT_OUT):
    """A version of the enrolments that left out these rows of a batch."""
    snapshot = platform.publish_rows(ENROLMENTS, [], data_as_of=platform.data_as_of)
    folder = Path(snapshot.path) / "_quarantined"
    write_clustered(folder, QUARANTINED_ROWS, [{"batch_id": batch_id, **row} for row in rows])


def test_by_default_the_archive_holds_the_csv_alone(platform):
    request_id = platform.ask("b1")
    platform.answer()
    assert list(members(platform.archive(request_id))) == [
        "progress_teaching-fractions_b1_2026-11-22.csv"
    ]


def test_a_workbook_beside_the_csv_by_setting(platform, make_platform):
    platform.settings = make_platform(exhaust_formats=["csv", "xlsx"]).settings
    first, second = platform.ask("b1"), platform.ask("b1", tag="again", by="meera")
    platform.answer()
    found = members(platform.archive(first))
    assert list(found) == [
        "progress_teaching-fractions_b1_2026-11-22.csv",
        "progress_teaching-fractions_b1_2026-11-22.xlsx",
    ]
    assert platform.archive(first) == platform.archive(second)
    assert platform.facts(first)["batches"][0]["files"] == list(found)
    sheet = found["progress_teaching-fractions_b1_2026-11-22.xlsx"]
    with zipfile.ZipFile(io.BytesIO(sheet)) as opened:
        assert opened.read("xl/worksheets/sheet1.xml").count(b"<row ") == 1 + 3


def test_more_rows_than_a_sheet_holds_come_as_csv_alone_and_the_message_says_why(
    platform, make_platform, monkeypatch
):
    def small_sheet(*given, **named):
        return workbook.Workbook(*given, **named, room=3)

    monkeypatch.setattr(job, "Workbook", small_sheet)
    platform.settings = make_platform(exhaust_formats=["csv", "xlsx"]).settings
    request_id = platform.ask("b1")
    platform.answer()
    assert len(members(platform.archive(request_id))) == 1
    assert platform.facts(request_id)["batches"][0]["notes"] == ["too_many_rows_for_a_sheet"]


def test_rows_that_were_kept_out_are_listed_beside_the_report_and_named(platform):
    keep_out(platform, "b1")
    request_id, other = platform.ask("b1"), platform.ask("b2")
    platform.answer()
    listed = members(platform.archive(request_id))["quarantine_b1_2026-11-22.csv"]
    assert listed.decode("utf-8-sig").splitlines()[1:] == [
        'user_enrolments,duplicate,"Another row has the same key, and says more; that one counts.",u7,2',
        "user_enrolments,unreadable_active,The row's value in the column active is not of the kind that belongs there.,u8,1",
    ]  # fmt: skip
    facts = BatchFacts.model_validate(platform.facts(request_id)["batches"][0])
    told = Wording("en", ZoneInfo("Asia/Kolkata")).remarks(facts)
    assert (
        "3 rows of the platform were not used: quarantine_b1_2026-11-22.csv in the same"
        " archive says why." in told
    )
    assert len(members(platform.archive(other))) == 1


def test_a_tenant_among_several_is_told_numbers_and_no_learner(platform):
    keep_out(platform, "b1")
    bench = job.Bench(None, None, open_tables(platform.store, PROGRESS_EXHAUST), None, DATA_AS_OF)
    order = job.Order({"batch_id": "b1"}, {}, "up")
    assert [(row["reason"], row["user_id"], row["row_count"]) for row in job.rows_kept_out(bench, order)] == [
        ("duplicate", "", 2), ("unreadable_active", "", 1),
    ]  # fmt: skip


def test_a_text_longer_than_a_cell_is_cut_with_a_mark_and_the_message_says_so(platform):
    rows = [learner("u1", user_name="ന" * 1_000_000)]
    platform.publish_rows(PROGRESS, rows, data_as_of=platform.data_as_of)
    request_id = platform.ask("b1")
    platform.answer()
    (row,) = platform.csv(request_id).decode("utf-8-sig").splitlines()[1:]
    assert row.split(",")[2] == "ന" * 32_766 + "…"
    assert platform.facts(request_id)["batches"][0]["notes"] == ["texts_cut_short"]


@pytest.mark.parametrize("formats", [[], ["xlsx"], ["pdf"]])
def test_formats_without_the_csv_are_refused(make_settings, formats):
    with pytest.raises(ValueError, match="exhaust_formats"):
        make_settings(exhaust_formats=formats)
