"""Equal requests share one answer; one with the same tag and other wishes is refused.

Rows are the same request by Sunbird's rule for its request id: tag, kind, user, tenant and day. A
portal that keeps the rule writes one row of them; one that draws its ids otherwise, or is raced,
writes several.
"""

from __future__ import annotations

from typing import Any

import structlog

from jobs.errors import RequestError
from jobs.exhausts import answers, requests
from jobs.exhausts.answering.job import Desk, try_again
from jobs.storage.leases import Lease
from jobs.storage.rebuilding import REMOVED
from jobs.storage.request_rows import Request, in_utc, request_of
from jobs.storage.request_turns import twin_of

log = structlog.get_logger()


def shared_answer(desk: Desk, request: Request, lease: Lease) -> str | None:
    """`shared` where an earlier row's answer serves, `deferred` where it is being made; None where
    this one is worked on itself.

    RequestError where the earlier one asked for something else.
    """
    with desk.store.transaction() as connection:
        row = twin_of(
            connection,
            table=desk.settings.job_request_table,
            tag=request.tag,
            request_id=request.request_id,
            timezone=desk.settings.report_timezone,
        )
    if row is None:
        return None
    twin = request_of(row)
    if twin.status == requests.FAILED and not was_waiting(request, twin):
        return None
    if answers.lacking(twin.processed_batches, REMOVED):
        # Its files are gone: this one makes its own.
        return None
    if not requests.is_same_wish(
        (request.request_data, request.encryption_key),
        (twin.request_data, twin.encryption_key),
    ):
        if twin.status == requests.FAILED:
            return None
        raise RequestError(
            f"The request {twin.request_id} of the same day has the same tag and asks for"
            " something else. Give this one another tag and ask again."
        )
    if twin.status in (requests.SUBMITTED, requests.PROCESSING):
        # It was asked again since this one was claimed: this one waits for it, as all others do.
        try_again(desk, request, lease, iteration=request.iteration)
        return "deferred"
    copy_answer(desk, request, lease, twin, row)
    log.info("answer_shared", request_id=request.request_id, of=twin.request_id)
    return "shared"


def was_waiting(request: Request, twin: Request) -> bool:
    """Whether the request was asked before the other one failed: asked later, it starts afresh."""
    return bool(
        request.submitted_at and twin.completed_at and request.submitted_at < twin.completed_at
    )


def copy_answer(
    desk: Desk, request: Request, lease: Lease, twin: Request, row: dict[str, Any]
) -> None:
    """The other one's answer, without a second message."""
    now = desk.clock()
    with desk.store.transaction() as connection:
        if twin.status == requests.FAILED:
            desk.queue.fail(
                connection,
                lease,
                message=twin.message or "",
                iteration=twin.iteration,
                now=now,
            )
            return
        desk.queue.note_batches(connection, lease, twin.processed_batches)
        desk.queue.succeed(
            connection,
            lease,
            download_urls=row["download_urls"] or [],
            file_created_at=in_utc(row["dt_file_created"]) or now,
            now=now,
        )
