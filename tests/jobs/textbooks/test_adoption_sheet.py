"""Adoption files as people make them: read, or refused whole by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.contracts.adoptions import AS_IS, MEDIUMS, METADATA
from jobs.textbooks.adoption.sheet import Refusal, read_sheet


def read(data, mode=None, *, most_bytes=10_000_000, most_rows=1000):
    return read_sheet(data, mode=mode, most_bytes=most_bytes, most_rows=most_rows)


def code(data, mode=None, **limits):
    found = read(data, mode, **limits)
    assert isinstance(found, Refusal), found
    return found.code


@pytest.mark.parametrize("header", ["do_id", "DO_ID", " Textbook Id ", "textbookid", "Identifier"])
def test_the_id_has_several_names_in_any_case(header):
    found = read(f"{header}\ndo_1\n".encode())

    assert (found.mode, [row.cells["do_id"] for row in found.rows]) == (AS_IS, ["do_1"])


def test_columns_may_stand_in_any_order():
    found = read(b"Medium,DO_ID,Board\nEnglish,do_1,CBSE\n")

    assert found.mode == MEDIUMS
    assert found.rows[0].cells == {"do_id": "do_1", "board": "CBSE", "medium": "English"}


def test_a_spreadsheets_marks_and_line_ends_change_nothing():
    plain = b'do_id,board,medium\ndo_1,CBSE,"English, Hindi"\n'

    for data in (
        b"\xef\xbb\xbf" + plain,
        plain.replace(b"\n", b"\r\n"),
        plain.replace(b"\n", b"\r"),
    ):
        assert read(data).rows == read(plain).rows
    assert read(plain).rows[0].cells["medium"] == "English, Hindi"


def test_rows_have_the_numbers_of_a_spreadsheet():
    found = read(b'do_id,board,medium\n\ndo_1,"State\n(Two lines)",x\n,,\ndo_2,b,x\n')

    assert [row.number for row in found.rows] == [3, 5]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "FILE_EMPTY"),
        (b"\n  \n", "FILE_EMPTY"),
        (b"do_id\n", "FILE_NO_ROWS"),
        ("do_id\ndo_ü\n".encode("latin-1"), "FILE_NOT_UTF8"),
        ("do_id\ndo_1\n".encode("utf-16"), "FILE_NOT_UTF8"),
        (b"PK\x03\x04rest of a workbook", "FILE_NOT_CSV"),
        (b"do_id\ndo_\x001\n", "FILE_NOT_CSV"),
        (b'do_id\n"do_1\ndo_2\n', "FILE_QUOTES"),
        (b'do_id,board,medium\ndo_1,"a"b,c\n', "FILE_QUOTES"),
        (b"do_id,board\ndo_1,CBSE\n", "FILE_HEADER_MISSING"),
        (b"do_id,do_id\ndo_1,do_1\n", "FILE_HEADER_TWICE"),
        (b"do_id,Textbook Id\ndo_1,do_1\n", "FILE_HEADER_TWICE"),
        (b"do_id,board,medium,colour\ndo_1,b,m,red\n", "FILE_HEADER_UNKNOWN"),
        (b"do_1\ndo_2\n", "FILE_HEADER_MISSING"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_cannot_be_an_adoption_file_is_refused_by_name(data, expected):
    assert code(data) == expected


def test_limits_of_bytes_and_rows_are_held():
    assert code(b"do_id\ndo_1\n", most_bytes=5) == "FILE_TOO_LARGE"
    assert code(b"do_id\ndo_1\ndo_2\n", most_rows=1) == "FILE_TOO_MANY_ROWS"
    assert len(read(b"do_id\ndo_1\n", most_rows=1).rows) == 1


def test_a_refused_header_tells_what_is_missing_and_what_is_unknown():
    found = read(b"do_id,board,meduim\ndo_1,b,m\n")

    assert found.detail == "missing: medium; unknown: meduim"


def test_semicolons_are_told_as_the_cause():
    assert "commas separate" in read(b"do_id;board;medium\ndo_1;b;m\n").detail


def test_a_mode_that_was_asked_for_is_held_to():
    assert code(b"do_id\ndo_1\n", METADATA) == "FILE_HEADER_MISSING"
    assert code(b"do_id,board,medium\ndo_1,b,m\n", AS_IS) == "FILE_HEADER_UNKNOWN"


def test_fifty_columns_are_refused_and_empty_ones_are_not():
    many = ",".join(f"c{number}" for number in range(49))

    assert code(f"do_id,{many}\ndo_1{',' * 49}\n".encode()) == "FILE_HEADER_UNKNOWN"
    assert read(f"do_id{',' * 49}\ndo_1{',' * 49}\n".encode()).rows[0].beyond == ""


def test_a_cell_outside_of_the_headers_is_kept_to_be_told():
    assert read(b"do_id,\ndo_1,more\n").rows[0].beyond == "more"
    assert read(b"do_id\ndo_1,,more\n").rows[0].beyond == "more"


@given(
    st.binary(max_size=200)
    | st.text(alphabet='do_id,board,medium"\r\n;\t\ufeff ९', max_size=200).map(str.encode)
)
def test_whatever_a_file_holds_it_is_read_or_refused(data):
    found = read(data)

    assert found.code.startswith("FILE_") if isinstance(found, Refusal) else found.rows


def test_a_cell_of_a_megabyte_is_read():
    found = read(b"do_id,board,medium\ndo_1,b," + b"x" * 1_000_000 + b"\n")

    assert len(found.rows[0].cells["medium"]) == 1_000_000
