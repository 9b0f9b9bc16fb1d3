"""A text as a spreadsheet may have it, whichever file it stands in."""

from __future__ import annotations

import re

# What Excel's cells hold, in UTF-16 units; it spills what is longer over rows, or drops the file.
CELL_UNITS = 32_767
CUT_MARK = "…"
# What a spreadsheet takes for the start of a formula, blanks before it and full-width forms too.
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def text(value: str | None) -> str:
    """The value as a spreadsheet may have it: never a formula, no NUL, as long as a cell can be."""
    guarded = guard(value)
    if not is_too_long(guarded):
        return guarded
    kept = guarded.encode("utf-16-le", "surrogatepass")[: (CELL_UNITS - len(CUT_MARK)) * 2]
    # Half a character at the cut goes too.
    return kept.decode("utf-16-le", "ignore") + CUT_MARK


def guard(value: str | None) -> str:
    if not value:
        return ""
    whole = value.replace("\x00", "")
    return f"'{whole}" if FORMULA.match(whole) else whole


def is_too_long(text: str) -> bool:
    # No character takes more than two units.
    if len(text) * 2 <= CELL_UNITS:
        return False
    return len(text.encode("utf-16-le", "surrogatepass")) > CELL_UNITS * 2
