"""The chart: the same picture each time, in every script of India."""

import io
import logging

import pytest
from PIL import Image

from jobs.delivery.chart import COLOURS, families, stage_chart

ENGLISH = ("Completed", "In progress", "Not started")
NAMES = [
    "हिन्दी में क्षत्रिय",
    "தமிழ் பயிற்சி",
    "বাংলা প্রশিক্ষণ",
    "తెలుగు శిక్షణ",
    "ಕನ್ನಡ ತರಬೇತಿ",
    "മലയാളം പരിശീലനം",
    "ગુજરાતી તાલીમ",
    "ਪੰਜਾਬੀ ਸਿਖਲਾਈ",
    "ଓଡ଼ିଆ ତାଲିମ",
    "ꯃꯩꯇꯩ ꯂꯩꯃꯥ",
    "ᱥᱟᱱᱛᱟᱲᱤ ᱢᱩᱨᱢᱩ",
    "Cost: $5 ^ 2 _ a {b}",
]


def picture(png):
    return Image.open(io.BytesIO(png)).convert("RGB")


def pixels(image, colour):
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return sum(n for n, found in image.getcolors(1 << 24) if found == wanted)


def test_bars_are_as_long_as_their_share_of_all():
    image = picture(stage_chart(600, 300, 100, labels=ENGLISH, title="Batch"))
    completed, in_progress, not_started = (pixels(image, colour) for colour in COLOURS)
    assert completed == pytest.approx(2 * in_progress, rel=0.03)
    assert completed == pytest.approx(6 * not_started, rel=0.05)


def test_same_numbers_give_the_same_bytes_and_name_no_program():
    first = stage_chart(3, 2, 1, labels=ENGLISH, title="Batch")
    assert first == stage_chart(3, 2, 1, labels=ENGLISH, title="Batch")
    assert Image.open(io.BytesIO(first)).info.keys() <= {"dpi"}


@pytest.mark.parametrize("name", NAMES)
def test_every_script_is_drawn_without_a_missing_glyph(name, caplog):
    # matplotlib warns of a glyph that no font has, and warnings fail the tests.
    with caplog.at_level(logging.WARNING):
        png = stage_chart(1, 1, 1, labels=(name, name, name), title=name)
    assert png.startswith(b"\x89PNG")
    assert caplog.records == []


def test_consonants_are_joined_as_hindi_is_written():
    # Unshaped text draws both alike: the second asks for the consonants to stand apart.
    joined = stage_chart(0, 0, 0, labels=("", "", ""), title="क्ष" * 10)
    apart = stage_chart(0, 0, 0, labels=("", "", ""), title="क्\u200cष" * 10)
    assert ink_width(joined) < 0.9 * ink_width(apart)


def ink_width(png):
    image = picture(png).convert("L")
    image = image.crop((0, 0, image.width, 100))
    left, _, right, _ = image.point(lambda level: 255 if level < 128 else 0).getbbox()
    return right - left


def test_empty_batch_gets_empty_bars():
    image = picture(stage_chart(0, 0, 0, labels=ENGLISH, title="Nobody"))
    assert [pixels(image, colour) for colour in COLOURS] == [0, 0, 0]


def test_long_title_stays_inside_the_picture():
    png = stage_chart(1, 1, 1, labels=ENGLISH, title="A very long course name " * 10)
    edge = picture(png).convert("L").crop((picture(png).width - 8, 0, picture(png).width, 100))
    assert edge.getextrema()[0] > 200


def test_fonts_are_our_own_latin_first():
    assert families()[0] == "Noto Sans"
    assert {"Noto Sans Devanagari", "Noto Sans Ol Chiki"} < set(families())
    assert all(name.startswith("Noto Sans") for name in families())
