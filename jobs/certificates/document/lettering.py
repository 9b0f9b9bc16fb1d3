"""Shaped lines as PDF: glyphs by their ids, embedded fonts of these glyphs, and their text."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from jobs.certificates.document.pdf_file import PdfFile, stream
from jobs.certificates.document.shaping import Line, Run
from jobs.certificates.document.typefaces import Typeface

CMAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS"
    " def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{}endcmap"
    " CMapName currentdict /CMap defineresource pop end end"
)
# How many a list in a CMap may have.
CMAP_ROWS = 100


@dataclass(frozen=True)
class Embedded:
    """A font program that a file has: its glyphs, and the object that describes it."""

    glyph_ids: frozenset[int]
    descriptor: int


@dataclass
class Lettering:
    """The text of one layer of a page; `stock` are fonts that the file has already.

    A code stands for a glyph and what it says: two syllables may share a glyph and be copied
    differently.
    """

    stock: Mapping[Typeface, Embedded] = field(default_factory=dict)
    codes: dict[Typeface, dict[tuple[int, str], int]] = field(default_factory=dict)

    def write(self, line: Line, size: float, x: float, y: float) -> str:
        """Operators that draw the line with its left end at x and its baseline at y."""
        parts = ["BT"]
        for run in line.runs:
            self.codes.setdefault(run.typeface, {})
            name = f"F{list(self.codes).index(run.typeface)}"
            parts.append(
                f"/Span<</ActualText<FEFF{run.text.encode('utf-16-be').hex()}>>>BDC"
                f" /{name} {number(size)} Tf 1 0 0 1 {number(x)} {number(y)} Tm"
            )
            parts.extend(self.shown(run, size))
            parts.append("EMC")
            x += sum(glyph.advance for glyph in run.glyphs) * size / 1000
        parts.append("ET")
        return "\n".join(parts)

    def shown(self, run: Run, size: float) -> Iterable[str]:
        """The glyphs of a run: moved aside by numbers between them, up and down by the rise."""
        codes = self.codes[run.typeface]
        pen = drawn = rise = 0.0
        shown: list[str] = []
        for glyph in run.glyphs:
            if glyph.y != rise:
                if shown:
                    yield f"[{''.join(shown)}]TJ"
                    shown = []
                rise = glyph.y
                yield f"{number(rise * size / 1000)} Ts"
            aside = drawn - (pen + glyph.x)
            if abs(aside) >= 0.05:
                shown.append(number(aside))
                drawn -= aside
            code = codes.setdefault((glyph.id, glyph.text), len(codes) + 1)
            shown.append(f"<{code:04x}>")
            drawn += width_of(run.typeface, glyph.id)
            pen += glyph.advance
        yield f"[{''.join(shown)}]TJ"
        if rise:
            yield "0 Ts"

    def embed(self, file: PdfFile, extra: Mapping[Typeface, frozenset[int]] | None = None) -> str:
        """Put the fonts into the file; the entries of a /Font resource."""
        entries = []
        for index, (typeface, codes) in enumerate(self.codes.items()):
            glyph_ids = frozenset(glyph for glyph, _ in codes)
            known = self.stock.get(typeface)
            if known is None or not glyph_ids <= known.glyph_ids:
                glyph_ids |= (extra or {}).get(typeface, frozenset())
                known = embedded(file, typeface, glyph_ids)
            entries.append(f"/F{index} {font(file, typeface, codes, known.descriptor)} 0 R")
        return " ".join(entries)


@lru_cache(maxsize=65536)
def width_of(typeface: Typeface, glyph_id: int) -> float:
    return float(typeface.font.get_glyph_h_advance(glyph_id)) * typeface.per_mille


@lru_cache(maxsize=256)
def packed_program(typeface: Typeface, glyph_ids: frozenset[int]) -> tuple[bytes, int]:
    program = typeface.program(glyph_ids)
    return zlib.compress(program, 6), len(program)


def embedded(file: PdfFile, typeface: Typeface, glyph_ids: frozenset[int]) -> Embedded:
    program, length = packed_program(typeface, glyph_ids)
    program_at = file.add(
        b"<</Filter/FlateDecode/Length %d/Length1 %d>>stream\n%b\nendstream"
        % (len(program), length, program)
    )
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{subset_name(typeface, glyph_ids)}/Flags 4"
        f"/FontBBox[-1000 -1000 3000 2000]/ItalicAngle 0/Ascent {number(typeface.ascent * 1000)}"
        f"/Descent {number(-typeface.descent * 1000)}/CapHeight 714/StemV 80"
        f"/FontFile2 {program_at} 0 R>>".encode()
    )
    return Embedded(glyph_ids, descriptor)


def font(
    file: PdfFile, typeface: Typeface, codes: Mapping[tuple[int, str], int], descriptor: int
) -> int:
    glyph_ids = [glyph for glyph, _ in codes]
    name = subset_name(typeface, frozenset(glyph_ids))
    widths = " ".join(number(width_of(typeface, glyph)) for glyph in glyph_ids)
    places = file.add(stream(b"".join(glyph.to_bytes(2, "big") for glyph in (0, *glyph_ids))))
    meanings = file.add(stream(CMAP.format(meaning_rows(codes)).encode()))
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)"
        f"/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/DW 0/W[1[{widths}]]"
        f"/CIDToGIDMap {places} 0 R>>".encode()
    )
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {meanings} 0 R>>".encode()
    )


def meaning_rows(codes: Mapping[tuple[int, str], int]) -> str:
    rows = [f"<{code:04x}><{text.encode('utf-16-be').hex()}>" for (_, text), code in codes.items()]
    return "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (rows[at : at + CMAP_ROWS] for at in range(0, len(rows), CMAP_ROWS))
    )


def subset_name(typeface: Typeface, glyph_ids: frozenset[int]) -> str:
    # Six letters before the name tell viewers that two subsets of a font are not the same.
    digest = sha256(repr(sorted(glyph_ids)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6]) + f"+{typeface.name}"


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))
