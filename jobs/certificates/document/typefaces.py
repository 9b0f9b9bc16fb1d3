"""The fonts of certificates: one file per script of India, each with what it can print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import uharfbuzz as hb

FONTS = Path(__file__).parents[2] / "fonts"
Style = Literal["serif", "sans"]
# The file of each script, by its ISO 15924 tag; a character is printed by the first that has it.
LATIN: dict[Style, tuple[str, str]] = {
    "serif": ("NotoSerifDisplay-Latin", "Latn"),
    "sans": ("NotoSans-Regular", "Latn"),
}
SCRIPTS = (
    ("NotoSansDevanagari-Regular", "Deva"),
    ("NotoSansBengali-Regular", "Beng"),
    ("NotoSansGurmukhi-Regular", "Guru"),
    ("NotoSansGujarati-Regular", "Gujr"),
    ("NotoSansOriya-Regular", "Orya"),
    ("NotoSansTamil-Regular", "Taml"),
    ("NotoSansTelugu-Regular", "Telu"),
    ("NotoSansKannada-Regular", "Knda"),
    ("NotoSansMalayalam-Regular", "Mlym"),
    ("NotoNastaliqUrdu-Regular", "Arab"),
    ("NotoSansMeeteiMayek-Regular", "Mtei"),
    ("NotoSansOlChiki-Regular", "Olck"),
)
# Tables that a viewer does not read of a font within a PDF: glyphs are placed and named by us.
UNREAD = ("GSUB", "GPOS", "GDEF", "BASE", "cmap", "name", "post", "OS/2", "STAT", "gasp", "DSIG")
DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"


@dataclass(frozen=True, eq=False)
class Typeface:
    """A font file: what it covers and how it is shaped."""

    name: str
    script: str
    face: hb.Face
    font: hb.Font
    coverage: frozenset[str]
    ascent: float
    descent: float
    dotted_circle: int | None

    @property
    def per_mille(self) -> float:
        """Thousandths of an em in one unit of the font."""
        return 1000 / int(self.face.upem)

    def program(self, glyph_ids: frozenset[int]) -> bytes:
        """A font file of these glyphs alone, each under the id that it had."""
        wanted = hb.SubsetInput()
        wanted.flags = (
            hb.SubsetFlags.RETAIN_GIDS
            | hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.NO_LAYOUT_CLOSURE
            | hb.SubsetFlags.NOTDEF_OUTLINE
        )
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update({0} | glyph_ids)
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode(), "big") for tag in UNREAD
        )
        data: bytes = wanted.subset(self.face).blob.data
        return data


@cache
def typeface(name: str, script: str) -> Typeface:
    face = hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}.ttf")))
    font = hb.Font(face)
    extents = font.get_font_extents("ltr")
    return Typeface(
        name=name,
        script=script,
        face=face,
        font=font,
        coverage=frozenset(map(chr, face.unicodes)),
        ascent=extents.ascender / face.upem,
        descent=-extents.descender / face.upem,
        dotted_circle=font.get_nominal_glyph(ord(DOTTED_CIRCLE)),
    )


@cache
def typefaces(style: Style) -> tuple[Typeface, ...]:
    """All scripts, Latin in this style first; what its subset lacks comes from the plain one."""
    latin = dict.fromkeys((LATIN[style], LATIN["sans"]))
    return tuple(typeface(name, script) for name, script in (*latin, *SCRIPTS))
