"""The certificate: one small page, the same bytes each time, and a code that scans."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pypdf
import pytest
import zxingcpp
from PIL import Image

from jobs.certificates.document import layout
from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.facts import Assets, Issuer, Signatory, certificate_id_of
from jobs.certificates.document.job import certificates_of
from jobs.certificates.document.paper import make_certificate
from tests.jobs.certificates.papers import (
    NAMES,
    PUBLIC_URL,
    TEMPLATE,
    certificate_of,
    desk,
    drawn,
    facts_of,
    lines_of,
    png,
    template_of,
)


def test_the_page_says_who_completed_what_when_and_by_whom():
    certificate = certificate_of(course="Teaching mathematics")
    assert lines_of(certificate.pdf) == [
        "Gujarat Council of Educational Research",
        "Certificate of Completion",
        "This is to certify that",
        "has successfully completed the course",
        "Scan to verify",
        "Dr. Ratan Kumar",
        "Director",
        "Asha Patel",
        "Teaching mathematics",
        "in February 2026",
        f"Certificate no. {facts_of().certificate_id}",
    ]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 1, 31, 18, 29, 59, tzinfo=UTC), "in January 2026"),
        (datetime(2026, 1, 31, 18, 30, tzinfo=UTC), "in February 2026"),
        (datetime(2025, 12, 31, 18, 30, tzinfo=UTC), "in January 2026"),
    ],
)
def test_case_57_the_month_is_that_of_the_day_in_india(at, month):
    assert month in lines_of(certificate_of(at=at).pdf)


def test_a_merit_certificate_in_hindi_says_so_in_hindi():
    template = template_of(certificate_type="merit", language="hi", name="योग्यता प्रमाणपत्र")
    lines = lines_of(certificate_of("आशा पटेल", template).pdf)
    assert "ने यह पाठ्यक्रम विशेष योग्यता के साथ पूरा किया है" in lines
    assert "फ़रवरी 2026 में" in lines


@pytest.mark.parametrize("scale", [0.84, 1, 3])
def test_the_code_of_the_drawn_page_scans_and_leads_to_its_certificate(scale):
    page = drawn(certificate_of().pdf, scale)
    (code,) = zxingcpp.read_barcodes(page)
    assert code.text == f"{PUBLIC_URL}/certificates/{facts_of().certificate_id}"


def test_the_white_around_the_code_hides_nothing_of_its_caption():
    page = drawn(certificate_of().pdf, scale=4)
    left, right = (int((layout.SCAN.x + aside) * 4) for aside in (-60, 60))
    below = page.crop((left, page.height - 64 * 4, right, page.height - 48 * 4)).convert("L")
    _, top, _, bottom = below.point(lambda level: 255 if level < 160 else 0).getbbox()
    # From the ascender of d to the descender of y, at 7.5 points.
    assert (bottom - top) / 4 > 6.5


def test_the_code_scans_on_dark_artwork():
    page = drawn(certificate_of(assets=Assets(artwork=png(877, 620, colour="#223"))).pdf)
    assert [code.text for code in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize("script", NAMES)
def test_a_certificate_in_any_script_is_one_page_of_at_most_80_kb(script):
    name = NAMES[script]
    pdf = certificate_of(name, course=f"{name} {name}", assets=Assets(signature=png())).pdf
    assert len(pypdf.PdfReader(io.BytesIO(pdf), strict=True).pages) == 1
    assert len(pdf) <= 80_000


@pytest.mark.parametrize("word", ["Ramasubramanian", "क्षत्रियराजेन्द्र"])
def test_case_50_a_long_name_and_a_long_title_are_one_page_of_at_most_80_kb(word):
    name, title = (" ".join([word] * 20)[:most].strip() for most in (120, 200))
    made = certificate_of(name, course=title, assets=Assets(signature=png()))
    assert len(pypdf.PdfReader(io.BytesIO(made.pdf), strict=True).pages) == 1
    assert len(made.pdf) <= 80_000


def test_every_font_is_embedded():
    reader = pypdf.PdfReader(io.BytesIO(certificate_of(NAMES["Deva"]).pdf))
    objects = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    fonts = [at for at in objects if isinstance(at, dict) and at.get("/Type") == "/Font"]
    assert {font["/Subtype"] for font in fonts} == {"/Type0", "/CIDFontType2"}
    assert all(
        "/FontFile2" in font["/FontDescriptor"]
        for font in fonts
        if font["/Subtype"] == "/CIDFontType2"
    )


def test_the_same_facts_give_the_same_bytes_in_this_and_in_another_process():
    orders = [(facts_of(name, user=name), TEMPLATE, Assets()) for name in NAMES.values()]
    here = [sha256(make_certificate(*order, desk()).pdf).digest() for order in orders]
    there = [sha256(made.pdf).digest() for _, made in certificates_of(orders, desk())]
    assert here == there


def test_one_that_is_held_stops_no_other():
    names = ["Asha", "Asha 😀", "", "Ravi"]
    orders = [(facts_of(name), TEMPLATE, Assets()) for name in names]
    made = [outcome for _, outcome in certificates_of(orders, desk(), processes=1)]
    assert [getattr(outcome, "reason", "made") for outcome in made] == [
        "made", "no_glyph", "no_name", "made",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "\u200d\u200d", "\u202e", "...", "\x00"])
def test_a_learner_without_a_name_is_held(name):
    with pytest.raises(CertificateHeld) as held:
        certificate_of(name)
    assert held.value.reason == "no_name"


def test_case_49_what_steers_or_hides_text_is_taken_out_of_a_name():
    certificate = certificate_of("\u202eAsha\x07\u200b  Pa\u00adtel\ufeff")
    assert "Asha Patel" in lines_of(certificate.pdf)
    assert b"Asha Patel" in certificate.credential


def test_a_name_of_letters_and_marks_apart_is_composed():
    assert certificate_of("S\u0301ri").pdf == certificate_of("Śri").pdf


def test_a_template_without_signatory_has_no_line_to_sign_on():
    lines = lines_of(certificate_of(template=template_of(signatory=None)).pdf)
    assert "Director" not in lines


def test_an_office_in_place_of_the_signatorys_name_is_printed_once():
    office = Signatory("Director", "DIRECTOR ")
    lines = lines_of(certificate_of(template=template_of(signatory=office)).pdf)
    assert [line for line in lines if line.casefold() == "director"] == ["Director"]


def test_a_signature_stands_above_its_line():
    plain = drawn(certificate_of().pdf)
    signed = drawn(certificate_of(assets=Assets(signature=png(480, 160, "RGBA"))).pdf)
    spot = (172 * 2, (595 - 118) * 2)
    assert plain.getpixel(spot) == (255, 255, 255)
    assert signed.getpixel(spot) == (0, 0, 128)


def test_artwork_fills_the_page_below_the_words():
    page = drawn(certificate_of(assets=Assets(artwork=png(1754, 1240, colour="#fdf6e3"))).pdf)
    assert page.getpixel((6, 6)) == (0xFD, 0xF6, 0xE3)
    assert page.getpixel((page.width // 2, 6)) == (0xFD, 0xF6, 0xE3)


@pytest.mark.parametrize(
    ("assets", "reason"),
    [
        (Assets(artwork=b"<svg/>"), "artwork_unusable"),
        (Assets(artwork=png()[:60]), "artwork_unusable"),
        (Assets(artwork=png(4000, 3000)), "artwork_unusable"),
        (Assets(signature=b""), "signature_unusable"),
        (Assets(signature=b"x" * 70_000), "signature_unusable"),
    ],
)
def test_a_picture_that_cannot_be_printed_holds_the_certificate(assets, reason):
    with pytest.raises(CertificateHeld, match="certificate update") as held:
        certificate_of(assets=assets)
    assert held.value.reason == reason


def test_a_page_that_becomes_too_large_is_held():
    # PNG foretells each dot from those around it; within a PDF it is packed without that.
    across, up = np.meshgrid(np.arange(1754), np.arange(1240))
    shades = np.stack([across, across + up, across // 2 + 3 * up], axis=2).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(shades).save(buffer, "PNG", optimize=True)
    assert len(buffer.getvalue()) < 120_000
    with pytest.raises(CertificateHeld) as held:
        certificate_of(assets=Assets(artwork=buffer.getvalue()))
    assert held.value.reason == "too_large"


def test_properties_of_the_file_name_no_learner():
    told = pypdf.PdfReader(io.BytesIO(certificate_of().pdf)).metadata
    assert told.title == "Certificate of Completion"
    assert "Asha" not in str(told)


def test_another_template_version_is_another_certificate_under_the_same_number():
    issuer = replace(TEMPLATE, issuer=Issuer("Kerala"), version_id="v2")
    assert certificate_of(template=issuer).pdf != certificate_of().pdf


def test_the_number_is_told_by_learner_course_batch_and_template():
    number = certificate_id_of("u", "c", "b", "t")
    # Written down: a number that changed would issue every certificate anew.
    assert str(number) == "72b52df1-d0b8-5d72-9c25-9d6b2d5d27aa"
    assert number == certificate_id_of("u", "c", "b", "t")
    assert len({certificate_id_of(*parts) for parts in ("abcd", "abdc", "bacd", "abce")}) == 4
    assert certificate_id_of("u|c", "c", "b", "t") != certificate_id_of("u", "c|c", "b", "t")
