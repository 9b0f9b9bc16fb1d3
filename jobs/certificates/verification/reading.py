"""The credentials within a file: found in a PDF whoever saved it last, or standing alone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
TOKEN = re.compile(rb"\s*(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)\s*")
CREDENTIAL = re.compile(rb"\s*\{.*https://w3id\.org/openbadges/v2", re.DOTALL)
# A credential is some kilobytes; a stream that unpacks to more is a picture, or a bomb.
LARGEST = 64 * 1024


def credentials_in(data: bytes) -> tuple[str | None, bytes | None]:
    """The signed form and the readable one, each None where there is none."""
    token: str | None = None
    credential: bytes | None = None
    for content in contents(data):
        match = TOKEN.fullmatch(content)
        if match and token is None:
            token = match[1].decode("ascii")
        elif credential is None and CREDENTIAL.match(content):
            credential = content
    return token, credential


def contents(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"%PDF-"):
        yield data[:LARGEST]
        return
    for match in STREAM.finditer(data):
        unpacked = unpack(match[1])
        yield match[1] if unpacked is None else unpacked


def unpack(content: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, LARGEST)
    except zlib.error:
        return None
    return b"" if unpacker.unconsumed_tail else unpacked
