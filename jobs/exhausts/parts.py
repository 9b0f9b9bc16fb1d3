"""Parts: a long file as several that a spreadsheet can hold, and the manifest that lists them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow as pa

from jobs.delivery.archive import Members
from jobs.exhausts.lines import LINE_END, bytes_of

MANIFEST = ("File", "Rows", "Bytes", "SHA-256")


@dataclass
class Part:
    """One file that is written: its rows, its bytes and their hash so far."""

    name: str
    stream: BinaryIO
    opening: AbstractContextManager[BinaryIO]
    rows: int = 0
    size: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def write(self, data: bytes | memoryview) -> None:
        self.stream.write(data)
        self.sha256.update(data)
        self.size += len(data)


@dataclass
class Parts:
    """The files `<name>.csv`, or `<name>_part-01.csv` and so on where there are more rows than one
    may have; each begins with the header."""

    members: Members
    name: str
    header: bytes
    limit: int
    is_split: bool
    made: list[Part] = field(default_factory=list)

    def add(self, lines: pa.StringArray) -> None:
        while len(lines):
            part = self.made[-1]
            if part.rows == self.limit:
                self.close()
                part = self.begin()
            room = self.limit - part.rows
            part.write(bytes_of(lines[:room]))
            part.rows += min(room, len(lines))
            lines = lines[room:]

    def begin(self) -> Part:
        number = f"_part-{len(self.made) + 1:02}" if self.is_split else ""
        name = f"{self.name}{number}.csv"
        opening = self.members(name)
        part = Part(name, opening.__enter__(), opening)
        self.made.append(part)
        part.write(self.header)
        return part

    def close(self) -> None:
        part = self.made[-1]
        part.write(LINE_END.encode())
        part.opening.__exit__(None, None, None)

    def manifest(self) -> bytes:
        page = io.StringIO(newline="")
        writer = csv.writer(page, lineterminator=LINE_END)
        writer.writerow(MANIFEST)
        writer.writerows((p.name, p.rows, p.size, p.sha256.hexdigest()) for p in self.made)
        return page.getvalue().encode("utf-8-sig")


@contextmanager
def parts(
    members: Members, name: str, *, header: bytes, limit: int, row_count: int
) -> Iterator[Parts]:
    """Files for up to `row_count` rows; the last one is closed at the end."""
    made = Parts(members, name, header, limit, is_split=row_count > limit)
    made.begin()
    try:
        yield made
    finally:
        # A zip whose member is still open cannot be closed: what went wrong would not be told.
        made.close()
