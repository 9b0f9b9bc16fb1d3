"""Takes in the files of the inbox: each on its own, and out of the way when it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import structlog

from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage.aside import folder_aside
from jobs.storage.objects import FolderObjects, Objects, S3Objects
from jobs.storage.store import Store
from jobs.storage.stored import Stored, clean_key
from jobs.textbooks.adoption.job import adopt
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.notices.job import tell

log = structlog.get_logger()

WAITING, DONE = "adoptions", "adoptions-done"
ENDING = ".csv"
# <channel>/<user id>/<name>.csv
DEPTH = 3


def open_inbox(settings: Settings) -> Objects:
    place = settings.adoption_inbox
    if place is not None and place.startswith("s3://"):
        return S3Objects(place, endpoint_url=settings.s3_endpoint_url, region=settings.s3_region)
    return FolderObjects(settings.home / "inbox" if place is None else settings.home / place)


def take_in(
    settings: Settings,
    store: Store,
    objects: Objects,
    file: str | None = None,
    *,
    mode: str | None = None,
    board: str | None = None,
    now: datetime,
    dry_run: bool = False,
) -> dict[str, int]:
    """How many files were applied, refused or known; a file that is named is taken in at once."""
    inbox = open_inbox(settings)
    if not dry_run:
        # Also what an earlier run could not hand over any more.
        tell(store, objects, now=now)
    found: Counter[str] = Counter()
    for key in waiting(inbox, file, settings, now):
        channel, adopter_id, name = PurePosixPath(key).parts[-DEPTH:]
        data = inbox.read(key)
        order = Order(name, data, channel, adopter_id, mode, board)
        outcome = adopt(settings, store, objects, order, now=now, dry_run=dry_run)
        found[outcome.status] += 1
        if not dry_run:
            put_away(inbox, key, data, order.file_id)
    return dict(found)


def waiting(inbox: Objects, file: str | None, settings: Settings, now: datetime) -> Iterator[str]:
    if file is not None:
        key = f"{WAITING}/{file}"
        if len(PurePosixPath(file).parts) != DEPTH or not is_clean(key) or not inbox.exists(key):
            raise RequestError(
                f"The inbox has no file {file!r}: promised is <channel>/<user id>/<name>.csv below"
                f" {inbox.place(WAITING)}."
            )
        yield key
        return
    # A file that is still being written would be refused, or half of it applied.
    settled = now - timedelta(seconds=settings.adoption_inbox_seconds)
    listed: list[Stored] = [*inbox.listing(WAITING)]
    for one in listed:
        path = PurePosixPath(one.key)
        is_named = path.suffix.lower() == ENDING and len(path.parts) == DEPTH + 1
        if not is_named or not is_clean(one.key):
            log.warning("inbox: no adoption file", depth=len(path.parts))
        elif one.modified_at <= settled:
            yield one.key


def is_clean(key: str) -> bool:
    """Whether a file of this name can be read: people name files as they like."""
    try:
        return bool(clean_key(key))
    except ValueError:
        return False


def put_away(inbox: Objects, key: str, data: bytes, file_id: str) -> None:
    """Out of the inbox, and kept beside it under what is in it."""
    path = PurePosixPath(key)
    kept = PurePosixPath(DONE, *path.parts[1:-1], f"{file_id[:12]}-{path.name}")
    with folder_aside() as aside:
        copy = aside / "file"
        copy.write_bytes(data)
        inbox.put(str(kept), copy)
    inbox.delete(key)
