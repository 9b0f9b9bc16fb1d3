"""Which of a message's files go with it: whole, unchanged and not too large together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol

from jobs.delivery.facts import Attachment
from jobs.errors import DeliveryError

MEDIA_TYPES = {
    ".zip": "application/zip",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".png": "image/png",
}


def media_type(file_name: str) -> str:
    """What the ending of the name says is in it; an age file is bytes like any other."""
    return MEDIA_TYPES.get("." + file_name.rpartition(".")[2].lower(), "application/octet-stream")


class Files(Protocol):
    """What is read here of the object store."""

    def read(self, key: str) -> bytes: ...
    def exists(self, key: str) -> bool: ...


def fitting(
    objects: Files, stored: Iterable[dict[str, Any]], *, room: int
) -> tuple[list[tuple[str, bytes]], list[Attachment]]:
    """The files to attach, and those that one mail has no room for.

    DeliveryError where a file is gone or is not the one that was made.
    """
    attached: list[tuple[str, bytes]] = []
    too_large: list[Attachment] = []
    for file in map(Attachment.model_validate, stored):
        if not objects.exists(file.key):
            raise DeliveryError(
                f"The file {file.file_name} (object {file.key}) is not in the object store any"
                " more: nothing is sent. Ask again to have it made again."
            )
        if file.bytes > room:
            too_large.append(file)
            continue
        data = objects.read(file.key)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise DeliveryError(
                f"The object {file.key} is not the file that was made: its checksum differs."
                " Nothing is sent."
            )
        room -= len(data)
        attached.append((file.file_name, data))
    return attached, too_large
