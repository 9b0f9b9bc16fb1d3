"""Cells: what one value looks like in a file that people open in a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, datetime

# Always as many, so that the stars do not tell how long the hidden part is.
STARS = "****"
LETTERS_SHOWN = 2
DIGITS_SHOWN = 4

ADDRESS = re.compile(r"([^@\s]+)@([^@\s]+\.[^@\s.]+)")
# What Excel's cells hold, in UTF-16 units; it spills what is longer over rows, or drops the file.
CELL_UNITS = 32_767
CUT_MARK = "…"
# Sunbird's words for the status of an account.
ACCOUNTS: dict[int | None, str] = {
    0: "Inactive user",
    1: "Active user",
    2: "Deleted user",
}
# What a spreadsheet takes for the start of a formula, blanks before it and full-width forms too.
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def masked_email(address: str) -> str:
    """`asha@example.org` as `as****@example.org`; empty where it is no address."""
    found = ADDRESS.fullmatch(address.strip())
    if not found:
        return ""
    return f"{found[1][:LETTERS_SHOWN]}{STARS}@{found[2]}"


def masked_mobile(number: str) -> str:
    """`9876543210` as `****3210`; empty where too few digits are there to hide any."""
    digits = [character for character in number if character.isdecimal()]
    if len(digits) <= DIGITS_SHOWN:
        return ""
    return STARS + "".join(digits[-DIGITS_SHOWN:])


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


def day(value: date | None) -> str:
    return "" if value is None else f"{value.day:02}/{value.month:02}/{value.year:04}"


def whole_number(value: int | None) -> str:
    return "" if value is None else str(value)


def percent(value: int | None) -> str:
    return "" if value is None else f"{value}%"


def account_status(value: int | None) -> str:
    return ACCOUNTS.get(value, "Invalid user")


def certificate_status(has_certificate: bool | None) -> str:  # noqa: FBT001 -- a column's value
    return "Issued" if has_certificate else ""


def moment(value: datetime | None) -> str:
    return "" if value is None else f"{day(value)} {value:%H:%M:%S}"


def decimal(value: float | None) -> str:
    """The shortest text of the number: 1, 0.5."""
    return "" if value is None else repr(value).removesuffix(".0")
