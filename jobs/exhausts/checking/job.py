"""The gate over cut requests: what does not hold is not delivered, and does not stay."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import structlog

from jobs.contracts.exhausts import PROGRESS
from jobs.errors import RequestError
from jobs.exhausts import answers, requests
from jobs.exhausts.answering.job import Desk, desk_of, language_of, publish, try_again
from jobs.exhausts.guarding.job import Bench, attempt_all
from jobs.exhausts.planning.job import (
    open_tables,
    platform_cipher,
)
from jobs.exhausts.searching.job import meant_so_far
from jobs.quality.gate import Verdict, check_rows, stop_on_failure
from jobs.quality.job import record
from jobs.quality.verdicts import exact
from jobs.settings import Settings
from jobs.storage.clustered import ClusteredTable
from jobs.storage.crash_points import crash_point
from jobs.storage.leases import Lease
from jobs.storage.objects import Objects
from jobs.storage.request_rows import Request
from jobs.storage.snapshots import versions
from jobs.storage.store import Store

log = structlog.get_logger()

# Nothing personal, and no maps: a check of them would look at entries, not at rows.
COLUMNS = [
    field.name
    for field in PROGRESS.fields
    if not field.personal and not field.type.name.startswith("map")
]


def run_check(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    kind: str,
    run_id: str,
    now: datetime,
) -> Counter[str]:
    """Check every cut request that the run holds; how many were answered, failed or put back."""
    requests.refuse_unknown_kind(kind)
    desk = desk_of(settings, store, objects, now)
    with store.transaction() as connection:
        held = desk.queue.held(connection, run_id=run_id, job_id=kind, now=now)
    ready = [(request, lease) for request, lease in held if is_ready(request, settings)]
    if not ready:
        return Counter()
    bench = Bench(desk, open_tables(store), platform_cipher(settings), now)
    return attempt_all(bench, ready, check)


def is_ready(request: Request, settings: Settings) -> bool:
    try:
        asked = meant_so_far(request, settings)
    except RequestError:
        return False
    return asked is not None and answers.is_cut(request.processed_batches, asked)


def check(
    bench: Bench,
    request: Request,
    lease: Lease,
    learner: dict[str, Any] | None,
    entries: list[dict[str, Any]],
) -> str:
    """Judge every file of the request, keep the verdicts, and publish what holds."""
    desk = bench.desk
    verdicts: list[Verdict] = []
    for entry in answers.built(entries):
        frame = rows_of(desk, entry)
        if frame is None:
            return build_anew(desk, request, lease, entry)
        verdicts += verdicts_of(desk, request, entry, frame)
    with desk.store.transaction() as connection:
        record(connection, verdicts, desk.clock())
    stop_on_failure(verdicts)
    crash_point("publish: checked")
    publish(desk, request, lease, language=language_of(learner, desk.settings))
    return "answered"


def rows_of(desk: Desk, entry: dict[str, Any]) -> pd.DataFrame | None:
    """The rows that the file was cut from; None where that version of the table was purged."""
    with desk.store.transaction() as connection:
        snapshot = next(
            (
                version
                for version in versions(connection, PROGRESS.name)
                if version.snapshot_id == entry["snapshotId"]
            ),
            None,
        )
    if snapshot is None:
        return None
    table = ClusteredTable(snapshot, PROGRESS)
    schema = pa.schema([PROGRESS.arrow_schema().field(name) for name in COLUMNS])
    pages = list(table.batches(entry["batchId"], COLUMNS))
    return pa.Table.from_batches(pages, schema=schema).to_pandas()


def verdicts_of(
    desk: Desk, request: Request, entry: dict[str, Any], frame: pd.DataFrame
) -> list[Verdict]:
    subject = f"{request.request_id} {entry['batchId']}"
    facts = entry["facts"]
    told = facts["enrolled"] + sum(facts["left_out"].values())
    is_whole = (
        desk.objects.exists(entry["filePath"])
        and hashlib.sha256(desk.objects.read(entry["filePath"])).hexdigest() == entry["sha256"]
    )
    return [
        *check_rows(frame, PROGRESS, subject=subject, columns=COLUMNS),
        exact(subject, "rows in the file and left out are the rows read", told, len(frame)),
        exact(subject, "the kept file is the one that was made", int(is_whole), 1),
    ]


def build_anew(desk: Desk, request: Request, lease: Lease, entry: dict[str, Any]) -> str:
    """Back into the queue without a spent try: the next cut reads the version that is there."""
    log.warning("snapshot_was_purged", request_id=request.request_id, batch_id=entry["batchId"])
    kept = [other for other in request.processed_batches if other is not entry]
    with desk.store.transaction() as connection:
        desk.queue.note_batches(connection, lease, kept)
    try_again(desk, request, lease, iteration=request.iteration)
    return "put back"
