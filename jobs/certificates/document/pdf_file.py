"""A PDF file that grows: the objects of a sheet as reportlab wrote them, and more behind them."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

CROSS_REFERENCE = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] ?\r?\n)+)trailer")


@dataclass
class PdfFile:
    """Objects so far, and where each begins."""

    body: bytearray
    offsets: list[int]

    @classmethod
    def opened(cls, written: bytes) -> PdfFile:
        """The objects of a whole file, without its end."""
        match = CROSS_REFERENCE.search(written)
        if match is None:
            raise ValueError("reportlab promised a file with a cross-reference table; it has none.")
        offsets = [int(row[:10]) for row in match[2].splitlines()]
        return cls(bytearray(written[: match.start()]), offsets)

    def copy(self) -> PdfFile:
        return PdfFile(bytearray(self.body), list(self.offsets))

    def add(self, content: bytes) -> int:
        """One more object; its number."""
        self.offsets.append(0)
        self.put(len(self.offsets) - 1, content)
        return len(self.offsets) - 1

    def put(self, number: int, content: bytes) -> None:
        """An object that was promised; one that was written before under its number is passed."""
        self.offsets[number] = len(self.body)
        self.body += b"%d 0 obj\n%b\nendobj\n" % (number, content)

    def closed(self, *, root: int, info: int, file_id: bytes) -> bytes:
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self.offsets[1:])
        return bytes(self.body) + (
            b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n"
            b"<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (
                len(self.offsets),
                rows,
                len(self.offsets),
                root,
                info,
                file_id,
                file_id,
                len(self.body),
            )
        )


def stream(content: bytes, entries: str = "") -> bytes:
    """A stream object, packed where that makes it smaller."""
    packed = zlib.compress(content, 6)
    if len(packed) < len(content):
        content, entries = packed, "/Filter/FlateDecode" + entries
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries.encode(), len(content), content)


def text(value: str) -> str:
    """A text string of PDF in any script."""
    return f"<FEFF{value.encode('utf-16-be').hex()}>"
