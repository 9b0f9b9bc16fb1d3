"""The files opened by a real spreadsheet program and saved again: what people see is what we wrote."""

import csv
import io
import itertools
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from jobs.delivery import spreadsheet
from jobs.exhausts.cut import write_csv
from jobs.exhausts.layout import COLLECTION, DASHBOARD, Column
from jobs.exhausts.workbook import Workbook

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(600),
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the PATH"),
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
AT = datetime(2026, 11, 21, tzinfo=UTC)
TEXT_COLUMNS = [
    *{column.source: column for column in [*DASHBOARD, *COLLECTION] if column.kind == "text"}.values()
]  # fmt: skip

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "\0=",
    "'=",
    "\u00a0=",
)
BODIES = (
    "1+1", "SUM(1,2)", 'HYPERLINK("http://e.example","x")', "cmd|' /C calc'!A0", "A1", "1",
    'WEBSERVICE("http://e.example")', "DDE(\"cmd\";\"/C calc\";\"x\")", "TODAY()", "2+5+cmd",
    '10+20";=1+1', "IF(1;2;3)", "IMPORTXML(A1)", "1E+5", "ROW()", "{1;2}", "$A$1", "NA()",
    "INDIRECT(\"A1\")", "SUM(1+1)*cmd|' /C calc'!A0",
)  # fmt: skip
PAYLOADS = [start + body for start, body in itertools.product(STARTS, BODIES)]
NAMES = [
    "क्षत्रिय शर्मा", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "தமிழ்ச்செல்வி", "ಕನ್ನಡ", "తెలుగు", "മലയാളം ക്\u200dഷ", "বাংলা", "ગુજરાતી", "ଓଡ଼ିଆ",
    "two\nlines", "two\r\nlines", "two\rlines", "two\u2028lines", "🙂 emoji 👩‍🏫", "n\0ul", "a,b;c\td",
    '"quoted", O\'Neil', "a \"half quote", "  two  blanks  ", "x" * 1_000_000, "🙂" * 20_000,
    "back\\slash", "ends with\\",
]  # fmt: skip
IDS = ["1234567890123456789", "01300000000000000001", "do_31309287232935526411138"]


def cut(tmp_path, texts, columns=TEXT_COLUMNS):
    """The two files with a text in every text column of a row, and the CSV's own rows."""
    batch = pa.RecordBatch.from_pydict(
        {column.source: texts for column in columns}
        | {"user_id": texts, "left_out_reason": pa.nulls(len(texts), pa.string())}
        | {"is_known": [True] * len(texts), "root_org_id": texts, "stage": texts}
    )
    sheet = (tmp_path / "book.xlsx").open("wb")
    book = Workbook(sheet, columns, name="Progress", made_at=AT)
    target = io.BytesIO()
    write_csv(target, [batch], columns, decipher_many=list, beside=book.add)
    book.close()
    sheet.close()
    (tmp_path / "table.csv").write_bytes(target.getvalue())
    text = target.getvalue().decode("utf-8-sig")
    csv.field_size_limit(2_000_000)
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def opened_and_saved(tmp_path, name, *options):
    """The workbook that the spreadsheet program makes of the file."""
    saved = tmp_path / "saved" / Path(name).with_suffix(".xlsx")
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            *options,
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(saved.parent),
            str(tmp_path / name),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return saved


def sheet_of(path):
    """(texts by row, number of formulas, number of cells that are numbers)."""
    with zipfile.ZipFile(path) as opened:
        sheet = ElementTree.fromstring(opened.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        shared = [
            unescaped("".join(piece.text or "" for piece in one.iter(f"{MAIN}t")))
            for one in ElementTree.fromstring(opened.read("xl/sharedStrings.xml"))  # noqa: S314
        ]
    rows, numbers = [], 0
    for row in sheet.iter(f"{MAIN}row"):
        rows.append([])
        for cell in row.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            is_text = cell.get("t") == "s"
            numbers += value is not None and not is_text
            text = "" if value is None else value.text
            rows[-1].append(shared[int(text)] if is_text else text)
    return rows, len(list(sheet.iter(f"{MAIN}f"))), numbers


def unescaped(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def one_kind_of_line_break(rows):
    # The program keeps a break as a break; which of the kinds it was is not kept by any.
    return [[re.sub(r"\r\n|\r", "\n", cell) for cell in row] for row in rows]


CSV_FILTER = "--infilter=CSV:44,34,76,1"
FILES = [
    pytest.param("table.csv", [CSV_FILTER], id="csv"),
    # As an importer sees it that is asked to detect all it can and to evaluate formulas.
    pytest.param(
        "table.csv", [f"{CSV_FILTER},,0,false,true,false,false,false,-1,true"], id="csv, detecting"
    ),
    pytest.param("book.xlsx", [], id="xlsx"),
]


@pytest.mark.parametrize(("name", "options"), FILES)
def test_no_payload_becomes_a_formula_and_every_text_comes_back(tmp_path, name, options):
    assert len(PAYLOADS) == 300
    written = cut(tmp_path, PAYLOADS)
    rows, formulas, _ = sheet_of(opened_and_saved(tmp_path, name, *options))
    assert formulas == 0
    assert one_kind_of_line_break(rows) == one_kind_of_line_break(written)
    for payload, row in zip(PAYLOADS, written[1:], strict=True):
        bare = payload.replace("\0", "")
        assert set(row) <= {bare, f"'{bare}"}


@pytest.mark.parametrize(("name", "options"), FILES)
def test_names_in_every_script_and_odd_texts_come_back(tmp_path, name, options):
    written = cut(tmp_path, NAMES)
    rows, formulas, numbers = sheet_of(opened_and_saved(tmp_path, name, *options))
    assert (formulas, numbers) == (0, 0)
    assert one_kind_of_line_break(rows) == one_kind_of_line_break(written)
    assert [row[0] for row in written[1:]] == [spreadsheet.text(text) for text in NAMES]
    assert max(len(row[0].encode("utf-16-le")) // 2 for row in rows) == spreadsheet.CELL_UNITS


def test_long_ids_stay_whole_in_the_workbook(tmp_path):
    columns = [Column("Id", "", "text", "external_id")]
    cut(tmp_path, IDS, columns)
    rows, _, numbers = sheet_of(opened_and_saved(tmp_path, "book.xlsx"))
    assert [row[0] for row in rows[1:]] == IDS
    assert numbers == 0
