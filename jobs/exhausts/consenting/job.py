"""Reads who agreed: at the minute in which a file is cut, and again when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.consents import CONSENTS, PLATFORM_SETTINGS
from jobs.delivery.consent import Minors, consents_of
from jobs.errors import RequestError, UnavailableError
from jobs.exhausts import answers
from jobs.exhausts.kinds import Kind
from jobs.exhausts.planning.job import Order, Tables, order_of
from jobs.exhausts.selection import CutCounts, Selection
from jobs.settings import Settings
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.consents import withdrawals
from jobs.storage.request_rows import Request
from jobs.storage.snapshots import versions
from jobs.storage.store import Store

CUSTODIAN = "custodianOrgId"
EVERYBODY = "*"
# Looking up many rows at once costs little more than a few; a course may have millions.
ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Gathered:
    """Whose rows a file may hold, and what its entry keeps of how that was found."""

    selection: Selection
    told: dict[str, Any] = field(default_factory=dict)


def gathered(
    settings: Settings,
    store: Store,
    kind: Kind,
    order: Order,
    source: ClusteredTable,
    *,
    now: datetime,
) -> Gathered:
    """The selection for one batch as it stands now.

    RequestError where its requester can have no consent at all; UnavailableError where the
    consents were read too long ago: then nothing is made or sent until they are read again.
    """
    if not kind.needs_consent:
        return Gathered(Selection(order.organisation))
    object_id = order.collection["collection_id"]
    with store.transaction() as connection:
        refuse_custodian(connection, order)
        table = open_table(connection, CONSENTS)
        withdrawn = withdrawals(connection, object_id=object_id, consumers=order.consumers)
    refuse_old(table, now, minutes=settings.consent_minutes)
    consents = consents_of(
        held(table, object_id, order, source),
        withdrawn,
        minors=minors_of(settings, order),
        now=now,
        timezone=ZoneInfo(settings.report_timezone),
    )
    return Gathered(
        Selection(order.organisation, consents),
        {
            "consentSnapshotId": table.snapshot.snapshot_id,
            "consentCheckedAt": now.isoformat(),
        },
    )


def refuse_custodian(connection: Connection[DictRow], order: Order) -> None:
    custodians = {row["value"] for row in open_table(connection, PLATFORM_SETTINGS).rows(CUSTODIAN)}
    if custodians & order.consumers:
        raise RequestError(
            "You ask for the platform's custodian organisation. Learners agree to share their data"
            " with their own organisation, never with the custodian, so there is no file. Ask as a"
            " member of the organisation that the learners agreed to share with."
        )


def refuse_old(table: ClusteredTable, now: datetime, *, minutes: int) -> None:
    as_of = table.snapshot.data_as_of
    if now - as_of > timedelta(minutes=minutes):
        raise UnavailableError(
            f"The consents were last read on {as_of:%Y-%m-%d at %H:%M} UTC, and a file of personal"
            f" data needs them of the last {minutes} minutes (SUNBIRD_BATCH_CONSENT_MINUTES)."
            " Nothing is lost: run `python -m jobs refresh consents`, and the request goes on."
        )


def held(table: ClusteredTable, object_id: str, order: Order, source: ClusteredTable) -> pa.Table:
    """The consents for the organisation of learners who are in the batch, of all its course's."""
    batch_id = order.batch["batch_id"]
    pages = [page.column("user_id") for page in source.batches(batch_id, ["user_id"])]
    learners = pa.chunked_array(pages, pa.string()).combine_chunks()
    consumers = pa.array(sorted(order.consumers), pa.string())
    kept: list[pa.Table] = []
    waiting: list[pa.RecordBatch] = []
    for page in table.batches(object_id):
        waiting.append(page.filter(pc.is_in(page.column("consumer_id"), consumers)))
        if sum(near.num_rows for near in waiting) >= ROWS_AT_ONCE:
            kept.append(of_learners(waiting, learners))
            waiting = []
    return pa.concat_tables([*kept, of_learners(waiting, learners)])


def of_learners(pages: list[pa.RecordBatch], learners: pa.Array) -> pa.Table:
    rows = pa.Table.from_batches(pages, schema=CONSENTS.arrow_schema())
    return rows.filter(pc.is_in(rows.column("user_id"), learners))


def minors_of(settings: Settings, order: Order) -> Minors:
    """The rule of the organisation that asks, by any of its names; the strictest of them."""
    named = {settings.minors[name] for name in order.consumers if name in settings.minors}
    strictest: tuple[Minors, ...] = ("never", "guardian", "own_consent")
    return next((rule for rule in strictest if rule in named), settings.minors[EVERYBODY])


def learners_digest(learners: Sequence[str]) -> str:
    """The same for the same learners; the ids themselves stay in the register of files."""
    return hashlib.sha256("\n".join(learners).encode()).hexdigest()


def is_outdated(
    settings: Settings,
    store: Store,
    kind: Kind,
    request: Request,
    learner: dict[str, Any] | None,
    tables: Tables,
    *,
    now: datetime,
) -> bool:
    """Whether one of the request's files holds other learners than it may hold now.

    The rows are those that the file was cut from; where that version is gone, nobody can tell.
    """
    for entry in answers.built(request.processed_batches):
        source = source_of(store, kind, entry["snapshotId"])
        order = order_of(entry["batchId"], request, learner, tables, settings)
        if source is None or not isinstance(order, Order):
            return True
        found = gathered(settings, store, kind, order, source, now=now)
        counts = CutCounts()
        for page in source.batches(entry["batchId"], list(kind.needed)):
            kind.report(page, found.selection, counts)
        if learners_digest(counts.learners) != entry.get("learnersSha256"):
            return True
    return False


def source_of(store: Store, kind: Kind, snapshot_id: str) -> ClusteredTable | None:
    with store.transaction() as connection:
        for version in versions(connection, kind.table.name):
            if version.snapshot_id == snapshot_id:
                return ClusteredTable(version, kind.table)
    return None
