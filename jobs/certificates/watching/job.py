"""A look at a platform's templates: what changed since the last becomes rows of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.keeping.job import keep
from jobs.certificates.ledger import Version, opened
from jobs.certificates.orders import refuse_day
from jobs.certificates.pictures import in_data_url, picture
from jobs.certificates.platform import SIGNATURE_UNUSABLE, Look, difference, flags_of
from jobs.contracts.certificates import BASELINE, SIGNATURE, WATCHED
from jobs.contracts.learning import BATCHES
from jobs.errors import GateError, RequestError
from jobs.settings import Settings
from jobs.storage import certificate_ledger as table
from jobs.storage.clustered import open_table
from jobs.storage.objects import Objects
from jobs.storage.snapshots import Snapshot
from jobs.storage.store import Store

log = structlog.get_logger()

WATCHER = "certificate watch"
COLUMNS = ["batch_id", "collection_id", "created_for", "certificate_templates"]
# Fewer than these may all go at once without anything being wrong.
FEW = 10


@dataclass(frozen=True)
class Watched:
    """What one look did: versions begun, changed and ended, and what a person should look at."""

    is_new: bool = False
    begun_count: int = 0
    changed_count: int = 0
    ended_count: int = 0
    gone_batch_count: int = 0
    flags: dict[str, int] = field(default_factory=dict)


def watch(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    now: datetime,
    dry_run: bool = False,
    force: bool = False,
) -> Watched:
    """Compare the published batches with the ledger; nothing where no newer table is published.

    Raises GateError where more than half of what was attached is gone at once, unless forced.
    """
    with store.transaction() as connection:
        table.hold(connection)
        batches = open_table(connection, BATCHES)
        last = table.last_watch(connection)
        if last is not None and batches.snapshot.data_as_of <= last["watched_as_of"]:
            return Watched()
        held = table.open_platform_versions(connection)
        look = difference(
            (
                batch
                for page in batches.scan(COLUMNS)
                for batch in page.to_pylist(maps_as_pydicts="lossy")
            ),
            held,
        )
        if not force:
            refuse_loss(look, held)
        rows = begun(connection, None if dry_run else objects, look, now=now)
        timed = [row | times(settings, batches.snapshot, last, now=now) for row in rows]
        write(connection, look, timed, batches.snapshot, last, now=now)
        if dry_run:
            connection.rollback()
    again = {(row["batch_id"], row["template_id"]) for row in look.ended} & {
        (row["batch_id"], row["template_id"]) for row in rows
    }
    watched = Watched(
        is_new=True,
        begun_count=len(rows) - len(again),
        changed_count=len(again),
        ended_count=len(look.ended) - len(again),
        gone_batch_count=look.gone_batch_count,
        flags=flags_of(rows),
    )
    log.info("templates watched", **vars(watched), is_dry=dry_run)
    return watched


def refuse_loss(look: Look, held: Sequence[Version]) -> None:
    replaced = {(row["batch_id"], row["template_id"]) for row in look.begun}
    lost = sum((row["batch_id"], row["template_id"]) not in replaced for row in look.ended)
    if len(held) >= FEW and lost * 2 > len(held):
        raise GateError(
            f"The templates of the platform promised to stay, most of them; {lost} of {len(held)}"
            " are gone at once. Nothing was written. See whether `course_batch.cert_templates` was"
            " cut off at its source; where they really were removed, run `certificate watch"
            " --force`."
        )


def begun(
    connection: Connection[DictRow], objects: Objects | None, look: Look, *, now: datetime
) -> list[dict[str, Any]]:
    """The rows to begin, with the signatures that the platform wrote into the rows themselves."""
    return [with_signature(connection, objects, row, now=now) for row in look.begun]


def with_signature(
    connection: Connection[DictRow], objects: Objects | None, row: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    given = in_data_url(row.get("signature_url") or "")
    if given is None:
        return row
    try:
        kept = picture(given, kind=SIGNATURE, where=f"of template {row['template_id']}")
    except RequestError:
        flags = sorted({*row["flags"], SIGNATURE_UNUSABLE})
        return row | {"signature_url": None, "flags": flags}
    return row | {
        "signature_url": None,
        "signature_key": keep(connection, objects, kept, now=now),
    }


def times(
    settings: Settings, snapshot: Snapshot, last: dict[str, Any] | None, *, now: datetime
) -> dict[str, Any]:
    """When a template that is new to us was there: surely since the table's publication, perhaps
    since the look before. The first look opens the ledger, since the day that was agreed on."""
    if last is None:
        return {"origin": BASELINE, "valid_from": baseline(settings, now=now) or (
            snapshot.published_at
        )}  # fmt: skip
    return {
        "origin": WATCHED,
        "valid_from": snapshot.published_at,
        "unsure_since": last["watched_as_of"],
    }


def baseline(settings: Settings, *, now: datetime) -> datetime | None:
    day: date | None = settings.certificate_baseline_on
    if day is None:
        return None
    at = datetime.combine(day, time(), ZoneInfo(settings.report_timezone))
    refuse_day("SUNBIRD_BATCH_CERTIFICATE_BASELINE_ON", at, now=now)
    return at


def write(
    connection: Connection[DictRow],
    look: Look,
    rows: Sequence[dict[str, Any]],
    snapshot: Snapshot,
    last: dict[str, Any] | None,
    *,
    now: datetime,
) -> None:
    if last is not None:
        table.close(
            connection,
            [row["version_id"] for row in look.ended],
            valid_to=last["watched_as_of"],
            unsure_until=snapshot.published_at,
            closed_at=now,
            closed_by=WATCHER,
            close_reason="changed or removed on the platform",
        )
    written = {"opened_at": now, "opened_by": WATCHER, "reason": "found on the platform"}
    table.insert(connection, [opened(row, **written) for row in rows])
    table.note_watch(
        connection,
        {
            "watched_as_of": snapshot.data_as_of,
            "snapshot_id": snapshot.snapshot_id,
            "is_baseline": last is None,
            "baseline_at": rows[0]["valid_from"] if last is None and rows else None,
            "opened_count": len(rows),
            "closed_count": len(look.ended),
            "written_at": now,
        },
    )
