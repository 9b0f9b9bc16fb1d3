"""Pictures of a template as the page takes them: they were made small and clean on entry."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from jobs.certificates.document.errors import CertificateHeld

Kind = Literal["artwork", "signature"]
LARGEST_BYTES: dict[Kind, int] = {"artwork": 120_000, "signature": 60_000}
LARGEST_PIXELS = 8_000_000


@dataclass(frozen=True)
class Picture:
    """A picture that is ready for the page."""

    data: bytes
    width: int
    height: int


def picture(data: bytes, kind: Kind) -> Picture:
    """CertificateHeld where it is no picture, or so large that the page would not be sent."""
    if len(data) > LARGEST_BYTES[kind]:
        raise unusable(kind, f"it has {len(data)} bytes")
    try:
        # The size is read from the head of the file: nothing is unpacked before it is known.
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > LARGEST_PIXELS:
                raise unusable(kind, f"it has {width} x {height} pixels")
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise unusable(kind, "it cannot be read") from error
    return Picture(data, width, height)


def unusable(kind: Kind, found: str) -> CertificateHeld:
    return CertificateHeld(
        f"{kind}_unusable",
        f"The {kind} of the template promised a whole PNG or JPEG of at most"
        f" {LARGEST_BYTES[kind]} bytes; {found}. Give the template its picture again:"
        " `certificate update` scales it down.",
    )
