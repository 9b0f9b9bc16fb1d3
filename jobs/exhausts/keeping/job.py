"""Puts a made file where files are kept, notes it, and notes who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.delivery.protection import Protection
from jobs.exhausts import answers
from jobs.exhausts.answering.job import Desk
from jobs.storage.crash_points import crash_point
from jobs.storage.exhaust_files import MadeFile, keep
from jobs.storage.leases import Lease
from jobs.storage.removals import forget_unpublished
from jobs.storage.request_rows import Request


@dataclass(frozen=True)
class Made:
    """A file as its request notes it, and the learners that are in it."""

    entry: dict[str, Any]
    learners: list[str]


def keep_file(
    path: Path,
    made: Made,
    desk: Desk,
    request: Request,
    lease: Lease,
    entries: list[dict[str, Any]],
) -> None:
    """Put the file where files are kept, and note that it is done."""
    entry = made.entry
    file = MadeFile(
        object_key=entry["filePath"],
        file_sha256=entry["sha256"],
        job_id=request.job_id,
        tag=request.tag,
        request_id=request.request_id,
        batch_id=entry["batchId"],
        row_count=entry["facts"]["enrolled"],
    )
    # The request is locked meanwhile: a worker that was taken over must not replace its
    # successor's file, and nobody takes it over in the middle of the writing.
    with desk.store.transaction() as connection:
        desk.queue.hold(connection, lease)
        # Before the file is there: an erasure that removes the one under this key ends first.
        keep(connection, file, made.learners, desk.clock())
        desk.objects.put(entry["filePath"], path)
        crash_point("upload: kept, not noted")
        desk.queue.note_batches(connection, lease, [*entries, entry])
    crash_point("upload: noted")
    entries.append(entry)


def drop_weaker(desk: Desk, entries: list[dict[str, Any]], protection: Protection) -> None:
    """Files of an earlier run under a rule that is stricter by now: they are made again."""
    for entry in answers.weaker(entries, protection.level):
        forget_unpublished(desk.store, desk.objects, entry["filePath"], desk.clock())
        entries.remove(entry)
