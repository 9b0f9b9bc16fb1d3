"""What one value looks like in the file."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.exhausts import cells


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("asha@example.org", "as****@example.org"),
        ("a@example.org", "a****@example.org"),
        (" asha@example.org ", "as****@example.org"),
        ("आशा@उदाहरण.भारत", "आश****@उदाहरण.भारत"),
        ("asha", ""),
        ("asha@localhost", ""),
        ("as ha@example.org", ""),
        ("a@b@example.org", ""),
        ("", ""),
    ],
)
def test_an_email_keeps_two_letters_and_its_domain(address, shown):
    assert cells.masked_email(address) == shown


def test_the_stars_do_not_tell_how_long_an_address_is():
    assert cells.masked_email("asha@e.org") == cells.masked_email("ashakumari@e.org")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("9876543210", "****3210"),
        ("+91 98765-43210", "****3210"),
        ("12345", "****2345"),
        ("1234", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_a_mobile_keeps_its_last_four_digits(number, shown):
    assert cells.masked_mobile(number) == shown


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x", "  =1+1"],
)
def test_a_formula_is_shown_as_text(value):
    assert cells.text(value) == f"'{value}"


def test_nul_characters_go_and_what_they_hid_is_guarded():
    assert cells.text("As\x00ha") == "Asha"
    assert cells.text("\x00=1+1") == "'=1+1"


@pytest.mark.parametrize("value", ["Asha", "आशा", "O'Neil", "a=b", "", "1-2"])
def test_other_text_stays_as_it_is(value):
    assert cells.text(value) == value


@given(st.text())
def test_no_text_ever_starts_like_a_formula(value):
    shown = cells.text(value).lstrip()
    assert not shown or shown[0] not in "=+-@＝＋－＠"
    assert not cells.text(value).startswith(("\t", "\r", "\n", "\x00"))


def test_missing_values_are_empty():
    assert cells.text(None) == ""
    assert cells.day(None) == ""
    assert cells.whole_number(None) == ""
    assert cells.percent(None) == ""
    assert cells.certificate_status(None) == ""


def test_dates_numbers_and_percents_have_their_forms():
    assert cells.day(date(2019, 11, 6)) == "06/11/2019"
    assert cells.whole_number(0) == "0"
    assert cells.percent(67) == "67%"
    assert cells.certificate_status(True) == "Issued"
    assert cells.certificate_status(False) == ""


@pytest.mark.parametrize("letter", ["x", "ന", "🙂"])
def test_a_text_longer_than_a_cell_is_cut_with_a_mark_and_none_of_its_letters_is_halved(letter):
    shown = cells.text(letter * 1_000_000)
    units = len(shown.encode("utf-16-le")) // 2
    assert cells.CELL_UNITS - 1 <= units <= cells.CELL_UNITS
    assert shown.removesuffix("…") == letter * (len(shown) - 1)


def test_a_text_as_long_as_a_cell_is_whole():
    assert cells.text("x" * cells.CELL_UNITS) == "x" * cells.CELL_UNITS
    assert cells.text("=" + "x" * (cells.CELL_UNITS - 1)).endswith("x…")
