"""Cells: what one value looks like in a file that people open in a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, datetime

# Always as many, so that the stars do not tell how long the hidden part is.
STARS = "****"
LETTERS_SHOWN = 2
DIGITS_SHOWN = 4

ADDRESS = re.compile(r"([^@\s]+)@([^@\s]+\.[^@\s.]+)")
# Sunbird's words for the status of an account.
ACCOUNTS: dict[int | None, str] = {
    0: "Inactive user",
    1: "Active user",
    2: "Deleted user",
}


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
