"""Erases one learner: consent, tables, files, links and waiting messages; and proves it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from jobs.contracts.contract import Contract
from jobs.contracts.privacy import ERASED as ERASED_FILE
from jobs.delivery.auditing.job import CANCELLED, audit_mail
from jobs.errors import UnavailableError
from jobs.privacy.looking.job import TABLES, search
from jobs.privacy.searching import Proof, counted
from jobs.settings import Settings
from jobs.storage import (
    deliveries,
    erasures,
    event_accounts,
    event_people,
    exhaust_files,
    quarantine,
    rewriting,
    score_checks,
    traces,
)
from jobs.storage.audit import Entry, append
from jobs.storage.crash_points import crash_point
from jobs.storage.event_files import EventFiles
from jobs.storage.objects import Objects
from jobs.storage.rebuilding import ask_again
from jobs.storage.removals import remove_file
from jobs.storage.snapshots import (
    Quarantined,
    Snapshot,
    forget,
    latest,
    publish,
    quarantined_of,
    versions,
)
from jobs.storage.store import Store

log = structlog.get_logger()

SAID = (
    "The file was removed, since a learner in it asked for their data to be erased. Ask again to"
    " have it made without them."
)


@dataclass(frozen=True)
class Erasure:
    """Whose data goes, who decided so, and why."""

    user_id: str
    asked_by: str
    reason: str | None
    now: datetime


@dataclass(frozen=True)
class Version:
    """A version written aside, and what it was made without."""

    snapshot: Snapshot
    kept_out: list[Quarantined]


def erase_learner(
    settings: Settings, store: Store, objects: Objects, erasure: Erasure, *, dry_run: bool
) -> Proof:
    """What was found before and after. One that was killed is finished by running it again."""
    before = search(settings, store, erasure.user_id, erasure.now)
    if dry_run:
        return Proof(before, before)
    with store.transaction() as alone:
        erasures.one_after_the_other(alone)
        begin(store, erasure)
        crash_point("erase: noted")
        for contract in TABLES.values():
            erase_from_table(store, contract, erasure)
        crash_point("erase: tables written")
        with store.transaction() as connection:
            score_checks.forget_learner(connection, erasure.user_id)
        cancel_deliveries(settings, store, erasure)
        remove_files(settings, store, objects, erasure)
        erase_from_events(settings, store, erasure)
    proof = Proof(before, search(settings, store, erasure.user_id, erasure.now))
    with store.transaction() as connection:
        details = {"found": counted(before), "left": proof.left}
        append(connection, entry("learner_erased", erasure, details), erasure.now)
    log.info("learner_erased", left=proof.left, places=len(before))
    return proof


def begin(store: Store, erasure: Erasure) -> None:
    """From here on the learner is in no new file and no new version of a table."""
    with store.transaction() as connection:
        values = {"now": erasure.now, "recorded_by": erasure.asked_by, "reason": erasure.reason}
        erasures.note_erased(connection, erasure.user_id, **values)  # type: ignore[arg-type]
        erasures.withdraw(connection, erasure.user_id, **values)  # type: ignore[arg-type]
        details: dict[str, object] | None = {"reason": erasure.reason} if erasure.reason else None
        append(connection, entry("consent_withdrawn", erasure, details), erasure.now)


def entry(event: str, erasure: Erasure, details: dict[str, object] | None) -> Entry:
    return Entry(
        event=event,
        asked_by=erasure.asked_by,
        subject_user_id=erasure.user_id,
        details=details,
    )


def erase_from_table(store: Store, contract: Contract, erasure: Erasure) -> None:
    """The learner in no version: a new one without them, and those with them are gone."""
    while True:
        with store.transaction() as connection:
            published = versions(connection, contract.name)
        found = [rewriting.find_learner(one, contract, erasure.user_id) for one in published]
        spoiled = [one for one in found if one.row_count or one.kept_out_count]
        if not spoiled:
            remove(rewriting.left_aside(published, erasure.user_id))
            return
        made = None
        if found[0] in spoiled:
            made = rewritten(store, found[0], erasure)
            crash_point("erase: version written")
        # Looked at again in either case: a version may have been published meanwhile.
        if replace_versions(store, published[0], made, [one.snapshot for one in spoiled]):
            log.info(
                "table_rewritten",
                table=contract.name,
                rows=sum(one.row_count for one in found),
                kept_out=sum(one.kept_out_count for one in found),
            )


def rewritten(store: Store, found: rewriting.Found, erasure: Erasure) -> Version:
    before = found.snapshot
    path = rewriting.write_without(found, erasure.user_id)
    if found.kept_out:
        kept_out = quarantine.counted(quarantine.folder_of(path))
    else:
        with store.transaction() as connection:
            kept_out = quarantined_of(connection, before.snapshot_id)
    snapshot = replace(
        before,
        snapshot_id=Path(path).name,
        path=path,
        row_count=before.row_count - found.row_count,
        quarantined_count=sum(row.row_count for row in kept_out),
        # After the one that it takes the place of, whatever the clocks say.
        published_at=max(erasure.now, before.published_at + timedelta(microseconds=1)),
    )
    return Version(snapshot, kept_out)


def replace_versions(
    store: Store, newest: Snapshot, made: Version | None, spoiled: list[Snapshot]
) -> bool:
    """Whether it was done: a version that was published meanwhile is looked at first."""
    with store.transaction() as connection:
        erasures.hold_alone(connection)
        is_newest = latest(connection, newest.table_name) == newest
        if is_newest:
            for version in spoiled:
                forget(connection, version)
            if made is not None:
                publish(connection, made.snapshot, made.kept_out)
    crash_point("erase: version published")
    gone = spoiled if is_newest else [made.snapshot] if made else []
    remove([Path(version.path) for version in gone])
    return is_newest


def remove(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def erase_from_events(settings: Settings, store: Store, erasure: Erasure) -> None:
    """Usage events stay and are nobody's: what was counted of them counts on."""
    with store.transaction() as holding:
        if not event_accounts.lock(holding):
            raise UnavailableError(
                "A run makes usage events, and they cannot be written anew meanwhile. All else of"
                " the learner is erased: run the command again once `usage_metrics` has ended."
            )
        count = event_people.take_out(EventFiles(settings.clean_lake), erasure.user_id)
    log.info("events_unnamed", rows=count)


def cancel_deliveries(settings: Settings, store: Store, erasure: Erasure) -> None:
    """Messages that would bring the learner's data are not sent; their requests are built anew.

    One that is held may have arrived: its requester is not sent another one unasked.
    """
    with store.transaction() as connection:
        files = exhaust_files.holding(connection, erasure.user_id)
        keys = [file["object_key"] for file in files if file["removed_at"] is None]
        cancelled = traces.waiting_with(connection, keys)
        for delivery, status in cancelled:
            deliveries.mark_ended(connection, delivery, status="obsolete", server_said=SAID)
            if status != "held" and delivery.tag is not None and delivery.request_id is not None:
                ask_again(
                    connection,
                    table=settings.job_request_table,
                    tag=delivery.tag,
                    request_id=delivery.request_id,
                )
        for delivery, _ in cancelled:
            audit_mail(connection, delivery, CANCELLED, erasure.now, asked_by=erasure.asked_by)


def remove_files(settings: Settings, store: Store, objects: Objects, erasure: Erasure) -> None:
    with store.transaction() as connection:
        files = exhaust_files.holding(connection, erasure.user_id)
    for file in files:
        if file["removed_at"] is None:
            remove_file(
                store,
                objects,
                file["file_id"],
                table=settings.job_request_table,
                reason=ERASED_FILE,
                said=SAID,
                now=erasure.now,
                asked_by=erasure.asked_by,
            )
