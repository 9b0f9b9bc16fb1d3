"""The life of a request by command: asked, claimed, cut, checked, delivered, listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from jobs.delivery.job import DeliverCounts, run_deliver
from jobs.errors import RequestError
from jobs.exhausts import requests, search
from jobs.exhausts.answering.job import clock_from
from jobs.exhausts.checking.job import run_check
from jobs.exhausts.cutting.job import run_cut
from jobs.exhausts.planning.job import platform_cipher
from jobs.exhausts.watching.job import look_for_stranded
from jobs.settings import Settings
from jobs.storage.crash_points import crash_point
from jobs.storage.mail import Carrier
from jobs.storage.objects import Objects
from jobs.storage.request_listing import listed
from jobs.storage.requests import Requests
from jobs.storage.store import Store

__all__ = ["list_requests", "run_check", "run_claim", "run_cut", "run_exhaust", "submit_request"]

log = structlog.get_logger()

LISTED = 100


def submit_request(
    settings: Settings,
    store: Store,
    *,
    kind: str,
    batch_ids: Sequence[str] = (),
    search_filter: dict[str, Any] | None = None,
    requested_by: str,
    channel: str | None = None,
    tag: str | None = None,
    key: str | None = None,
    purpose: str | None = None,
    now: datetime,
) -> str:
    """Put a request into the queue as a portal would; its id, the same when asked twice a day."""
    requests.refuse_unknown_kind(kind)
    body = asked_body(batch_ids, search_filter, limit=settings.batches_per_request)
    if purpose is not None:
        body["purpose"] = purpose
        requests.purpose_of(body, settings.purposes, otherwise=None)
    if not requested_by.strip():
        raise RequestError("The request names nobody who asks. Give --requested-by a user's id.")
    if key is not None and not key:
        raise RequestError("The key that was given is empty. Give one, or ask without a key.")
    sealed = platform_cipher(settings).seal(key) if key else None
    tag = tag or requests.tag_of_body(body)
    day = now.astimezone(ZoneInfo(settings.report_timezone)).date()
    with store.transaction() as connection:
        request = Requests(settings.job_request_table).submit(
            connection,
            tag=requests.stored_tag(tag, channel),
            request_id=requests.request_id_of(kind, tag, requested_by, channel, day),
            job_id=kind,
            request_data=body,
            requested_by=requested_by,
            requested_channel=channel,
            encryption_key=sealed,
            now=now,
        )
    if not requests.is_same_wish((request.request_data, request.encryption_key), (body, sealed)):
        raise RequestError(
            f"The request {request.request_id} of today has the same tag, {tag}, and asks for"
            f" {search.asked_for(request.request_data)}, or has another key. Give another --tag for"
            f" {search.asked_for(body)}."
        )
    return request.request_id


def asked_body(
    batch_ids: Sequence[str], search_filter: dict[str, Any] | None, *, limit: int
) -> dict[str, Any]:
    """The request's body; RequestError where it could not be answered."""
    if search_filter is None:
        body = requests.request_data_of(batch_ids)
        requests.batches_asked(body, limit=limit)
        return body
    body = {**(requests.request_data_of(batch_ids) if batch_ids else {})}
    body |= {"searchFilter": search_filter}
    search.filters_of(body)
    return body


def run_claim(settings: Settings, store: Store, *, kind: str, run_id: str, now: datetime) -> int:
    """Take what waits, for this run; how many it holds."""
    requests.refuse_unknown_kind(kind)
    with store.transaction() as connection:
        taken = Requests(settings.job_request_table).claim(
            connection,
            run_id=run_id,
            job_id=kind,
            limit=settings.requests_per_run,
            tries=settings.request_tries,
            lease_seconds=settings.lease_seconds,
            timezone=settings.report_timezone,
            now=now,
        )
    crash_point("claim: taken")
    look_for_stranded(settings, store, now=now)
    log.info("requests_claimed", run_id=run_id, requests=len(taken))
    return len(taken)


def run_exhaust(
    settings: Settings,
    store: Store,
    objects: Objects,
    carrier: Carrier,
    *,
    kind: str,
    run_id: str,
    now: datetime,
    as_of: datetime | None = None,
) -> tuple[Counter[str], DeliverCounts]:
    """Answer everything that waits, and send what is due: the whole way in one command."""
    clock = clock_from(now)
    outcomes: Counter[str] = Counter()
    while run_claim(settings, store, kind=kind, run_id=run_id, now=clock()):
        cut = run_cut(
            settings, store, objects, kind=kind, run_id=run_id, now=clock(), as_of=as_of or now
        )
        checked = run_check(settings, store, objects, kind=kind, run_id=run_id, now=clock())
        outcomes += Counter({"failed": cut["failed"], "answered": cut["shared"]}) + checked
        went_on = sum(cut[one] for one in ("failed", "put back", "shared", "deferred"))
        if cut["set aside"] + checked["set aside"] or not went_on + checked.total():
            # Nothing came to an end, or what stands in the way would do so again.
            break
    return outcomes, run_deliver(settings, store, objects, carrier, now=clock())


def list_requests(settings: Settings, store: Store, *, now: datetime) -> list[dict[str, Any]]:
    """The newest requests, one row each, as a person wants to see them."""
    with store.transaction() as connection:
        rows = listed(connection, table=settings.job_request_table, now=now, limit=LISTED)
    return [
        {
            "request_id": row["request_id"],
            "kind": row["job_id"],
            "batches": search.asked_for(row["request_data"]),
            "requested_by": row["requested_by"],
            "status": row["status"],
            "submitted_at": row["submitted_at"],
            "minutes": row["minutes"],
            "message": row["err_message"],
            "delivery": "UNDELIVERABLE" if row["delivery"] == "undeliverable" else row["delivery"],
        }
        for row in rows
    ]
