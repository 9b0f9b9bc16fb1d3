"""A zip file around the files of one batch, locked with AES-256 where a password is given."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import BinaryIO, cast

import pyzipper

from jobs.errors import ArchiveError

MEMBER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NAME_LENGTH = 100
COMPRESSION_LEVEL = 6
OLDEST_ZIP_TIME = 1980
UNIX = 3
OWNER_ONLY = 0o600 << 16

# A member's name to a stream for its bytes; one is closed before the next is opened.
Members = Callable[[str], AbstractContextManager[BinaryIO]]


@contextmanager
def archive(
    target: BinaryIO, *, member: str, password: str | None, modified_at: datetime
) -> Iterator[BinaryIO]:
    """A `bundle` of one member: a stream for its bytes."""
    refuse_member(member)
    with (
        bundle(target, password=password, modified_at=modified_at) as members,
        members(member) as stream,
    ):
        yield stream


@contextmanager
def bundle(target: BinaryIO, *, password: str | None, modified_at: datetime) -> Iterator[Members]:
    """Streams for the members' bytes, which land in the zip and nowhere else.

    With a password each member is AES-256; without one the same bytes give the same zip. Where the
    writing fails, what was written is taken away again: a broken-off zip opens like a whole one.
    """
    if password is not None and not password:
        raise ArchiveError(
            "The file must be protected, and its password is empty. Nothing was written."
            " Ask again with a key."
        )
    start = target.tell()
    try:
        with opened(target, password) as zipped:
            yield partial(opened_member, zipped, modified_at)
    except BaseException:
        target.seek(start)
        target.truncate()
        raise


@contextmanager
def opened_member(
    zipped: zipfile.ZipFile, modified_at: datetime, member: str
) -> Iterator[BinaryIO]:
    refuse_member(member)
    with zipped.open(described(zipped, member, modified_at), "w") as stream:
        yield cast(BinaryIO, stream)


def neutral_name(text: str) -> str:
    """A part of a file name in plain ASCII: what is not a letter or digit becomes one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")


def refuse_member(member: str) -> None:
    if not MEMBER_NAME.fullmatch(member) or len(member) > NAME_LENGTH:
        raise ArchiveError(
            f"A file in an archive needs a name of at most {NAME_LENGTH} plain letters, digits,"
            f" dots, hyphens and underscores; found {member[:NAME_LENGTH]!r}. Nothing was written."
        )


def opened(target: BinaryIO, password: str | None) -> zipfile.ZipFile:
    if password is None:
        return zipfile.ZipFile(
            target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL
        )
    locked = pyzipper.AESZipFile(
        target,
        "w",
        compression=pyzipper.ZIP_DEFLATED,
        compresslevel=COMPRESSION_LEVEL,
        encryption=pyzipper.WZ_AES,
        encryption_kwargs={"nbits": 256},
    )
    locked.setpassword(password.encode("utf-8"))
    return cast(zipfile.ZipFile, locked)


def described(zipped: zipfile.ZipFile, member: str, modified_at: datetime) -> zipfile.ZipInfo:
    # zipfile knows dates from 1980 on, in steps of two seconds.
    moment = (
        max(modified_at.year, OLDEST_ZIP_TIME),
        modified_at.month,
        modified_at.day,
        modified_at.hour,
        modified_at.minute,
        modified_at.second - modified_at.second % 2,
    )
    kind = getattr(zipped, "zipinfo_cls", zipfile.ZipInfo)
    information: zipfile.ZipInfo = kind(filename=member, date_time=moment)
    information.compress_type = zipfile.ZIP_DEFLATED
    # An information object of our own ignores the level of the file that it is written to.
    information._compresslevel = COMPRESSION_LEVEL  # type: ignore[attr-defined]
    information.create_system = UNIX
    information.external_attr = OWNER_ONLY
    return information
