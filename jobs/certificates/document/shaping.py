"""Text as glyphs: the right ones for its script, in the order and at the places of the eye."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import uharfbuzz as hb

from jobs.certificates.document import bidi
from jobs.certificates.document.errors import broken_syllable, no_glyph
from jobs.certificates.document.typefaces import DOTTED_CIRCLE, Style, Typeface, typefaces

JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


class Glyph(NamedTuple):
    """One glyph: its text is what a reader copies; places are in thousandths of an em."""

    id: int
    text: str
    advance: float
    x: float
    y: float


@dataclass(frozen=True)
class Run:
    """Glyphs of one font and one direction, from the left, and the text that they say."""

    typeface: Typeface
    text: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class Line:
    """A shaped line; measures are in ems."""

    runs: tuple[Run, ...]
    width: float

    @property
    def ascent(self) -> float:
        return max((run.typeface.ascent for run in self.runs), default=0)

    @property
    def descent(self) -> float:
        return max((run.typeface.descent for run in self.runs), default=0)


@lru_cache(maxsize=512)
def shaped(text: str, style: Style, where: str) -> Line:
    """The line, or CertificateHeld that names `where` a character cannot be printed."""
    levels = bidi.levels(text)
    fonts = fonts_of(text, style, where)
    runs: list[Run] = []
    run_levels: list[int] = []
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or fonts[at] is not fonts[begin] or levels[at] != levels[begin]:
            runs.append(run_of(fonts[begin], text[begin:at], levels[begin], where))
            run_levels.append(levels[begin])
            begin = at
    ordered = bidi.in_sight(runs, run_levels)
    width = sum(glyph.advance for run in ordered for glyph in run.glyphs) / 1000
    return Line(tuple(ordered), width)


def fonts_of(text: str, style: Style, where: str) -> list[Typeface]:
    """The font of each character: marks, spaces and signs stay with the letters before them."""
    fonts: list[Typeface] = []
    current: Typeface | None = None
    for character in text:
        is_letter = unicodedata.category(character)[0] in "LN"
        if current is None or is_letter or not is_in(current, character):
            current = first_with(character, style, where)
        fonts.append(current)
    return fonts


def is_in(font: Typeface, character: str) -> bool:
    return character in font.coverage or character in JOINERS


def first_with(character: str, style: Style, where: str) -> Typeface:
    for font in typefaces(style):
        if character in font.coverage:
            return font
    raise no_glyph(where, character)


def run_of(font: Typeface, text: str, level: int, where: str) -> Run:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction = "rtl" if level % 2 else "ltr"
    buffer.script = font.script
    buffer.flags = (
        hb.BufferFlags.BOT | hb.BufferFlags.EOT | hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    )
    hb.shape(font.font, buffer, {})
    infos = buffer.glyph_infos
    starts = sorted({info.cluster for info in infos} | {len(text)})
    ends = dict(pairwise(starts))
    scale = font.per_mille
    left = Counter(info.cluster for info in infos)
    told = dict.fromkeys(left, 0)
    glyphs = []
    for info, position in zip(infos, buffer.glyph_positions, strict=True):
        cluster = info.cluster
        said = text[cluster : ends[cluster]]
        if info.codepoint == 0:
            raise no_glyph(where, said[0])
        if info.codepoint == font.dotted_circle and DOTTED_CIRCLE not in text:
            raise broken_syllable(where, said[0])
        # A syllable of several glyphs: each says one character, the last says the rest.
        left[cluster] -= 1
        begin = told[cluster]
        end = min(begin + 1, len(said)) if left[cluster] else len(said)
        told[cluster] = end
        glyphs.append(
            Glyph(
                info.codepoint,
                said[begin:end],
                position.x_advance * scale,
                position.x_offset * scale,
                position.y_offset * scale,
            )
        )
    return Run(font, text, tuple(glyphs))
