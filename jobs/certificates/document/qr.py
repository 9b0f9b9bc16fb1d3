"""The QR code of a verification address: looked up for its last 36 characters, the id.

An encoder spends some milliseconds on each code. But all addresses of one server differ in their
id alone, and every bit of a code is the exclusive or of some bits of the text: so what each digit
of an id changes is found once, and a code is made of its 32 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import numpy as np
import numpy.typing as npt
from reportlab.graphics.barcode.qrencoder import (
    QR8bitByte,
    QRCode,
    QRErrorCorrectLevel,
)

# A quarter of the paper's wear is borne by Q, which needs a larger code; M bears a seventh.
LEVEL = QRErrorCorrectLevel.M
LARGEST_VERSION = 12
HEX = "0123456789abcdef"
ZERO = str(UUID(int=0))
# What the bytes of the digits differ in: 1 to 9 from 0 in the first four, a to f in 0x50 as well.
BITS = (1, 2, 4, 8, 0x50)
# Neighbouring rows overlap a little: some viewers show hairlines between shapes that only touch.
OVERLAP = 0.04
Modules = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class QrCodes:
    """All codes of one prefix: that of the id of zeros, and what each digit changes."""

    modules: Modules
    # For each digit's place and value: the codewords' bits that turn.
    turned: Modules
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]

    def code(self, certificate_id: UUID) -> Modules:
        """1 where a module is dark."""
        digits = np.frombuffer(certificate_id.bytes, np.uint8)
        nibbles = np.column_stack((digits >> 4, digits & 15)).ravel()
        words = np.bitwise_xor.reduce(self.turned[np.arange(32), nibbles])
        bits = np.unpackbits(words)[: len(self.rows)]
        modules = self.modules.copy()
        modules[self.rows[: len(bits)], self.columns[: len(bits)]] ^= bits
        return modules


@lru_cache(maxsize=8)
def qr_codes(prefix: str) -> QrCodes:
    """For addresses of this prefix and a UUID; ValueError for a prefix that makes it too dense."""
    version = version_of(prefix + ZERO)
    zero = encoder(prefix + ZERO, version)
    mask = zero.getBestMaskPattern()
    zero.makeImpl(False, mask)
    places = list(zero.dataPosIterator())
    base = codewords(prefix + ZERO, version)
    turned = np.zeros((32, 16, len(base)), np.uint8)
    for place, at in enumerate(at for at, mark in enumerate(ZERO) if mark != "-"):
        bits = {
            bit: codewords(prefix + ZERO[:at] + chr(ord("0") ^ bit) + ZERO[at + 1 :], version)
            ^ base
            for bit in BITS
        }
        for value, digit in enumerate(HEX):
            told = ord(digit) ^ ord("0")
            for bit in BITS:
                if told & bit == bit:
                    turned[place, value] ^= bits[bit]
    return QrCodes(
        modules=np.array(zero.modules, np.uint8),
        turned=turned,
        rows=np.array([row for _, row in places]),
        columns=np.array([column for column, _ in places]),
    )


def version_of(text: str) -> int:
    code = encoder(text, None)
    version = int(code.calculate_version())
    if version > LARGEST_VERSION:
        raise ValueError(
            f"The verification address promised to fit a QR code that a phone reads from paper;"
            f" with {len(text)} characters it does not. Shorten the public address."
        )
    return version


def encoder(text: str, version: int | None) -> QRCode:
    code = QRCode(version, LEVEL)
    code.addData(QR8bitByte(text))
    return code


def codewords(text: str, version: int) -> Modules:
    return np.array(QRCode.createData(version, LEVEL, encoder(text, version).dataList), np.uint8)


def drawn(modules: Modules, x: float, y: float, size: float) -> str:
    """Operations that fill the dark modules, in a square with its lower left corner at (x, y)."""
    side = len(modules)
    edges = np.diff(np.pad(modules, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    bars = " ".join(
        f"{begin} {side - 1 - row} {end - begin} {1 + OVERLAP} re"
        for row, begin, end in zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True)
    )
    scale = size / side
    return f"q {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm {bars} f Q"
