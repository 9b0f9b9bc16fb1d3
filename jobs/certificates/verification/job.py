"""Judges a file or an id by the keys of this home and the ledger in the store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from jobs.certificates.verification.judgement import Judgement, judge_file, judge_id
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage.certificate_keys import certificate_keys
from jobs.storage.issued_certificates import find_issued
from jobs.storage.objects import Objects
from jobs.storage.store import Store

LARGEST_FILE = 20_000_000
ID = re.compile(r"(?:https?://.*/certificates/)?([0-9a-fA-F-]{32,36})")


def verify(settings: Settings, store: Store, objects: Objects, what: str) -> Judgement:
    """`what` is a file's path, a certificate's number, or the address of its page."""
    ledger = Ledger(store, objects)
    data = content_of(Path(what))
    if data is not None:
        return judge_file(data, certificate_keys(settings).public_pems, ledger.find)
    match = ID.fullmatch(what.strip())
    try:
        certificate_id = UUID(match[1]) if match else None
    except ValueError:
        certificate_id = None
    if certificate_id is None:
        raise RequestError(
            f"A certificate is verified by its file, its number, or the address of its page;"
            f" {what!r} is no file here and none of them."
        )
    return judge_id(certificate_id, ledger.find, ledger.read)


def content_of(path: Path) -> bytes | None:
    """The file's content; None where there is no such file."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > LARGEST_FILE:
            raise RequestError(
                f"A certificate has at most {LARGEST_FILE} bytes; {path} has"
                f" {path.stat().st_size}. Give the certificate's own file."
            )
        return path.read_bytes()
    except OSError as error:
        raise RequestError(
            f"The file {str(path)[:200]} cannot be read: {error.strerror}."
        ) from error


class Ledger:
    """What was issued: rows of the store, credentials of the object store."""

    def __init__(self, store: Store, objects: Objects) -> None:
        self.store = store
        self.objects = objects

    def find(self, certificate_id: UUID) -> Mapping[str, Any] | None:
        with self.store.transaction() as connection:
            return find_issued(connection, certificate_id)

    def read(self, key: str) -> bytes | None:
        return self.objects.read(key) if self.objects.exists(key) else None
