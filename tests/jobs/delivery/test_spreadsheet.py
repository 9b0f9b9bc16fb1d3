"""A text as a spreadsheet may have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.delivery import spreadsheet


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x", "  =1+1"],
)
def test_a_formula_is_shown_as_text(value):
    assert spreadsheet.text(value) == f"'{value}"


def test_nul_characters_go_and_what_they_hid_is_guarded():
    assert spreadsheet.text("As\x00ha") == "Asha"
    assert spreadsheet.text("\x00=1+1") == "'=1+1"


@pytest.mark.parametrize("value", ["Asha", "आशा", "O'Neil", "a=b", "", "1-2"])
def test_other_text_stays_as_it_is(value):
    assert spreadsheet.text(value) == value


@given(st.text())
def test_no_text_ever_starts_like_a_formula(value):
    shown = spreadsheet.text(value).lstrip()
    assert not shown or shown[0] not in "=+-@＝＋－＠"
    assert not spreadsheet.text(value).startswith(("\t", "\r", "\n", "\x00"))


def test_a_missing_text_is_empty():
    assert spreadsheet.text(None) == ""


@pytest.mark.parametrize("letter", ["x", "ന", "🙂"])
def test_a_text_longer_than_a_cell_is_cut_with_a_mark_and_none_of_its_letters_is_halved(letter):
    shown = spreadsheet.text(letter * 1_000_000)
    units = len(shown.encode("utf-16-le")) // 2
    assert spreadsheet.CELL_UNITS - 1 <= units <= spreadsheet.CELL_UNITS
    assert shown.removesuffix("…") == letter * (len(shown) - 1)


def test_a_text_as_long_as_a_cell_is_whole():
    assert spreadsheet.text("x" * spreadsheet.CELL_UNITS) == "x" * spreadsheet.CELL_UNITS
    assert spreadsheet.text("=" + "x" * (spreadsheet.CELL_UNITS - 1)).endswith("x…")
