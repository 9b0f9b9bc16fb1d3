"""The workbook beside the CSV: the same cells, where a long id stays the text that it is.

It is a stream like the CSV: a row is written before the next one comes, so that a file of any
length takes the same memory, and no part of it is ever beside the target.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import BinaryIO
from xml.sax.saxutils import escape

from jobs.delivery import spreadsheet
from jobs.exhausts.layout import Column
from jobs.exhausts.workbook_parts import PARTS, STYLE_OF, sheet_begin, sheet_end, workbook_part

# A sheet's last row, in Excel and in LibreOffice.
SHEET_ROWS = 1_048_576
# What spreadsheet programs read of one part of the file.
SHEET_BYTES = (1 << 31) - (1 << 20)
# Before it, Excel's days are counted otherwise.
FIRST_YEAR = 1901
DAY_ZERO = date(1899, 12, 30)
# What XML cannot hold or would change, and what looks like our way of writing it.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Writer = Callable[[str], str]


class Workbook:
    """One sheet with a bold, frozen header; the same cells give the same bytes."""

    def __init__(
        self,
        target: BinaryIO,
        columns: Sequence[Column],
        *,
        name: str,
        made_at: datetime,
        room: int = SHEET_ROWS,
    ) -> None:
        self.room, self.next_row, self.size = room, 1, 0
        self.made_at = made_at.timetuple()[:6]
        self.zipped = zipfile.ZipFile(target, "w")
        for part, content in (*PARTS.items(), workbook_part(name)):
            self.zipped.writestr(self._part(part), content)
        self.sheet = self.zipped.open(self._part("xl/worksheets/sheet1.xml"), "w")
        self.letters = [letters(place) for place in range(len(columns))]
        self.writers = [WRITERS.get(column.kind, text_cell) for column in columns]
        headers = [spreadsheet.text(column.header) for column in columns]
        self._write(sheet_begin([len(header) for header in headers]))
        self._row([text_cell(header, STYLE_OF["header"]) for header in headers], 1)

    @property
    def is_full(self) -> bool:
        """Whether there were more rows than a sheet holds: then the file is not to be used."""
        return self.next_row > self.room

    def add(self, made: Sequence[Sequence[str]]) -> None:
        """Write the rows of these cells, a list per column."""
        for row in zip(*made, strict=True):
            if self.next_row >= self.room or self.size > SHEET_BYTES:
                self.next_row = self.room + 1
                return
            self.next_row += 1
            shown = [
                write(text) if text else "" for text, write in zip(row, self.writers, strict=True)
            ]
            self._row(shown, self.next_row)

    def close(self) -> None:
        self._write(sheet_end())
        self.sheet.close()
        self.zipped.close()

    def _row(self, shown: Sequence[str], number: int) -> None:
        placed = [
            f'<c r="{letter}{number}"{cell}</c>'
            for letter, cell in zip(self.letters, shown, strict=True)
            if cell
        ]
        if placed:
            self._write(f'<row r="{number}">{"".join(placed)}</row>')

    def _write(self, text: str) -> None:
        content = text.encode("utf-8")
        self.size += len(content)
        self.sheet.write(content)

    def _part(self, name: str) -> zipfile.ZipInfo:
        information = zipfile.ZipInfo(name, self.made_at)
        information.compress_type = zipfile.ZIP_DEFLATED
        return information


def letters(place: int) -> str:
    """The name of a column: A, B, ... Z, AA, AB."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def text_cell(text: str, style: int = 0) -> str:
    shown = escape(UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    kind = f' s="{style}"' if style else ""
    return f'{kind} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is>'


def number_cell(text: str) -> str:
    return f"><v>{int(text)}</v>"


def percent_cell(text: str) -> str:
    return f' s="{STYLE_OF["percent"]}"><v>{int(text.removesuffix("%")) / 100}</v>'


def day_cell(text: str) -> str:
    day, month, year = map(int, text.split("/"))
    if year < FIRST_YEAR:
        return text_cell(text)
    return f' s="{STYLE_OF["day"]}"><v>{(date(year, month, day) - DAY_ZERO).days}</v>'


WRITERS: dict[str, Writer] = {
    "number": number_cell,
    "module": number_cell,
    "percent": percent_cell,
    "score": percent_cell,
    "day": day_cell,
}
