"""Artwork and signatures as they are given, made small enough for a certificate."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from jobs.contracts.certificates import ARTWORK
from jobs.errors import RequestError

MOST_SOURCE_BYTES = 20 << 20
# More would be gigabytes once it is unpacked, whatever the file weighs.
MOST_PIXELS = 60_000_000
LEAST_SIDE = 16
# A4 across at 150 dots an inch; a signature of 8 by 2.7 centimetres.
SIZES = {ARTWORK: (1754, 1240), "signature": (480, 160)}
MOST_BYTES = {ARTWORK: 80_000, "signature": 40_000}
FORMATS = ("PNG", "JPEG")
QUALITIES = (85, 75, 65, 50, 40)
DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """What is kept of a picture that was given."""

    kind: str
    content: bytes
    ending: str
    width: int
    height: int
    source_sha256: str
    source_byte_count: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def object_key(self) -> str:
        return f"certificate-assets/{self.sha256}.{self.ending}"


def picture(given: bytes, *, kind: str, where: str) -> Picture:
    """The picture upright, scaled down and without anything hidden in its file.

    Raises RequestError naming `where` it comes from when it is none, or none that may be opened.
    """
    if len(given) > MOST_SOURCE_BYTES:
        raise refusal(kind, where, f"{len(given) / 1e6:.0f} MB, at most 20 MB are read")
    with warnings.catch_warnings():
        # The bound here is ours, and lower.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        content, ending, size = drawn(given, kind, where)
    return Picture(kind, content, ending, *size, hashlib.sha256(given).hexdigest(), len(given))


def drawn(given: bytes, kind: str, where: str) -> tuple[bytes, str, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(given), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise refusal(
                    kind,
                    where,
                    f"{width} x {height} pixels, at most {MOST_PIXELS // 10**6} million",
                )
            if min(width, height) < LEAST_SIDE:
                raise refusal(kind, where, f"{width} x {height} pixels, too small to print")
            upright = ImageOps.exif_transpose(image)
            is_see_through = upright.has_transparency_data
            plain = upright.convert("RGBA" if is_see_through else "RGB")
    except UnidentifiedImageError:
        raise refusal(kind, where, "no PNG or JPEG") from None
    # What a damaged file makes the reader raise is not one kind of error.
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise refusal(kind, where, f"a damaged picture ({error})") from None
    plain.thumbnail(SIZES[kind], Image.Resampling.LANCZOS)
    return squeezed(plain, kind, where)


def squeezed(image: Image.Image, kind: str, where: str) -> tuple[bytes, str, tuple[int, int]]:
    """As few bytes as a certificate has room for: first fewer colours, then fewer dots."""
    while min(image.size) >= LEAST_SIDE // 2:
        for content, ending in written(image, kind):
            if len(content) <= MOST_BYTES[kind]:
                return content, ending, image.size
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4))
    raise refusal(kind, where, "a picture that cannot be made small enough")


def written(image: Image.Image, kind: str) -> list[tuple[bytes, str]]:
    if image.mode == "RGB" and kind == ARTWORK:
        return [
            (saved(image, "JPEG", quality=quality, optimize=True), "jpg") for quality in QUALITIES
        ]
    # A signature is a line on paper: its edges must stay sharp.
    few_colours = image.quantize(64, method=Image.Quantize.FASTOCTREE)
    return [(saved(one, "PNG", optimize=True), "png") for one in (image, few_colours)]


def saved(image: Image.Image, form: str, **options: int | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def refusal(kind: str, where: str, found: str) -> RequestError:
    return RequestError(
        f"The {kind} {where} promised a PNG or JPEG picture; found {found}. Export it again as PNG."
    )


def in_data_url(text: str) -> bytes | None:
    """The picture that a platform wrote into the row itself; None where it wrote an address."""
    found = DATA_URL.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return base64.b64decode(found.group(1), validate=True)
    except binascii.Error:
        return b""
