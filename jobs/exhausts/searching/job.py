"""Which batches a request means: those that it names, or those of the courses that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog

from jobs.delivery.authorisation import may_have, requester_of
from jobs.exhausts import answers, requests, search
from jobs.exhausts.guarding.job import Bench
from jobs.settings import Settings
from jobs.storage.clustered import ClusteredTable
from jobs.storage.leases import Lease
from jobs.storage.request_rows import Request

log = structlog.get_logger()

BATCH_COLUMNS = ["batch_id", "collection_id", "created_by", "mentors", "created_for"]


def batches_meant(
    bench: Bench,
    request: Request,
    lease: Lease,
    learner: dict[str, Any] | None,
    entries: list[dict[str, Any]],
) -> list[str]:
    """The batches to make; what a search found is noted, so that it stays the same to the end."""
    settings = bench.desk.settings
    known = meant_so_far(request, settings)
    if known is not None:
        return known
    filters = search.filters_of(request.request_data) or {}
    found, withheld = searched(bench, request, learner, filters)
    search.refuse_empty(len(found), withheld, limit=settings.batches_per_request)
    entries.append(
        answers.entry_of_search(
            channel=request.requested_channel, batch_ids=found, withheld=withheld
        )
    )
    with bench.desk.store.transaction() as connection:
        bench.desk.queue.note_batches(connection, lease, entries)
    log.info("search_resolved", request_id=request.request_id, found=len(found), withheld=withheld)
    return found


def meant_so_far(request: Request, settings: Settings) -> list[str] | None:
    """The batches of a request as far as they are known without a search."""
    if search.filters_of(request.request_data) is None:
        return requests.batches_asked(request.request_data, limit=settings.batches_per_request)
    return answers.found_before(request.processed_batches)


def searched(
    bench: Bench, request: Request, learner: dict[str, Any] | None, filters: search.Filters
) -> tuple[list[str], int]:
    """The batches of the courses found that the requester may have, and how many they may not."""
    collections = {
        row["collection_id"]: row
        for row in rows(bench.tables.collections, search.COLUMNS)
        if search.finds(filters, row)
    }
    requester = requester_of(learner)
    found, withheld = [], 0
    for batch in rows(bench.tables.batches, BATCH_COLUMNS):
        collection = collections.get(batch["collection_id"])
        if collection is None:
            continue
        refusal = may_have(
            requester,
            batch,
            collection,
            channel=request.requested_channel,
            admin_roles=bench.desk.settings.admin_roles,
        )
        if refusal:
            withheld += 1
        else:
            found.append(batch["batch_id"])
    return sorted(found), withheld


def rows(table: ClusteredTable, columns: list[str]) -> Iterator[dict[str, Any]]:
    for page in table.scan(columns):
        yield from page.to_pylist()
