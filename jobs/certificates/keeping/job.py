"""Keeping a picture: its file by its hash, then the row that names it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.pictures import MOST_SOURCE_BYTES, Picture, picture
from jobs.errors import RequestError
from jobs.storage.aside import folder_aside
from jobs.storage.certificate_register import note_asset
from jobs.storage.objects import Objects


def picture_in(path: Path, *, kind: str) -> Picture:
    """The picture in a file, made small; RequestError where it is none or cannot be read."""
    try:
        with path.open("rb") as file:
            given = file.read(MOST_SOURCE_BYTES + 1)
    except OSError as error:
        raise RequestError(
            f"The {kind} {path} promised a PNG or JPEG file; {error.strerror}. Give the path of a"
            " file that this machine can read."
        ) from None
    return picture(given, kind=kind, where=str(path))


def keep(
    connection: Connection[DictRow], objects: Objects | None, kept: Picture, *, now: datetime
) -> str:
    """Put the picture where it is not yet, and remember it; returns its key.

    Without an object store nothing is put: what is only tried leaves no file.
    """
    if objects is not None and not objects.exists(kept.object_key):
        with folder_aside() as folder:
            file = folder / "picture"
            file.write_bytes(kept.content)
            objects.put(kept.object_key, file)
    note_asset(
        connection,
        {
            "object_key": kept.object_key,
            "kind": kept.kind,
            "sha256": kept.sha256,
            "width": kept.width,
            "height": kept.height,
            "byte_count": len(kept.content),
            "source_sha256": kept.source_sha256,
            "source_byte_count": kept.source_byte_count,
            "added_at": now,
        },
    )
    return kept.object_key
