"""The order of mixed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.certificates.document.bidi import in_sight, levels


def seen(text):
    """The characters from left to right, as on paper."""
    return "".join(in_sight(list(text), levels(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Asha Patel", "Asha Patel"),
        ("आशा 12", "आशा 12"),
        ("اب", "با"),
        ("اب 12", "12 با"),
        ("اب 1,2%", "%1,2 با"),
        ("اب cd جد", "دج cd با"),
        ("اب (cd) جد", "دج )cd( با"),
        ("اب (جد) cd", "cd )دج( با"),
        ("اب (cd) ef", "ef )cd( با"),
        ("ab (اب) cd", "ab (با) cd"),
        ("ab اب 12 جد", "ab دج 12 با"),
        ("ab (اب", "ab (با"),
        ("اب 1-2", "2-1 با"),
        ("12 اب", "با 12"),
        ("", ""),
    ],
)
def test_mixed_text_stands_as_it_is_read(text, expected):
    assert seen(text) == expected


@given(st.text(alphabet="ab 12.,-+%()[]ابج٣٤ؔ", max_size=24))
def test_no_character_is_lost_or_doubled(text):
    assert sorted(seen(text)) == sorted(text)


@given(st.text(alphabet="ab 12.,()[]%", max_size=24))
def test_text_without_letters_from_the_right_stays_as_it_is(text):
    assert seen(text) == text
