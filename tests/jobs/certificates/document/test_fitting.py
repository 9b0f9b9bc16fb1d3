"""Long names: smaller first, then on more lines, never cut and never outside their box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.fitting import Box, fitted, pieces_of
from jobs.certificates.document.layout import STANDARD

BOX = STANDARD.name


def text_of(block):
    return " ".join("".join(run.text for run in line.runs) for line in block.lines)


def widest(block):
    return max(line.width for line in block.lines) * block.size


def test_a_short_name_has_the_largest_size():
    block = fitted("Asha Patel", BOX, "name")
    assert (len(block.lines), block.size) == (1, BOX.largest)


def test_a_longer_name_becomes_smaller_on_one_line():
    block = fitted("Venkata Satyanarayana Rajagopalachari", BOX, "name")
    assert len(block.lines) == 1
    assert BOX.smallest[0] <= block.size < BOX.largest


@pytest.mark.parametrize(
    "name",
    ["Ramasubramanian " * 7, "A" * 120, "W" * 120, "क्षत्रिय राजेन्द्र " * 9, "സുബ്രഹ്മണ്യൻ " * 9],
)
def test_case_50_a_name_of_120_characters_is_wrapped_and_stays_in_its_box(name):
    block = fitted(" ".join(name[:120].split()), BOX, "name")
    assert len(block.lines) > 1
    assert text_of(block).replace(" ", "") == "".join(name[:120].split())
    assert widest(block) <= BOX.width + 0.01
    top = block.baselines[0] + block.lines[0].ascent * block.size
    bottom = block.baselines[-1] - block.lines[-1].descent * block.size
    assert BOX.bottom - 0.01 <= bottom < top <= BOX.top + 0.01


def test_case_50_a_course_of_200_characters_fits_in_every_script():
    for word in ("Foundational", "विद्यालयी", "വിദ്യാഭ്യാസം", "கல்வியியல்"):
        title = " ".join([word] * 30)[:200].strip()
        block = fitted(title, STANDARD.course, "course")
        assert text_of(block) == title
        assert block.size >= STANDARD.course.smallest[-1]


def test_lines_of_a_name_are_even():
    block = fitted("Asha Patel " * 6 + "Asha", BOX, "name")
    widths = [line.width for line in block.lines]
    assert min(widths) > 0.6 * max(widths)


def test_what_does_not_fit_even_small_is_held():
    with pytest.raises(CertificateHeld, match="2000 characters") as held:
        fitted("W" * 2000, BOX, "learner's name")
    assert held.value.reason == "does_not_fit"


def test_a_long_word_is_never_broken_within_a_syllable():
    pieces = [piece.strip() for piece in pieces_of("क्षत्रियराजेन्द्रश्रीवास्तव" * 4, limit=7)]
    assert len(pieces) > 5
    assert not any(piece[0] in "ािीुूेैोौं्" or piece.endswith("्") for piece in pieces)


@given(st.lists(st.text(alphabet="abcक्षिरी", min_size=1, max_size=12), min_size=1, max_size=20))
def test_no_letter_is_lost(words):
    text = " ".join("अ" + word for word in words)
    box = Box(0, 0, 400, 500, 30, (20, 10, 8, 6, 4, 3, 2, 1), "sans")
    try:
        block = fitted(text, box, "name")
    except CertificateHeld:
        return  # marks in an order that no language writes
    assert text_of(block).replace(" ", "") == text.replace(" ", "")
    assert widest(block) <= box.width + 0.01
