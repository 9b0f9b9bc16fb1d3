"""Text on a page of the summary: any script of India, shaped, in its own font."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from jobs.delivery.wording import cleaned, shortened

FONTS = Path(__file__).parents[2] / "fonts"
REGULAR, BOLD = "NotoSans-Regular", "NotoSans-Bold"
JOINERS = "\u200c\u200d"
LEADING = 1.45
LONG = 10_000.0
BLANKS = frozenset(map(ord, " " + JOINERS))


@lru_cache(maxsize=1)
def faces() -> dict[str, frozenset[int]]:
    """The characters of each font, Latin first; all are registered with reportlab."""
    names = [REGULAR, BOLD, *sorted(
        file.stem for file in FONTS.glob("*.ttf")
        if file.stem not in (REGULAR, BOLD) and "Display" not in file.stem
    )]  # fmt: skip
    covered = {}
    for name in names:
        font = TTFont(name, str(FONTS / f"{name}.ttf"), shapable=True)
        pdfmetrics.registerFont(font)
        covered[name] = frozenset(font.face.charToGlyph)
    return covered


def runs(text: str, latin: str = REGULAR) -> list[tuple[str, str]]:
    """(font, text) of each run; what is no letter stays in the font before it where that has it."""
    fonts: list[str] = []
    for character in text:
        is_neutral = not character.isalpha() or character in JOINERS
        if fonts and is_neutral and ord(character) in faces()[fonts[-1]] | BLANKS:
            fonts.append(fonts[-1])
        else:
            fonts.append(font_of(character, latin))
    pairs = groupby(zip(text, fonts, strict=True), key=lambda pair: pair[1])
    return [(font, "".join(character for character, _ in run)) for font, run in pairs]


def marked_up(text: str, latin: str = REGULAR) -> str:
    return "".join(f'<font name="{font}">{escape(part)}</font>' for font, part in runs(text, latin))


def font_of(character: str, latin: str) -> str:
    covered = faces()
    if ord(character) in covered[latin]:
        return latin
    return next((name for name in covered if ord(character) in covered[name]), latin)


def write(
    canvas: Canvas,
    text: str,
    x: float,
    top: float,
    width: float,
    *,
    size: float = 9.5,
    colour: str = "#1f2933",
    is_bold: bool = False,
    is_right: bool = False,
    leading: float = LEADING,
) -> float:
    """Write a text below `top`, on as many lines as it takes; where it ends."""
    latin = BOLD if is_bold else REGULAR
    faces()
    style = ParagraphStyle(
        "text", fontName=latin, fontSize=size, leading=size * leading, textColor=HexColor(colour),
        alignment=TA_RIGHT if is_right else TA_LEFT, shaping=needs_shaping(text),
    )  # fmt: skip
    paragraph = Paragraph(marked_up(text, latin), style)
    _, height = paragraph.wrapOn(canvas, width, LONG)
    paragraph.drawOn(canvas, x, top - height)
    return float(top - height)


def write_line(
    canvas: Canvas, text: str, x: float, top: float, width: float, *, size: float = 9.5
) -> None:
    """A name on one line, cut after a whole word where it is wider than its place."""
    whole = cleaned(text)
    length, shown = len(whole), whole
    while (pieces := shaped(shown, size))[-1][1] > width and length > 8:
        length -= 3
        shown = shortened(whole, length)
    for paragraph, right in pieces:
        paragraph.wrapOn(canvas, LONG, LONG)
        paragraph.drawOn(canvas, x + right - paragraph.line_width, top - size * LEADING)


def shaped(text: str, size: float) -> list[tuple[Piece, float]]:
    """The runs of a line, each with its right edge.

    A run is a paragraph of its own: within one word reportlab shapes one font alone.
    """
    style = ParagraphStyle(
        "name", fontName=REGULAR, fontSize=size, leading=size * LEADING,
        shaping=needs_shaping(text),
    )  # fmt: skip
    right, pieces = 0.0, []
    for font, part in runs(text) or [(REGULAR, " ")]:
        blank = pdfmetrics.stringWidth(" ", font, size)
        right += blank * (len(part) - len(part.lstrip()))
        piece = Piece(f'<font name="{font}">{escape(part.strip())}</font>', style)
        piece.wrap(LONG, LONG)
        piece.line_width = max(piece.getActualLineWidths0(), default=0.0)
        right += piece.line_width
        pieces.append((piece, right))
        right += blank * (len(part) - len(part.rstrip()))
    return pieces


def needs_shaping(text: str) -> bool:
    """Not Latin, whose ligatures would be copied from the page as one character."""
    return any(font not in (REGULAR, BOLD) for font, _ in runs(text))


class Piece(Paragraph):  # type: ignore[misc]
    """A run of a line that knows how wide it is."""

    line_width: float = 0.0
