"""What every object store promises, and how a key must look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

PIECE = 1 << 18


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its key, and when it was put there."""

    key: str
    modified_at: datetime


class Objects(Protocol):
    """Files under relative keys; a file is there whole or not at all."""

    def put(self, key: str, path: Path) -> None: ...

    def read(self, key: str) -> bytes: ...

    def stream(self, key: str) -> tuple[int, Iterator[bytes]]:
        """The file's size, and its bytes piece by piece: for files that memory need not hold."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None: ...

    def listing(self, folder: str) -> Iterator[Stored]:
        """What is kept below a folder of keys."""
        ...

    def place(self, key: str) -> str:
        """The path or URL that a person can look at."""
        ...


def clean_key(key: str) -> str:
    """The key itself; ValueError when it could name anything outside the root."""
    parts = key.split("/")
    if (
        not key
        or any(part in {"", ".", ".."} for part in parts)
        or any(mark in key for mark in ("\\", "\0", ":"))
        or any(ord(letter) < 32 for letter in key)
    ):
        raise ValueError(
            f"An object's key is a relative path of plain names; {key!r} is not. Make the key from"
            " ids, never from what a user wrote."
        )
    return key
