"""The workbook: the CSV's cells, with text as text and numbers as numbers."""

import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.exhausts.cut import write_csv
from jobs.exhausts.layout import Column
from jobs.exhausts.workbook import Workbook

AT = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = [
    Column("Name", "", "text", "user_name"),
    Column("Progress", "", "number", "progress_pct"),
    Column("Score", "", "percent", "total_score_pct"),
    Column("Enrolled", "", "day", "enrolled_on"),
]


def workbook_of(path, rows, columns=COLUMNS, **options):
    with path.open("wb") as target:
        book = Workbook(target, columns, name="Progress", made_at=AT, **options)
        book.add([list(cells) for cells in zip(*rows, strict=True)] if rows else [])
        book.close()
    return book


def part(path, name):
    with zipfile.ZipFile(path) as opened:
        return ElementTree.fromstring(opened.read(name))  # noqa: S314 -- our own file


def cells_in(path):
    """Each row's cells as (type, text)."""
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{MAIN}c")]
        for row in part(path, "xl/worksheets/sheet1.xml").iter(f"{MAIN}row")
    ]


def test_texts_are_strings_and_numbers_numbers(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook_of(path, [("1234567890123456789", "7", "67%", "05/11/2026")])
    assert cells_in(path)[1] == [
        ("inlineStr", "1234567890123456789"), ("n", "7"), ("n", "0.67"), ("n", "46331"),
    ]  # fmt: skip


def test_a_cell_without_a_value_is_empty_and_an_old_day_is_text(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook_of(path, [("", "", "", "01/01/1850")])
    assert cells_in(path)[1] == [("inlineStr", "01/01/1850")]


def test_header_is_bold_frozen_and_the_columns_are_wide_enough(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook_of(path, [], [Column("x" * 30, "", "text", "a"), Column("y", "", "text", "b")])
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert sheet.find(f".//{MAIN}pane").attrib["ySplit"] == "1"
    assert sheet.find(f".//{MAIN}pane").attrib["state"] == "frozen"
    widths = [float(column.attrib["width"]) for column in sheet.iter(f"{MAIN}col")]
    assert widths[0] > 30 > widths[1] > 9
    style = int(next(sheet.iter(f"{MAIN}c")).attrib["s"])
    styles = part(path, "xl/styles.xml")
    font = int(styles.find(f"{MAIN}cellXfs")[style].attrib["fontId"])
    assert styles.find(f"{MAIN}fonts")[font].find(f"{MAIN}b") is not None


def test_the_same_cells_give_the_same_bytes(tmp_path):
    made = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        workbook_of(folder / "a.xlsx", [("क्षत्रिय", "7", "67%", "05/11/2026")] * 50)
        made.append((folder / "a.xlsx").read_bytes())
        assert [path.name for path in folder.iterdir()] == ["a.xlsx"]
    assert made[0] == made[1]


def test_more_rows_than_a_sheet_holds_are_noticed(tmp_path):
    row = ("a", "1", "1%", "")
    assert not workbook_of(tmp_path / "a.xlsx", [row] * 4, room=5).is_full
    assert workbook_of(tmp_path / "b.xlsx", [row] * 5, room=5).is_full


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1),
)
def test_any_text_makes_a_workbook_that_can_be_read_and_has_no_formula(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    columns = [Column("Name", "", "text", "user_name")]
    target = path.open("wb")
    book = Workbook(target, columns, name="Progress", made_at=AT)
    batch = pa.RecordBatch.from_pydict(
        {
            "user_id": names, "left_out_reason": pa.nulls(len(names), pa.string()),
            "is_known": [True] * len(names), "root_org_id": names, "stage": names,
            "user_name": names,
        }
    )  # fmt: skip
    write_csv(io.BytesIO(), [batch], columns, decipher_many=list, beside=book.add)
    book.close()
    target.close()
    rows = cells_in(path)
    assert len(rows) == 1 + sum(bool(name.replace("\0", "")) for name in names)
    assert all(kind == "inlineStr" for row in rows for kind, _ in row)
    assert not list(part(path, "xl/worksheets/sheet1.xml").iter(f"{MAIN}f"))


@pytest.mark.parametrize("link", ["https://example.org", "mailto:asha@example.org", "=1+1"])
def test_what_looks_like_a_link_or_formula_stays_a_text(tmp_path, link):
    path = tmp_path / "a.xlsx"
    workbook_of(path, [(link, "", "", "")])
    assert cells_in(path)[1] == [("inlineStr", link)]
