"""The workbook beside the CSV: the same cells, where a long id stays the text that it is.

A row is on disk before the next one comes, so a file of any length takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from jobs.exhausts import cells
from jobs.exhausts.layout import Column

# A sheet's last row, in Excel and in LibreOffice.
SHEET_ROWS = 1_048_576
NARROWEST, WIDEST = 10, 40
# Before it, Excel's days are counted otherwise.
FIRST_YEAR = 1901

Writer = Callable[[int, int, str], Any]


class Workbook:
    """One sheet with a bold, frozen header; the same cells give the same bytes."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        *,
        made_at: datetime,
        room: int = SHEET_ROWS,
    ) -> None:
        options = {
            "constant_memory": True,
            # Half a sheet is as private as the whole: it stays beside it.
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.path, self.room, self.next_row = path, room, 1
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"created": made_at.replace(tzinfo=None)})
        self.sheet = self.book.add_worksheet("Progress")
        self.writers = self._writers(columns)
        self._head(columns)

    @property
    def is_full(self) -> bool:
        """Whether there were more rows than a sheet holds: then the file is not to be used."""
        return self.next_row > self.room

    def add(self, made: Sequence[Sequence[str]]) -> None:
        """Write the rows of these cells, a list per column."""
        for row in zip(*made, strict=True):
            if self.next_row >= self.room:
                self.next_row = self.room + 1
                return
            for place, (text, write) in enumerate(zip(row, self.writers, strict=True)):
                if text:
                    write(self.next_row, place, text)
            self.next_row += 1

    def close(self) -> None:
        self.book.close()

    def _head(self, columns: Sequence[Column]) -> None:
        bold = self.book.add_format({"bold": True})
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            header = cells.text(column.header)
            self.sheet.set_column(place, place, min(max(len(header) + 2, NARROWEST), WIDEST))
            self.sheet.write_string(0, place, header, bold)

    def _writers(self, columns: Sequence[Column]) -> list[Writer]:
        percent = self.book.add_format({"num_format": "0%"})
        day = self.book.add_format({"num_format": "dd/mm/yyyy"})
        by_kind: dict[str, Writer] = {
            "number": number_writer(self.sheet),
            "module": number_writer(self.sheet),
            "percent": percent_writer(self.sheet, percent),
            "score": percent_writer(self.sheet, percent),
            "day": day_writer(self.sheet, day),
        }
        return [by_kind.get(column.kind, self.sheet.write_string) for column in columns]


def number_writer(sheet: Worksheet) -> Writer:
    return lambda row, place, text: sheet.write_number(row, place, int(text))


def percent_writer(sheet: Worksheet, shown: Any) -> Writer:
    return lambda row, place, text: sheet.write_number(
        row, place, int(text.removesuffix("%")) / 100, shown
    )


def day_writer(sheet: Worksheet, shown: Any) -> Writer:
    def write(row: int, place: int, text: str) -> None:
        day, month, year = map(int, text.split("/"))
        if year < FIRST_YEAR:
            sheet.write_string(row, place, text)
        else:
            sheet.write_datetime(row, place, date(year, month, day), shown)

    return write
