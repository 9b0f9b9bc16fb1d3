"""What one value looks like in the file."""

from datetime import date

import pytest

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


def test_missing_values_are_empty():
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
