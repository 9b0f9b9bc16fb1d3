"""Files and folders made aside until they are whole; what a killed process left is cleared away."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import BinaryIO
from uuid import uuid4

from jobs.errors import UnavailableError

# Between its making and its lock, a file looks abandoned.
YOUNG_SECONDS = 60
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def file_aside(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A private file to fill and rename; one that was not renamed is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    clear(folder)
    path = folder / f".{uuid4().hex}.part"
    try:
        with open(path, "xb", opener=private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield path, file
    finally:
        # Where the disk or the folder itself is the trouble, this fails too.
        with suppress(OSError):
            path.unlink()


@contextmanager
def folder_aside(root: Path | None = None) -> Iterator[Path]:
    """A private folder for half-made files; UnavailableError where the disk has no room for them.

    Without a root it is where temporary files are.
    """
    root = root or own_root()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear(root)
        path = root / f".{uuid4().hex}.part"
        path.mkdir(mode=0o700)
        with locked(path):
            try:
                yield path
            finally:
                shutil.rmtree(path, ignore_errors=True)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise UnavailableError(
            f"Half-made files are kept in {root}, and there is no room: {error.strerror}. Nothing"
            " was lost: make room, or set TMPDIR to a larger disk, and run the command again."
        ) from error


def own_root() -> Path:
    return Path(gettempdir()) / f"sunbird-batch-{os.getuid()}"


def clear_own() -> None:
    """Clear away what killed processes left among the temporary files, whether or not a new one
    is made now."""
    if own_root().is_dir():
        clear(own_root())


def clear(folder: Path) -> None:
    """Remove what was made aside by processes that are gone: their locks are gone with them."""
    for left in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > YOUNG_SECONDS:
                with locked(left):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """The lock on a file or a folder; BlockingIOError, an OSError, where a live process has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
