"""The sheet of a template version: all that is the same for everybody, made once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from jobs.certificates.document import layout as at
from jobs.certificates.document.artwork import Picture, picture
from jobs.certificates.document.facts import Assets, Template
from jobs.certificates.document.fitting import Box, fitted
from jobs.certificates.document.layout import Layout
from jobs.certificates.document.lettering import Embedded, Lettering, embedded, number
from jobs.certificates.document.ornament import draw_ornament
from jobs.certificates.document.pdf_file import PdfFile, stream
from jobs.certificates.document.typefaces import Typeface, typefaces
from jobs.certificates.document.wording import clean, sentence

# What a name and a title in Latin letters need, so that nearly no certificate brings a font.
STOCK = "".join(map(chr, range(0x20, 0x7F))) + "’–—·"
LATER = ("wording", "learner", "attached", "associated")


@dataclass(frozen=True, eq=False)
class Sheet:
    """A PDF without its end, the objects that it promises, and where a learner's facts go."""

    file: PdfFile
    numbers: Mapping[str, int]
    stock: Mapping[Typeface, Embedded]
    layout: Layout


class Later(pdfdoc.PDFObject):  # type: ignore[misc]
    """An object that is written behind reportlab's own."""

    __RefOnly__ = 1

    def format(self, document: object) -> bytes:
        return b"null"


@lru_cache(maxsize=64)
def sheet(template: Template, assets: Assets) -> Sheet:
    """Made once per process for each template version; CertificateHeld where it cannot be."""
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=at.PAGE, invariant=1, pageCompression=1, lang=template.language
    )
    forget_helvetica(canvas)
    canvas.setTitle(clean(template.name))
    catalog = canvas._doc.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF"]
    catalog.__Refs__ = [*catalog.__Refs__, "AF"]
    promised = {name: canvas._doc.Reference(Later(), pdfdoc.xObjectName(name)) for name in LATER}
    catalog.Names, catalog.AF = promised["attached"], promised["associated"]
    layout = draw(canvas, template, assets)
    canvas.doForm("wording")
    canvas.doForm("learner")
    canvas.showPage()
    canvas.save()
    document = canvas._doc
    numbers = {
        name: document.idToObjectNumberAndVersion[pdfdoc.xObjectName(name)][0] for name in LATER
    }
    numbers["root"] = document.idToObjectNumberAndVersion[catalog.__InternalName__][0]
    file = PdfFile.opened(buffer.getvalue())
    stock = {font: stocked(file, font) for font in latin_fonts()}
    write_wording(file, numbers["wording"], stock, template)
    return Sheet(file, MappingProxyType(numbers), MappingProxyType(stock), layout)


def forget_helvetica(canvas: Canvas) -> None:
    """reportlab begins each page with a font that it does not embed; nothing of ours uses it."""
    canvas._preamble = "1 0 0 1 0 0 cm"
    known = canvas._doc.idToObject
    known["BasicFonts"].dict.clear()
    for name, held in known.items():
        if isinstance(held, pdfdoc.PDFType1Font):
            known[name] = Later()


def draw(canvas: Canvas, template: Template, assets: Assets) -> Layout:
    if assets.artwork is None:
        draw_ornament(canvas, is_merit=template.certificate_type == "merit")
    else:
        place_picture(canvas, picture(assets.artwork, "artwork"), at.Place(0, 0, *at.PAGE))
    if assets.signature is not None:
        place_picture(canvas, picture(assets.signature, "signature"), at.SIGNATURE)
    if template.signatory is not None:
        canvas.setStrokeColor(HexColor(at.GREY))
        canvas.setLineWidth(0.6)
        left, y, right = at.SIGNATURE_RULE
        canvas.line(left, y, right, y)
    return at.STANDARD


def place_picture(canvas: Canvas, image: Picture, place: at.Place) -> None:
    """As large as the place allows, in its middle."""
    scale = min(place.width / image.width, place.height / image.height)
    width, height = image.width * scale, image.height * scale
    canvas.drawImage(
        ImageReader(io.BytesIO(image.data)),
        place.x + (place.width - width) / 2,
        place.y + (place.height - height) / 2,
        width,
        height,
        mask="auto",
    )


def latin_fonts() -> tuple[Typeface, ...]:
    return (typefaces("serif")[0], typefaces("sans")[0])


def stocked(file: PdfFile, font: Typeface) -> Embedded:
    glyph_ids = (font.font.get_nominal_glyph(ord(character)) for character in STOCK)
    return embedded(file, font, frozenset(glyph for glyph in glyph_ids if glyph is not None))


def write_wording(
    file: PdfFile, at_number: int, stock: Mapping[Typeface, Embedded], template: Template
) -> None:
    lettering = Lettering(stock)
    parts = [
        written(lettering, text, box, colour, what)
        for text, box, colour, what in wording(template)
        if text
    ]
    put_form(file, at_number, lettering, parts)


def wording(template: Template) -> list[tuple[str, Box, str, str]]:
    signatory = template.signatory
    words = [
        (clean(template.issuer.name), at.ISSUER, at.NAVY, "issuer's name"),
        (clean(template.name), at.TITLE, at.NAVY, "template's name"),
        (sentence(template, "opening"), at.OPENING, at.GREY, "opening"),
        (sentence(template, template.certificate_type), at.SAYING, at.GREY, "sentence"),
        (sentence(template, "scan"), at.SCAN, at.GREY, "caption"),
    ]
    if signatory is not None:
        # Templates of live platforms often have the office in both places.
        is_told = clean(signatory.designation).casefold() == clean(signatory.name).casefold()
        office = "" if is_told else clean(signatory.designation)
        words += [
            (clean(signatory.name), at.SIGNATORY, at.INK, "signatory's name"),
            (office, at.DESIGNATION, at.GREY, "signatory's designation"),
        ]
    return words


def written(lettering: Lettering, text: str, box: Box, colour: str, what: str) -> str:
    """The text in its box, as operations."""
    block = fitted(text, box, what)
    red, green, blue = HexColor(colour).rgb()
    lines = [f"{red:.3f} {green:.3f} {blue:.3f} rg"]
    for line, baseline in zip(block.lines, block.baselines, strict=True):
        left = box.x - line.width * block.size * box.anchor
        lines.append(lettering.write(line, block.size, left, baseline))
    return "\n".join(lines)


def put_form(file: PdfFile, at_number: int, lettering: Lettering, parts: list[str]) -> None:
    """A layer of the page: what is drawn, and the fonts that it needs."""
    fonts = lettering.embed(file)
    file.put(
        at_number,
        stream(
            "\n".join(parts).encode(),
            f"/Type/XObject/Subtype/Form/BBox[0 0 {number(at.WIDTH)} {number(at.HEIGHT)}]"
            f"/Resources<</Font<<{fonts}>>>>",
        ),
    )
