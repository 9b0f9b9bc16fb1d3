"""Where files for people are kept: a folder, or S3 and what speaks like it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.storage.aside import file_aside
from jobs.storage.bucket import S3Objects as S3Objects
from jobs.storage.crash_points import crash_point
from jobs.storage.stored import PIECE, Stored, clean_key
from jobs.storage.stored import Objects as Objects

ASIDE = ".aside"


def open_objects(settings: Settings) -> Objects:
    if settings.objects_url is None:
        return FolderObjects(settings.objects)
    return S3Objects(
        settings.objects_url,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
    )


class FolderObjects:
    """Objects as files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, path: Path) -> None:
        target = self.path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # One place for all keys: what a killed process left is found by the next file's maker.
            with path.open("rb") as source, file_aside(self.root / ASIDE) as (aside, copy):
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
                crash_point("upload: written aside")
                aside.replace(target)
            crash_point("upload: renamed")
            self.settle(target.parent)
        except OSError as error:
            raise self.unavailable("write", key, error) from error

    def read(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except OSError as error:
            raise self.unavailable("read", key, error) from error

    def stream(self, key: str) -> tuple[int, Iterator[bytes]]:
        path = self.path(key)

        def pieces() -> Iterator[bytes]:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    yield piece

        try:
            return path.stat().st_size, pieces()
        except OSError as error:
            raise self.unavailable("read", key, error) from error

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def delete(self, key: str) -> None:
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            raise self.unavailable("delete", key, error) from error

    def listing(self, folder: str) -> Iterator[Stored]:
        for path in sorted(self.path(folder).rglob("*")):
            if path.is_file():
                at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield Stored(path.relative_to(self.root).as_posix(), at)

    def place(self, key: str) -> str:
        return str(self.path(key))

    def path(self, key: str) -> Path:
        path = self.root / clean_key(key)
        # A link inside the folder could lead out of it.
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"The object {key!r} leads out of {self.root}.")
        return path

    def settle(self, folder: Path) -> None:
        """Make the new name survive a power cut: names are the folder's contents."""
        while folder.is_relative_to(self.root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            folder = folder.parent

    def unavailable(self, verb: str, key: str, error: OSError) -> UnavailableError:
        return UnavailableError(
            f"The objects in {self.root} promised to {verb} {key}; the disk said:"
            f" {error.strerror or error}. Check that the folder is there, writable and not full,"
            " then run the command again."
        )
