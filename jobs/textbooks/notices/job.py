"""Hands over the events of notices, each until it is kept; the same notice is the same event."""

from __future__ import annotations

import hashlib
from datetime import datetime

import structlog

from jobs.storage import adoptions as table
from jobs.storage.aside import folder_aside
from jobs.storage.crash_points import crash_point
from jobs.storage.objects import Objects
from jobs.storage.store import Store
from jobs.textbooks.notices.event import as_lines

log = structlog.get_logger()

PAGE = 5000


def tell(store: Store, objects: Objects, *, now: datetime) -> int:
    """Write the events that are due below `events/textbook-adoption`; returns how many."""
    told = 0
    while True:
        with store.transaction() as connection, folder_aside() as aside:
            page = table.untold(connection, limit=PAGE)
            if not page:
                break
            data = as_lines(page)
            path = aside / "events.jsonl"
            path.write_bytes(data)
            # Named by what is in it: after a crash the same notices are the same file.
            digest = hashlib.sha256(data).hexdigest()[:16]
            key = f"events/textbook-adoption/{page[0]['noticed_at']:%Y-%m-%d}/{digest}.jsonl"
            objects.put(key, path)
            crash_point("adoption notices: written")
            ids = [notice["notice_id"] for notice in page]
            table.note_told(connection, ids, key=key, now=now)
        told += len(page)
    if told:
        log.info("adoption notices", told=told)
    return told
