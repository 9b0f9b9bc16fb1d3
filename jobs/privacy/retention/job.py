"""Removes what is older than it may be, proves that nothing older is left, and anchors the log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from jobs.contracts.privacy import EXPIRED
from jobs.errors import UnavailableError
from jobs.exhausts.requests import KINDS
from jobs.privacy.verifying.job import keep_anchor
from jobs.quality.job import record
from jobs.quality.verdicts import exact, stop_on_failure
from jobs.settings import Settings
from jobs.storage import event_accounts, event_people, exhaust_files
from jobs.storage.event_files import EventFiles
from jobs.storage.objects import Objects
from jobs.storage.quarantine import folder_of
from jobs.storage.removals import remove_file
from jobs.storage.snapshots import Snapshot, forget_quarantine, older_than
from jobs.storage.store import Store

log = structlog.get_logger()

FILES, STRAYS, KEPT_OUT, RETURNED, EVENTS = (
    "files of requests",
    "files that no request names",
    "rows kept out of tables",
    "returned messages that were not ours",
    "landed events that name users",
)
LISTS = "lists of who was in a file"


def run_retention(
    settings: Settings, store: Store, objects: Objects, now: datetime, *, dry_run: bool = False
) -> dict[str, int]:
    """How much of each kind went, or would go; GateError where anything older is left."""
    found = {kind: len(each) for kind, each in old(settings, store, objects, now).items()}
    if dry_run:
        return found
    remove_files(settings, store, objects, now)
    for key in strays(settings, store, objects, now):
        objects.delete(key)
    for snapshot in old_quarantine(settings, store, now):
        remove_quarantine(store, snapshot)
    for path in old_returned(settings, now):
        path.unlink(missing_ok=True)
    make_nameless(settings, store, now)
    with store.transaction() as connection:
        since = now - timedelta(days=settings.learner_list_days)
        found[LISTS] = exhaust_files.forget_learners(connection, since)
    left = {kind: len(each) for kind, each in old(settings, store, objects, now).items()}
    verdicts = [
        exact("retention", f"nothing older is left: {kind}", n, 0) for kind, n in left.items()
    ]
    with store.transaction() as connection:
        record(connection, verdicts, now)
    anchor = keep_anchor(store, objects, now)
    log.info("retention_done", left=sum(left.values()), removed=sum(found.values()))
    if anchor is not None:
        # In the scheduler's log the end of the audit log is kept apart from the store.
        log.info("audit_anchored", audit_id=anchor.audit_id, row_hash=anchor.row_hash)
    stop_on_failure(verdicts)
    return found


def old(
    settings: Settings, store: Store, objects: Objects, now: datetime
) -> dict[str, list[object]]:
    """Everything that is older than it may be: the check, and the work."""
    with store.transaction() as connection:
        files = exhaust_files.older(connection, now - timedelta(days=settings.exhaust_days))
    return {
        FILES: [*files],
        STRAYS: [*strays(settings, store, objects, now)],
        KEPT_OUT: [*old_quarantine(settings, store, now)],
        RETURNED: [*old_returned(settings, now)],
        EVENTS: [*old_events(settings, now)],
    }


def remove_files(settings: Settings, store: Store, objects: Objects, now: datetime) -> None:
    days = settings.exhaust_days
    with store.transaction() as connection:
        files = exhaust_files.older(connection, now - timedelta(days=days))
    for file_id in files:
        remove_file(
            store,
            objects,
            file_id,
            table=settings.job_request_table,
            reason=EXPIRED,
            said=f"The file was removed {days} days after it was made, on {now:%Y-%m-%d}. Ask"
            " again to have it made anew.",
            now=now,
        )


def strays(settings: Settings, store: Store, objects: Objects, now: datetime) -> list[str]:
    """Files that no request has, too old by the object store's own clock."""
    before = now - timedelta(days=settings.exhaust_days)
    with store.transaction() as connection:
        kept = exhaust_files.kept_keys(connection)
    return [
        stored.key
        for kind in KINDS
        for stored in objects.listing(kind)
        if stored.modified_at < before and stored.key not in kept
    ]


def old_quarantine(settings: Settings, store: Store, now: datetime) -> list[Snapshot]:
    with store.transaction() as connection:
        before = now - timedelta(days=settings.quarantine_days)
        found = older_than(connection, before)
    return [snapshot for snapshot, counts in found if counts or folder_of(snapshot.path).is_dir()]


def remove_quarantine(store: Store, snapshot: Snapshot) -> None:
    shutil.rmtree(folder_of(snapshot.path), ignore_errors=True)
    with store.transaction() as connection:
        forget_quarantine(connection, snapshot)


def old_events(settings: Settings, now: datetime) -> list[Path]:
    before = now.astimezone(UTC).date() - timedelta(days=settings.usage_user_days)
    return event_people.naming_versions(EventFiles(settings.clean_lake), before)


def make_nameless(settings: Settings, store: Store, now: datetime) -> None:
    versions = old_events(settings, now)
    if not versions:
        return
    with store.transaction() as holding:
        if not event_accounts.lock(holding):
            raise UnavailableError(
                "A run makes usage events, and old ones cannot be written anew meanwhile. Run the"
                " command again once `usage_metrics` has ended."
            )
        for version in versions:
            event_people.make_nameless(version)


def old_returned(settings: Settings, now: datetime) -> Iterator[Path]:
    """They name addresses and wait for a person, though not for ever."""
    before = now - timedelta(days=settings.quarantine_days)
    for path in sorted((settings.bounces / "unmatched").glob("*")):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            yield path
