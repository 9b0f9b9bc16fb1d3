"""Text that fits its box: first smaller, then on more lines, broken where the lines are even."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.shaping import JOINERS, Line, shaped
from jobs.certificates.document.typefaces import Style

LEADING = 1.08


@dataclass(frozen=True)
class Box:
    """Where a text may stand: centred at `x`, between `bottom` and `top`; sizes in points."""

    x: float
    bottom: float
    top: float
    width: float
    largest: float
    # The smallest size that is borne on one line, on two, and so on.
    smallest: tuple[float, ...]
    style: Style
    anchor: float = 0.5


@dataclass(frozen=True)
class Block:
    """Lines with the size and the baselines that they have."""

    lines: tuple[Line, ...]
    size: float
    baselines: tuple[float, ...]


def fitted(text: str, box: Box, where: str) -> Block:
    """The largest setting that fits; CertificateHeld when even the smallest does not."""
    lines: tuple[Line, ...]
    whole = shaped(text, box.style, where)
    widths: list[float] = []
    pieces: list[str] = []
    for count, smallest in enumerate(box.smallest, start=1):
        if count == 1:
            lines = (whole,)
        else:
            if not pieces:
                pieces = pieces_of(text, limit=max(1, len(text) // len(box.smallest)))
                widths = [shaped(piece, box.style, where).width for piece in pieces]
            lines = tuple(
                shaped(line.strip(), box.style, where) for line in broken(pieces, widths, count)
            )
        size = size_of(lines, box)
        if size >= smallest:
            return placed(lines, size, box)
    raise CertificateHeld(
        "does_not_fit",
        f"The {where} promised to fit its place on the page; it is {len(text)} characters long,"
        f" which do not fit on {len(box.smallest)} lines of the smallest size. Shorten it.",
    )


def size_of(lines: Sequence[Line], box: Box) -> float:
    height = sum(line.ascent + line.descent for line in lines) * LEADING
    widest = max(line.width for line in lines)
    return min(box.largest, box.width / widest, (box.top - box.bottom) / height)


def placed(lines: tuple[Line, ...], size: float, box: Box) -> Block:
    size = int(size * 100) / 100
    height = sum((line.ascent + line.descent) * LEADING for line in lines) * size
    y = (box.top + box.bottom + height) / 2
    baselines = []
    for line in lines:
        y -= line.ascent * LEADING * size
        baselines.append(y)
        y -= line.descent * LEADING * size
    return Block(lines, size, tuple(baselines))


def pieces_of(text: str, limit: int) -> list[str]:
    """Words with their spaces; a word longer than `limit` is cut between its syllables."""
    pieces: list[str] = []
    for word in text.split(" "):
        while len(word) > limit:
            at = limit
            while at < len(word) and is_joined(word[at - 1], word[at]):
                at += 1
            pieces.append(word[:at])
            word = word[at:]
        pieces.append(word + " ")
    return [piece for piece in pieces if piece.strip()]


def is_joined(left: str, right: str) -> bool:
    """Whether a line may not be broken between the two."""
    # A virama (class 9) asks for the next letter: the two are one conjunct.
    return (
        unicodedata.category(right)[0] == "M"
        or right in JOINERS
        or left in JOINERS
        or unicodedata.combining(left) == 9
    )


def broken(pieces: Sequence[str], widths: Sequence[float], count: int) -> list[str]:
    """The pieces on so many lines, the widest of which is as narrow as can be."""
    narrow, wide = max(widths), sum(widths)
    for _ in range(24):
        middle = (narrow + wide) / 2
        if len(filled(pieces, widths, middle)) <= count:
            wide = middle
        else:
            narrow = middle
    return filled(pieces, widths, wide)


def filled(pieces: Sequence[str], widths: Sequence[float], room: float) -> list[str]:
    lines: list[str] = []
    taken = room + 1
    for piece, width in zip(pieces, widths, strict=True):
        if taken + width > room:
            lines.append("")
            taken = 0
        lines[-1] += piece
        taken += width
    return lines
