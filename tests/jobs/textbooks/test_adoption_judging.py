"""The twelve scenarios of a wrong row, each with its code, and every bad value of a row at once."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.textbooks.adoption.curriculum import tenant_of
from jobs.textbooks.adoption.judging import Judge, rejected, values_of
from jobs.textbooks.adoption.library import Library, books_of
from jobs.textbooks.adoption.metadata import Limits
from jobs.textbooks.adoption.papers import findings_file
from jobs.textbooks.adoption.sheet import Sheet, read_sheet
from tests.jobs.textbooks.adoption_cases import (
    BOOKS,
    COPY,
    DRAFT,
    FRAMEWORK_ROWS,
    GUJARAT,
    HEADER,
    ICON,
    MATHS,
    NO_BOOK,
    OWN,
    SCIENCE,
    WHOLE,
    lines,
    mediums,
)  # fmt: skip

GUJARATI = f"{MATHS},State (Gujarat),Gujarati"
CELLS = st.text(max_size=12) | st.sampled_from([MATHS, DRAFT, "State (Gujarat)", "Gujarati", ICON])


def judged(data, channel=GUJARAT, board=""):
    sheet = read_sheet(data, mode=None, most_bytes=10_000_000, most_rows=1000)
    judge = Judge(
        Library(books_of(BOOKS), {NO_BOOK}),
        tenant_of(FRAMEWORK_ROWS, channel),
        Limits(name=60, description=200),
        frozenset({channel}),
        board,
    )
    return judge.judged(sheet)


def codes(data, **more):
    return [(one.code, one.field, one.value) for one in judged(data, **more).findings]


def whole(**values):
    cells = dict(
        zip(
            ("do_id", "board", "medium", "grade", "subject", "name", "description", "icon"),
            (MATHS, "State (Gujarat)", "Gujarati", "Class 7", "Mathematics", "Ganit", "On it", ICON),
            strict=True,
        )
    )  # fmt: skip
    return lines(",".join(f'"{cell}"' for cell in (cells | values).values()))


def test_rows_without_an_error_are_wanted_as_they_are_written():
    found = judged(lines(WHOLE))

    (one,) = found.wanted
    assert found.findings == []
    assert (one.key, one.mediums, one.name) == (
        (MATHS, "State (Gujarat)"), ("Gujarati", "English"), "Ganit 7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "likely"),
    [
        ("do_3111", MATHS),
        (f"DO_{MATHS[3:]}", MATHS),
        (f"https://diksha.example/play/collection/{MATHS}?x=1", MATHS),
        (f"{MATHS}.img", MATHS),
        ("do_777777777", ""),
    ],
)
def test_1_a_wrong_id_is_told_with_the_one_that_was_likely_meant(asked, likely):
    (one,) = judged(mediums(f"{asked},State (Gujarat),Gujarati")).findings

    assert (one.code, one.nearest) == ("ADOPT_ID_NOT_FOUND", likely)


def test_2_a_textbook_that_is_not_live_is_told_with_its_status():
    (one,) = judged(mediums(f"{DRAFT},State (Gujarat),Gujarati")).findings

    assert (one.code, "it is Draft" in one.message) == ("ADOPT_NOT_LIVE", True)


def test_2_a_live_textbook_with_a_draft_beside_it_is_live():
    assert judged(mediums(GUJARATI)).findings == []


def test_3_a_content_is_no_textbook():
    assert codes(mediums(f"{NO_BOOK},State (Gujarat),Gujarati")) == [
        ("ADOPT_NOT_TEXTBOOK", "do_id", NO_BOOK)
    ]


def test_4_every_empty_field_is_told():
    assert codes(mediums(f'{MATHS},,"  ,  ,"')) == [
        ("ADOPT_EMPTY_FIELD", "board", ""),
        ("ADOPT_EMPTY_FIELD", "medium", ""),
    ]
    assert [field for _, field, _ in codes(lines(f"{MATHS},State (Gujarat),Gujarati"))] == [
        "grade", "subject", "name", "description", "icon",
    ]  # fmt: skip


def test_5_a_board_that_the_framework_does_not_have():
    (one,) = judged(mediums(f"{MATHS},state (gujarat) ,Gujarati")).findings

    assert (one.code, one.nearest, one.allowed) == (
        "ADOPT_BOARD_NOT_IN_FRAMEWORK", "State (Gujarat)", "State (Gujarat)",
    )  # fmt: skip


def test_6_every_term_that_the_framework_does_not_have_with_what_is_allowed():
    found = judged(whole(medium="gujarati, Sindhi,English", grade="Class 70", subject="Maths"))

    assert [(one.code, one.field, one.value, one.nearest) for one in found.findings] == [
        ("ADOPT_TERM_NOT_IN_FRAMEWORK", "medium", "gujarati", "Gujarati"),
        ("ADOPT_TERM_NOT_IN_FRAMEWORK", "medium", "Sindhi", ""),
        ("ADOPT_TERM_NOT_IN_FRAMEWORK", "grade", "Class 70", "Class 7"),
        ("ADOPT_TERM_NOT_IN_FRAMEWORK", "subject", "Maths", "Mathematics"),
    ]
    assert found.findings[0].allowed == "Gujarati, English"
    assert found.wanted == []


def test_7_a_board_of_another_tenant():
    assert codes(mediums(f"{MATHS},State (Maharashtra),Gujarati")) == [
        ("ADOPT_BOARD_NOT_YOURS", "board", "State (Maharashtra)")
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "x" * 61}, "ADOPT_NAME_INVALID"),
        ({"name": "two\nlines"}, "ADOPT_NAME_INVALID"),
        ({"name": "..."}, "ADOPT_NAME_INVALID"),
        ({"description": "x" * 201}, "ADOPT_DESC_INVALID"),
        ({"description": "bell \x07"}, "ADOPT_DESC_INVALID"),
        ({"icon": "https://books.example/a.pdf"}, "ADOPT_ICON_INVALID"),
        ({"icon": "javascript:alert(1)//a.png"}, "ADOPT_ICON_INVALID"),
        ({"icon": "https://u:p@books.example/a.png"}, "ADOPT_ICON_INVALID"),
        ({"icon": "https://books.example/a b.png"}, "ADOPT_ICON_INVALID"),
        ({"icon": "http://[bad/a.png"}, "ADOPT_ICON_INVALID"),
        ({"icon": "a.png"}, "ADOPT_ICON_INVALID"),
        ({"description": "two\nparagraphs", "icon": "content/do_1/artifact/a.JPG"}, None),
        ({"name": "ગણિત ૭", "icon": "http://books.example/ગ.webp?v=1"}, None),
    ],
)
def test_9_name_description_and_icon_must_be_such_that_they_can_be_shown(values, expected):
    assert [code for code, _, _ in codes(whole(**values))] == ([expected] if expected else [])


def test_10_rows_that_contradict_each_other_are_both_left_alone():
    found = judged(mediums(GUJARATI, f"{MATHS},State (Gujarat),English"))

    assert (found.wanted, rejected(found.findings)) == ([], {2, 3})
    assert {one.code for one in found.findings} == {"ADOPT_DUPLICATE_ROW"}


def test_10_of_equal_rows_one_is_applied_and_the_other_told():
    both = (
        f'{MATHS},State (Gujarat),"Gujarati,English"',
        f'{MATHS},State (Gujarat),"English,Gujarati"',
    )
    found = judged(mediums(*both))

    assert [one.row_number for one in found.wanted] == [2]
    assert [(one.row_number, one.severity) for one in found.findings] == [(3, "warning")]
    assert rejected(found.findings) == set()


def test_11_ones_own_textbook_and_an_adopted_copy():
    assert codes(mediums(f"{OWN},State (Gujarat),Gujarati"))[0][0] == "ADOPT_OWN_BOOK"
    (one,) = judged(mediums(f"{COPY},State (Gujarat),Gujarati")).findings
    assert (one.code, one.nearest) == ("ADOPT_OF_ADOPTED", MATHS)


def test_12_a_row_longer_than_its_header():
    assert codes(mediums(f"{GUJARATI},English")) == [("ADOPT_CELL_WITHOUT_HEADER", "", "English")]


def test_all_that_is_wrong_with_a_row_is_told_at_once_and_other_rows_are_not_touched():
    found = judged(lines(f'{DRAFT},CBSE,"Klingon,Sindhi",Class 7,Mathematics,,x,y.png', f"{WHOLE}"))

    assert {one.code for one in found.findings} == {
        "ADOPT_EMPTY_FIELD", "ADOPT_NOT_LIVE", "ADOPT_BOARD_NOT_YOURS",
        "ADOPT_TERM_NOT_IN_FRAMEWORK", "ADOPT_ICON_INVALID",
    }  # fmt: skip
    assert ([one.row_number for one in found.wanted], rejected(found.findings)) == ([3], {2})


def test_a_huge_value_is_told_shortly():
    (one,) = judged(mediums(f"{MATHS},State (Gujarat),{'x' * 1_000_000}")).findings

    assert len(one.value) == 201


def test_files_as_they_are_take_the_board_that_the_tenant_has():
    found = judged(lines(SCIENCE, header="do_id"), board="State (Gujarat)")

    assert [one.key for one in found.wanted] == [(SCIENCE, "State (Gujarat)")]


@given(st.lists(st.lists(CELLS, max_size=10), min_size=1, max_size=5))
def test_whatever_rows_hold_each_is_applied_or_told(rows):
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([HEADER.split(","), *rows])
    data = written.getvalue().replace("\0", "").encode()
    sheet = read_sheet(data, mode=None, most_bytes=10_000_000, most_rows=1000)
    if not isinstance(sheet, Sheet):
        return

    found = judged(data)

    numbers = {row.number for row in sheet.rows}
    told = {one.row_number for one in found.findings}
    assert {one.row_number for one in found.wanted} | told == numbers
    assert not {one.row_number for one in found.wanted} & rejected(found.findings)
    assert findings_file("a.csv", found.findings).count(b"\r\n") >= len(found.findings) + 1


@given(st.lists(st.text(alphabet="abAB ,", max_size=6), max_size=6))
def test_the_values_of_a_cell_are_each_there_once_and_never_blank(cells):
    found = values_of(",".join(cells))

    assert len(set(found)) == len(found)
    assert all(value == value.strip() != "" for value in found)
    assert values_of(",".join(found)) == found
