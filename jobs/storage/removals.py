"""Removes a file of a request: from the object store, the register, its links and the request."""

from __future__ import annotations

from datetime import datetime

from jobs.contracts.privacy import REFUSED
from jobs.storage.audit import Entry, append
from jobs.storage.exhaust_files import mark_removed
from jobs.storage.links import close_links
from jobs.storage.objects import Objects
from jobs.storage.rebuilding import lock_requests, say_removed
from jobs.storage.store import Store


def forget_unpublished(store: Store, objects: Objects, object_key: str, now: datetime) -> None:
    """Remove a file that nobody was told of."""
    objects.delete(object_key)
    with store.transaction() as connection:
        mark_removed(connection, object_key=object_key, reason=REFUSED, now=now)


def remove_file(
    store: Store,
    objects: Objects,
    file_id: int,
    *,
    table: str,
    reason: str,
    said: str,
    now: datetime,
    asked_by: str | None = None,
) -> bool:
    """Whether it was there; a run that is killed in between is finished by the next one."""
    with store.transaction() as connection:
        file = connection.execute(
            "SELECT * FROM operations.exhaust_file WHERE file_id = %s", [file_id]
        ).fetchone()
        if file is None:
            return False
        key, tag, request_id = file["object_key"], file["tag"], file["request_id"]
        # The requests before the file, as a cut locks them.
        requests = lock_requests(
            connection, table=table, tag=tag, request_id=request_id, object_key=key
        )
        if not mark_removed(connection, file_id=file_id, reason=reason, now=now):
            return False
        # The file's row is locked: what is under the key now is this file, and no newer one.
        objects.delete(key)
        close_links(connection, key, now)
        for request in requests:
            say_removed(connection, request, table=table, object_key=key, said=said, now=now)
        append(
            connection,
            Entry(
                event="file_removed",
                asked_by=asked_by,
                tag=tag,
                request_id=request_id,
                job_id=file["job_id"],
                batch_id=file["batch_id"],
                file_id=file_id,
                file_sha256=file["file_sha256"],
                details={"reason": reason},
            ),
            now,
        )
    return True
