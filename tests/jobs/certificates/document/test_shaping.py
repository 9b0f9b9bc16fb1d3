"""Shaping: the glyphs in the file are those of HarfBuzz, and the page looks as raqm draws it."""

import io
import re

import pypdf
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.shaping import shaped
from jobs.certificates.document.typefaces import FONTS, LATIN, SCRIPTS
from tests.jobs.certificates.papers import NAMES, certificate_of, drawn, lines_of

FILES = {script: name for name, script in SCRIPTS} | {"Latn": LATIN["serif"][0]}
SHOWN = re.compile(rb"/F(\d+) ([\d.]+) Tf 1 0 0 1|<([0-9a-f]{4})>")


def learner_layer(pdf):
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page["/Resources"]["/XObject"]["/FormXob.learner"]


def glyphs_in(pdf):
    """The fonts of the learner's layer and the glyphs that it shows, in their order."""
    layer = learner_layer(pdf)
    fonts = [font.get_object() for font in layer["/Resources"]["/Font"].values()]
    shown, current = [], None
    for font, _, code in SHOWN.findall(layer.get_data()):
        if font:
            current = fonts[int(font)]["/DescendantFonts"][0].get_object()
            places = current["/CIDToGIDMap"].get_data()
        else:
            at = int(code, 16) * 2
            shown.append(
                (str(current["/BaseFont"])[8:], int.from_bytes(places[at : at + 2], "big"))
            )
    programs = {
        str(font["/BaseFont"])[8:]: font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"]
        for font in fonts
    }
    return shown, programs


def glyphs_of_harfbuzz(text, file):
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"{file}.ttf"))))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    return [(file, info.codepoint) for info in buffer.glyph_infos]


@pytest.mark.parametrize("script", NAMES)
def test_case_49_every_script_is_written_with_the_glyphs_of_harfbuzz_and_they_are_embedded(script):
    shown, programs = glyphs_in(certificate_of(NAMES[script]).pdf)
    expected = glyphs_of_harfbuzz(NAMES[script], FILES[script])
    assert shown[: len(expected)] == expected
    embedded = TTFont(io.BytesIO(programs[FILES[script]].get_data()))["glyf"]
    whole = TTFont(FONTS / f"{FILES[script]}.ttf")
    for _, glyph in expected:
        name = whole.getGlyphName(glyph)
        ours = embedded[embedded.glyphOrder[glyph]]
        assert (ours.numberOfContours == 0) == (whole["glyf"][name].numberOfContours == 0)


def ink(image):
    dark = image.convert("L").point(lambda level: 255 if level < 128 else 0)
    return dark.crop(dark.getbbox()).resize((400, 60))


def drawn_by_raqm(text, file, engine=ImageFont.Layout.RAQM):
    font = ImageFont.truetype(str(FONTS / f"{file}.ttf"), 80, layout_engine=engine)
    image = Image.new("L", (2400, 400), 255)
    ImageDraw.Draw(image).text((40, 120), text, font=font, fill=0)
    return ink(image)


def unlike(one, other):
    histogram = ImageChops.difference(one, other).histogram()
    return sum(level * count for level, count in enumerate(histogram)) / 255 / (400 * 60)


@pytest.mark.parametrize("script", NAMES)
def test_the_drawn_name_looks_as_another_shaper_and_rasteriser_draw_it(script):
    page = drawn(certificate_of(NAMES[script]).pdf, scale=3)
    # The name stands between its rule and the opening words; the rosette is too pale to count.
    name = page.crop(
        (page.width // 10, int(page.height * 0.352), page.width * 9 // 10, int(page.height * 0.475))
    )
    ours = ink(name)
    assert unlike(ours, drawn_by_raqm(NAMES[script], FILES[script])) < 0.05
    if script not in {"Latn", "Olck"}:
        # What plain drawString would print: the letters one by one.
        plain = drawn_by_raqm(NAMES[script], FILES[script], ImageFont.Layout.BASIC)
        assert unlike(ours, plain) > 0.07


@pytest.mark.parametrize("script", [script for script in NAMES if script != "Arab"])
def test_a_name_can_be_copied_from_the_page_letter_for_letter(script):
    assert NAMES[script] in lines_of(certificate_of(NAMES[script]).pdf)


def test_two_scripts_stand_in_one_line_each_in_its_own_font():
    line = shaped("आशा Patel", "serif", "name")
    assert [run.typeface.script for run in line.runs] == ["Deva", "Latn"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Asha 😀", "U+1F600 GRINNING FACE"),
        ("Asha 漢", "U+6F22"),
        ("ा शा", "U+093E DEVANAGARI VOWEL SIGN AA"),
        ("Asha \ue000", "U+E000 a character without a name"),
    ],
)
def test_case_49_what_no_font_can_print_holds_the_certificate_and_names_the_character_alone(
    name, told
):
    with pytest.raises(CertificateHeld, match=re.escape(told)) as held:
        certificate_of(name)
    assert held.value.reason == "no_glyph"
    assert "Asha" not in str(held.value)


def test_case_49_a_joiner_is_obeyed_and_never_drawn():
    joined = shaped("क्ष", "sans", "name").runs[0].glyphs
    apart = shaped("क्\u200cष", "sans", "name").runs[0].glyphs
    assert len(joined) == 1
    assert len(apart) > 1
