"""The published files: the exact names, headers and orders that the portal has always read."""

import csv
import io
from datetime import date

import pyarrow as pa
import pytest

from jobs.contracts.textbook_reports import TEXTBOOK_REPORT_TABLES
from jobs.textbooks.aggregates import aggregate_files
from jobs.textbooks.files import as_csv, listing_files

BOOK = "Textbook ID, Medium, Grade, Subject, Textbook Name"
LEVELS = (
    "Level 1 Name, Level 2 Name, Level 3 Name, Level 4 Name, Level 5 Name, QR Code, Total Scans"
)
CODES = "QR Codes with content, QR Codes without content"
HEADERS = {
    "DCE_textbook_data.csv": f"{BOOK}, Created On, Last Updated On, Total number of QR codes,"
    " Number of QR codes with atleast 1 linked content,"
    " Number of QR codes with no linked content, Term 1 QR Codes with no linked content,"
    " Term 2 QR Codes with no linked content",
    "DCE_dialcode_data.csv": f"{BOOK}, {LEVELS}, Term",
    "dce_qr_content_status.csv": "Status, Count",
    "dce_qr_content_status_grade.csv": f"Class, {CODES}",
    "dce_qr_content_status_subject.csv": f"Subject, {CODES}",
    "ETB_textbook_data.csv": f"{BOOK}, Textbook Status, Created On, Last Updated On,"
    " Total content linked, Total QR codes linked to content,"
    " Total number of QR codes with no linked content, Total number of leaf nodes,"
    " Number of leaf nodes with no content",
    "ETB_dialcode_data.csv": f"{BOOK}, Textbook Status, Type of Node, {LEVELS}, Number of contents",
    "etb_textbook_status.csv": "Status, Count",
    "etb_textbook_status_grade.csv": "Class, Live, Review, Draft",
    "etb_textbook_status_subject.csv": "Subject, Live, Review, Draft",
    "etb_qr_count.csv": "Status, Count",
    "etb_qr_content_status.csv": "Status, Count",
    "etb_qr_content_status_grade.csv": f"Class, {CODES}",
    "etb_qr_content_status_subject.csv": f"Subject, {CODES}",
}
FOLDERS = {"c1": "one", "c2": "two"}


def tables(**rows):
    """{table: Arrow table}, empty but for the rows given; what a row does not say is 0 or empty."""

    def whole(contract, row):
        empty = {"bigint": 0, "integer": 0, "text": "", "date": date(2026, 11, 16)}
        required = {f.name: empty[f.type.postgres] for f in contract.fields if f.required}
        return {**dict.fromkeys(contract.columns), **required, **row}

    return {
        name: pa.Table.from_pylist(
            [whole(contract, row) for row in rows.get(name, [])], schema=contract.arrow_schema()
        )
        for name, contract in TEXTBOOK_REPORT_TABLES.items()
    }


def lines_of(**rows):
    made = tables(**rows)
    return dict(listing_files(made, FOLDERS)) | dict(aggregate_files(made, FOLDERS))


@pytest.mark.parametrize("name", HEADERS)
def test_the_file_is_there_with_its_header_for_all_and_for_a_tenant_without_textbooks(name):
    files = lines_of()

    for folder in ("overall", "one", "two"):
        read = csv.reader(io.StringIO(as_csv(files[f"{folder}/{name}"]).decode("utf-8")))
        assert next(read) == HEADERS[name].split(", ")


def test_no_other_file_is_published_but_the_list_of_what_cannot_be_counted():
    assert {name.split("/")[-1] for name in lines_of()} == {
        *HEADERS,
        "textbooks_without_hierarchy.csv",
    }


def book(channel, position, **more):
    return {"owner_channel": channel, "ownership": "own", "book_position": position} | more


def test_rows_are_in_the_order_of_textbooks_units_and_codes():
    rows = [
        book("c1", 2, textbook_id="second"),
        book("c1", 1, textbook_id="first", node_number=4, code="B"),
        book("c1", 1, textbook_id="first", node_number=4, code="A"),
        book("c1", 1, textbook_id="first", node_number=3, code="Z"),
    ]
    lines = lines_of(textbook_creation_node=rows)["one/ETB_dialcode_data.csv"]

    assert [(line[0], line[12]) for line in lines[1:]] == [
        ("first", "Z"), ("first", "A"), ("first", "B"), ("second", ""),
    ]  # fmt: skip


def test_adopted_rows_are_in_the_states_file_and_not_in_that_of_all():
    rows = [
        book("c1", 1, textbook_id="t", scan_count=5, all_scan_count=9),
        book("c2", 2, textbook_id="t", scan_count=4, all_scan_count=9, ownership="adopted"),
    ]
    files = lines_of(qr_status_code=rows)

    def scans(folder):
        return [(line[0], line[11]) for line in files[f"{folder}/DCE_dialcode_data.csv"][1:]]

    assert scans("one") == [("t", "5")]
    assert scans("two") == [("t", "4")]
    assert scans("overall") == [("t", "9")]


def test_only_codes_without_content_are_exceptions():
    rows = [book("c1", 1, code="EMPTY"), book("c1", 2, code="FULL", content_count=1)]
    lines = lines_of(qr_status_code=rows)["one/DCE_dialcode_data.csv"]

    assert [line[10] for line in lines[1:]] == ["EMPTY"]


def test_cells_are_text_that_a_spreadsheet_does_not_run_days_as_in_india_and_blanks():
    row = book("c1", 1, textbook_name='=HYPERLINK("x")', created_on=date(2025, 4, 1))
    line = lines_of(qr_status_textbook=[row])["one/DCE_textbook_data.csv"][1]

    assert (line[4], line[5], line[6], line[7]) == ('\'=HYPERLINK("x")', "01/04/2025", "", "")
    assert as_csv([["ગણિત, 7"]]) == '"ગણિત, 7"\n'.encode()


def figures(channel, **more):
    scope = {"owner_scope": "tenant" if channel else "overall", "owner_channel": channel}
    return scope | {"ownership": "all", "dimension": "total"} | more


def test_classes_are_in_the_order_of_the_school_and_those_without_one_are_last():
    values = ["", "Class 10", "Other", "KG", "Class 2"]
    rows = [figures("c1", dimension="grade", value=value, live_count=1) for value in values]
    lines = lines_of(textbook_creation_summary=rows)["one/etb_textbook_status_grade.csv"]

    assert [line[0] for line in lines[1:]] == ["KG", "Class 2", "Class 10", "Other", "Not given"]
    assert lines[1] == ["KG", "1", "0", "0"]


def test_own_and_adopted_figures_stand_apart_beside_those_of_both():
    rows = [
        figures("c1", ownership=ownership, live_count=n)
        for ownership, n in (("all", 5), ("own", 3), ("adopted", 2))
    ]
    files = lines_of(textbook_creation_summary=rows)

    assert files["one/etb_textbook_status.csv"][1] == ["Live", "5"]
    assert files["one/own/etb_textbook_status.csv"][1] == ["Live", "3"]
    assert files["one/adopted/etb_textbook_status.csv"][1] == ["Live", "2"]
    assert files["two/etb_textbook_status.csv"] == [
        ["Status", "Count"], ["Live", "0"], ["Review", "0"], ["Draft", "0"],
    ]  # fmt: skip
