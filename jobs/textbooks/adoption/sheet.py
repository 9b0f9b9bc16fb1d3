"""An adoption file as rows under known headers, or why it is refused whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.contracts.adoptions import AS_IS, MEDIUMS, METADATA

BOOK, BOARD, MEDIUM, GRADE, SUBJECT = "do_id", "board", "medium", "grade", "subject"
NAME, DESCRIPTION, ICON = "name", "description", "icon"
HEADERS = {
    AS_IS: (BOOK,),
    MEDIUMS: (BOOK, BOARD, MEDIUM),
    METADATA: (BOOK, BOARD, MEDIUM, GRADE, SUBJECT, NAME, DESCRIPTION, ICON),
}
ALIASES = {
    "textbook id": BOOK,
    "textbookid": BOOK,
    "identifier": BOOK,
    "medium(s)": MEDIUM,
    "grade(s)": GRADE,
    "subject(s)": SUBJECT,
}

TOO_LARGE, TOO_MANY_ROWS = "FILE_TOO_LARGE", "FILE_TOO_MANY_ROWS"
NOT_UTF8, NOT_CSV, QUOTES = "FILE_NOT_UTF8", "FILE_NOT_CSV", "FILE_QUOTES"
EMPTY, NO_ROWS = "FILE_EMPTY", "FILE_NO_ROWS"
HEADER_MISSING, HEADER_UNKNOWN = "FILE_HEADER_MISSING", "FILE_HEADER_UNKNOWN"
HEADER_TWICE = "FILE_HEADER_TWICE"
# What a header's name is cut to where it is told.
SHOWN = 40
SHOWN_NAMES = 8


@dataclass(frozen=True)
class Refusal:
    """Why a file is refused whole: a code, and what was found."""

    code: str
    detail: str


@dataclass(frozen=True)
class SheetRow:
    """A row under its number in a spreadsheet, the header being 1; `beyond` stands outside of the
    headers."""

    number: int
    cells: dict[str, str]
    beyond: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a file says, and in which of the three ways."""

    mode: str
    rows: list[SheetRow]


def read_sheet(
    data: bytes, *, mode: str | None, most_bytes: int, most_rows: int
) -> Sheet | Refusal:
    """The rows of a file; a mode that was asked for is held to."""
    text = decoded(data, most_bytes=most_bytes)
    if isinstance(text, Refusal):
        return text
    # A cell may be as long as the file: too long a value is told, and no reason to stop.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        found = columns_of(header, mode)
        if isinstance(found, Refusal):
            return found
        told_mode, columns = found
        rows: list[SheetRow] = []
        for row in rows_of(reader, columns):
            if len(rows) == most_rows:
                return Refusal(TOO_MANY_ROWS, f"more than {most_rows}")
            rows.append(row)
    except csv.Error as error:
        return Refusal(QUOTES, f"line {reader.line_num}: {error}")
    return Sheet(told_mode, rows) if rows else Refusal(NO_ROWS, "no row below the header")


def decoded(data: bytes, *, most_bytes: int) -> str | Refusal:
    if len(data) > most_bytes:
        return Refusal(TOO_LARGE, f"{len(data)} bytes, at most {most_bytes}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Refusal(NOT_UTF8, "UTF-16")
    if data.startswith(b"PK\x03\x04"):
        return Refusal(NOT_CSV, "a workbook")
    if b"\x00" in data:
        return Refusal(NOT_CSV, "a NUL byte")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Refusal(NOT_UTF8, f"line {line}, byte {error.start + 1}")
    return text if text.strip() else Refusal(EMPTY, "nothing in it")


def columns_of(header: list[str], mode: str | None) -> tuple[str, list[str]] | Refusal:
    """The mode, and the name of each column; a column without a header has none."""
    names = [header_name(cell) for cell in header]
    given = [name for name in names if name]
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        return Refusal(HEADER_TWICE, listed(twice))
    nearest = mode or min(HEADERS, key=lambda one: unlike(HEADERS[one], given))
    missing = [name for name in HEADERS[nearest] if name not in given]
    unknown = [name for name in given if name not in HEADERS[nearest]]
    told = [f"missing: {listed(missing)}"] if missing else []
    told += [f"unknown: {listed(unknown)}"] if unknown else []
    if len(given) == 1 and any(mark in header[0] for mark in ";\t|") and missing:
        told.append("commas separate the columns")
    if told:
        return Refusal(HEADER_MISSING if missing else HEADER_UNKNOWN, "; ".join(told))
    return nearest, names


def unlike(promised: tuple[str, ...], given: list[str]) -> tuple[int, int]:
    """How far a header is from what a mode promises; a missing column is likelier than another
    mode with one too many."""
    return len(set(promised) ^ set(given)), len(set(given) - set(promised))


def header_name(cell: str) -> str:
    name = " ".join(cell.split()).casefold()
    return ALIASES.get(name, name)


def listed(names: list[str]) -> str:
    shown = ", ".join(name[:SHOWN] for name in names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def rows_of(lines: Iterator[list[str]], columns: list[str]) -> Iterator[SheetRow]:
    """Rows with anything in them, under the numbers that a spreadsheet shows."""
    for number, line in enumerate(lines, 2):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        known = {name: "" for name in columns if name}
        known |= {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        outside = [
            cell for place, cell in enumerate(cells) if not "".join(columns[place : place + 1])
        ]
        yield SheetRow(number, known, next((cell for cell in outside if cell), ""))
