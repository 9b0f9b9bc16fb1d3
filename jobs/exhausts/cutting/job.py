"""Builds the files of the requests that a run holds: reads their batches' rows, no Spark."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog

from jobs.delivery.archive import neutral_name
from jobs.errors import (
    RequestError,
)
from jobs.exhausts import answers
from jobs.exhausts.answering.job import Desk, desk_of, try_again
from jobs.exhausts.consenting.job import gathered, learners_digest
from jobs.exhausts.cut import columns_read
from jobs.exhausts.filling.job import fill
from jobs.exhausts.guarding.job import Bench, attempt_all
from jobs.exhausts.keeping.job import Made, drop_weaker, keep_file
from jobs.exhausts.kinds import kind_of
from jobs.exhausts.planning.job import (
    Order,
    Plan,
    open_tables,
    plan_of,
    platform_cipher,
)
from jobs.exhausts.responding.job import fill_responses
from jobs.exhausts.searching.job import batches_meant
from jobs.exhausts.sharing.job import shared_answer
from jobs.settings import Settings
from jobs.storage.aside import clear_own, folder_aside
from jobs.storage.crash_points import crash_point
from jobs.storage.leases import Lease, heartbeat
from jobs.storage.objects import Objects
from jobs.storage.quarantine import quarantined
from jobs.storage.request_rows import Request
from jobs.storage.store import Store

log = structlog.get_logger()

SIGNS_OF_LIFE_PER_LEASE = 6

Item = TypeVar("Item")


@dataclass
class Pulse:
    """Signs of life while a request is worked on: often enough, and not for every page."""

    desk: Desk
    lease: Lease
    last: datetime

    def beat(self) -> None:
        """FencedError where another worker has taken the request over."""
        self.last = self.desk.clock()
        with self.desk.store.transaction() as connection:
            heartbeat(connection, self.lease, self.last)

    def during(self, items: Iterable[Item]) -> Iterator[Item]:
        pause = timedelta(seconds=self.desk.settings.lease_seconds / SIGNS_OF_LIFE_PER_LEASE)
        for item in items:
            if self.desk.clock() - self.last >= pause:
                self.beat()
            yield item
            crash_point("archive: in the middle")


@dataclass
class ChannelRoom:
    """How many batches a run makes for each channel, so that one cannot fill it alone."""

    limit: int
    made: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def take(self, channel: str | None) -> bool:
        with self.lock:
            self.made[channel or ""] += 1
            return self.made[channel or ""] <= self.limit


def run_cut(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    kind: str,
    run_id: str,
    now: datetime,
    as_of: datetime | None = None,
) -> Counter[str]:
    """Build every request that the run holds; how many were cut, failed, put back or lost."""
    described = kind_of(kind)
    # A killed run may have left half of a file here, a workbook in the clear too.
    clear_own()
    desk = desk_of(settings, store, objects, now)
    with store.transaction() as connection:
        held = desk.queue.held(connection, run_id=run_id, job_id=kind, now=now)
    if not held:
        return Counter()
    bench = Bench(
        described, desk, open_tables(store, described), platform_cipher(settings), as_of or now
    )
    room = ChannelRoom(settings.batches_per_channel)
    return attempt_all(bench, held, partial(build, room), workers=settings.cut_workers)


def build(
    room: ChannelRoom,
    bench: Bench,
    request: Request,
    lease: Lease,
    learner: dict[str, Any] | None,
    entries: list[dict[str, Any]],
) -> str:
    """Make the files that are not made yet; what is done is noted batch by batch."""
    shared = shared_answer(bench.desk, request, lease)
    if shared:
        return shared
    meant = batches_meant(bench, request, lease, learner, entries)
    plan = plan_of(request, meant, learner, bench.tables, bench.desk.settings, bench.platform)
    drop_weaker(bench.desk, entries, plan.protection)
    done = {entry["batchId"] for entry in entries}
    entries += [entry for entry in plan.without_file if entry["batchId"] not in done]
    if not plan.orders:
        raise RequestError(answers.no_file_reason(entries))
    pulse = Pulse(bench.desk, lease, bench.desk.clock())
    for order in plan.orders:
        if order.batch["batch_id"] not in done:
            if not room.take(request.requested_channel):
                # The next run goes on with the batches that are left; no try is spent.
                try_again(bench.desk, request, lease, iteration=request.iteration)
                return "deferred"
            pulse.beat()
            crash_point("build: before the file")
            with folder_aside() as folder:
                path = folder / "file.zip"
                made = build_file(path, bench, request, order, plan, pulse)
                keep_file(path, made, bench.desk, request, lease, entries)
    return "cut"


def build_file(
    path: Path,
    bench: Bench,
    request: Request,
    order: Order,
    plan: Plan,
    pulse: Pulse,
) -> Made:
    """Cut one batch into its archive, and say what it holds."""
    settings = bench.desk.settings
    batch_id = order.batch["batch_id"]
    local = bench.as_of.astimezone(ZoneInfo(settings.report_timezone))
    columns = bench.kind.columns(settings.progress_layout, order.collection, order.batch)
    slug = neutral_name(order.collection.get("collection_name") or "")
    name = answers.file_name(request.job_id, slug, batch_id, local.date())

    read = columns_read(columns, bench.kind.needed, bench.kind.added)
    source = bench.tables.source
    found = gathered(settings, bench.desk.store, bench.kind, order, source, now=bench.desk.clock())
    make = fill_responses if bench.kind.is_long else fill
    filled = make(
        path,
        name,
        bench,
        order,
        columns,
        rows=pulse.during(source.batches(batch_id, read)),
        selection=found.selection,
        protection=plan.protection,
        made_at=local,
    )
    crash_point("archive: closed")
    with path.open("rb") as archive:
        sha256 = hashlib.file_digest(archive, "sha256").hexdigest()

    snapshot = source.snapshot
    is_stale = bench.as_of - snapshot.data_as_of > timedelta(minutes=settings.stale_minutes)
    told = {"request_id": request.request_id, "batch_id": batch_id}
    if is_stale:
        log.warning("data_is_stale", data_as_of=snapshot.data_as_of.isoformat(), **told)
    facts = answers.batch_facts(
        order.batch,
        order.collection,
        filled,
        columns,
        quarantined=rows_kept_out(bench, batch_id),
        data_as_of=snapshot.data_as_of,
        is_stale=is_stale,
        file_name=f"{name}{plan.protection.ending}",
        has_stages=bench.kind.has_stages,
    )
    log.info("batch_cut", rows=filled.counts.written, **told)
    entry = answers.entry_of_file(
        channel=request.requested_channel,
        facts=facts,
        key=answers.object_key(
            request.job_id,
            request.request_id,
            batch_id,
            local.date(),
            ending=plan.protection.ending,
        ),
        size=path.stat().st_size,
        sha256=sha256,
        row_count=filled.counts.read,
        snapshot_id=snapshot.snapshot_id,
        security_level=plan.protection.level,
        created_at=bench.desk.clock(),
    )
    entry |= found.told | {
        "purpose": plan.purpose,
        "learnersSha256": learners_digest(filled.counts.learners),
    }
    named = [*filled.counts.learners, *filled.kept_out_learners]
    return Made(entry, list(dict.fromkeys(named)))


def rows_kept_out(bench: Bench, batch_id: str) -> dict[str, int]:
    snapshot_id = bench.tables.told_by_snapshot_id
    if snapshot_id is None:
        return {}
    with bench.desk.store.transaction() as connection:
        return quarantined(connection, snapshot_id=snapshot_id, batch_id=batch_id)
