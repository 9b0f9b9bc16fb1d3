"""A zip file around the files of one batch, protected as its tenant asks.

With a password its members are AES-256; for a text key or a public key the whole zip is inside an
age file, so that not even its members' names are seen.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import BinaryIO, cast

import pyzipper

from jobs.delivery.age import AgeStream
from jobs.delivery.protection import Protection
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
    target: BinaryIO, *, member: str, protection: Protection, modified_at: datetime
) -> Iterator[BinaryIO]:
    """A `bundle` of one member: a stream for its bytes."""
    refuse_member(member)
    with (
        bundle(target, protection=protection, modified_at=modified_at) as members,
        members(member) as stream,
    ):
        yield stream


@contextmanager
def bundle(target: BinaryIO, *, protection: Protection, modified_at: datetime) -> Iterator[Members]:
    """Streams for the members' bytes, which land in the archive and nowhere else.

    Unprotected, the same bytes give the same zip. Where the writing fails, what was written is
    taken away again: a broken-off zip opens like a whole one.
    """
    start = target.tell()
    try:
        with locked(target, protection) as inner, opened(inner, protection.password) as zipped:
            yield partial(opened_member, zipped, modified_at, protection)
    except BaseException:
        target.seek(start)
        target.truncate()
        raise


@contextmanager
def locked(target: BinaryIO, protection: Protection) -> Iterator[BinaryIO]:
    """Where the zip is written to: the target, or what locks it as a whole."""
    wrap = protection.wrap()
    if wrap is None:
        yield target
        return
    stream = AgeStream(target, wrap)
    yield cast(BinaryIO, stream)
    stream.finish()


@contextmanager
def opened_member(
    zipped: zipfile.ZipFile, modified_at: datetime, protection: Protection, member: str
) -> Iterator[BinaryIO]:
    refuse_member(member)
    # A member beyond 2 GiB must be announced. Phones' programs, which open the other archives,
    # do not all know such members; age files are opened on computers.
    is_any_size = protection.wraps_all
    information = described(zipped, member, modified_at)
    with zipped.open(information, "w", force_zip64=is_any_size) as stream:
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
