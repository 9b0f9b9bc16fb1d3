"""The gate over cut requests: what does not hold is not delivered, and does not stay."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
import structlog

from jobs.contracts.contract import Contract
from jobs.errors import RequestError
from jobs.exhausts import answers
from jobs.exhausts.answering.job import Desk, desk_of, language_of, publish, try_again
from jobs.exhausts.guarding.job import Bench, attempt_all
from jobs.exhausts.kinds import Kind, kind_of
from jobs.exhausts.planning.job import open_tables, platform_cipher, protection_of
from jobs.exhausts.searching.job import meant_so_far
from jobs.quality.gate import Verdict, check_rows, stop_on_failure
from jobs.quality.job import record
from jobs.quality.streamed import check_pages
from jobs.quality.verdicts import exact
from jobs.settings import Settings
from jobs.storage.clustered import ClusteredTable
from jobs.storage.crash_points import crash_point
from jobs.storage.exhaust_files import was_removed
from jobs.storage.leases import Lease
from jobs.storage.objects import Objects
from jobs.storage.request_rows import Request
from jobs.storage.snapshots import versions
from jobs.storage.store import Store

log = structlog.get_logger()


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
    described = kind_of(kind)
    desk = desk_of(settings, store, objects, now)
    with store.transaction() as connection:
        held = desk.queue.held(connection, run_id=run_id, job_id=kind, now=now)
    ready = [(request, lease) for request, lease in held if is_ready(request, settings)]
    if not ready:
        return Counter()
    bench = Bench(described, desk, open_tables(store, described), platform_cipher(settings), now)
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
    protection = protection_of(request, learner, bench.tables, bench.platform, bench.kind)
    if answers.weaker(entries, protection.level):
        # The rule became stricter since the cut: the next one makes the files again.
        try_again(desk, request, lease, iteration=request.iteration)
        return "put back"
    verdicts: list[Verdict] = []
    for entry in answers.built(entries):
        table = None if is_removed(desk, entry) else version_of(desk, bench.kind, entry)
        if table is None:
            return build_anew(desk, request, lease, entry)
        verdicts += verdicts_of(desk, bench.kind, request, entry, table)
    with desk.store.transaction() as connection:
        record(connection, verdicts, desk.clock())
    stop_on_failure(verdicts)
    crash_point("publish: checked")
    publish(desk, request, lease, language=language_of(learner, desk.settings))
    return "answered"


def is_removed(desk: Desk, entry: dict[str, Any]) -> bool:
    """Whether the file was taken away since it was made: too old, or a learner was erased."""
    with desk.store.transaction() as connection:
        return was_removed(connection, entry["filePath"])


def checked_columns(table: Contract) -> list[str]:
    # Nothing personal, and no maps: a check of them would look at entries, not at rows.
    return [
        field.name
        for field in table.fields
        if not field.personal and not field.type.name.startswith("map")
    ]


def version_of(desk: Desk, kind: Kind, entry: dict[str, Any]) -> ClusteredTable | None:
    """The table that the file was cut from; None where that version of it was purged."""
    with desk.store.transaction() as connection:
        published = versions(connection, kind.table.name)
    return next(
        (
            ClusteredTable(version, kind.table)
            for version in published
            if version.snapshot_id == entry["snapshotId"]
        ),
        None,
    )


def verdicts_of(
    desk: Desk, kind: Kind, request: Request, entry: dict[str, Any], table: ClusteredTable
) -> list[Verdict]:
    subject = f"{request.request_id} {entry['batchId']}"
    facts = entry["facts"]
    left_out = (
        facts["answers"]["rows_left_out"]
        if facts.get("answers")
        else sum(facts["left_out"].values())
    )
    columns = checked_columns(kind.table)
    pages = table.batches(entry["batchId"], columns)
    judge = check_pages if kind.is_long else check_frame
    verdicts, row_count = judge(pages, kind.table, subject=subject, columns=columns)
    told = facts["enrolled"] + left_out
    return [
        *verdicts,
        exact(subject, "rows in the file and left out are the rows read", told, row_count),
        exact(subject, "the kept file is the one that was made", int(is_whole(desk, entry)), 1),
    ]


def check_frame(
    pages: Iterable[pa.RecordBatch], contract: Contract, *, subject: str, columns: list[str]
) -> tuple[list[Verdict], int]:
    """The verdicts over the rows as one frame, and how many there are."""
    schema = pa.schema([contract.arrow_schema().field(name) for name in columns])
    frame = pa.Table.from_batches(list(pages), schema=schema).to_pandas()
    return check_rows(frame, contract, subject=subject, columns=columns), len(frame)


def is_whole(desk: Desk, entry: dict[str, Any]) -> bool:
    if not desk.objects.exists(entry["filePath"]):
        return False
    sha256 = hashlib.sha256()
    for piece in desk.objects.stream(entry["filePath"])[1]:
        sha256.update(piece)
    return sha256.hexdigest() == str(entry["sha256"])


def build_anew(desk: Desk, request: Request, lease: Lease, entry: dict[str, Any]) -> str:
    """Back into the queue without a spent try: the next cut reads the version that is there."""
    log.warning("snapshot_was_purged", request_id=request.request_id, batch_id=entry["batchId"])
    kept = [other for other in request.processed_batches if other is not entry]
    with desk.store.transaction() as connection:
        desk.queue.note_batches(connection, lease, kept)
    try_again(desk, request, lease, iteration=request.iteration)
    return "put back"
