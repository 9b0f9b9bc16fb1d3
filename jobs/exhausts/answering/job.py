"""Ends a request: the answer and the duty to tell of it commit together, under the fence."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from jobs.delivery.outbox import delivery_id, team_notice
from jobs.errors import UnavailableError
from jobs.exhausts import answers, requests
from jobs.exhausts.auditing.job import audit_published
from jobs.exhausts.kinds import kind_of
from jobs.settings import Settings
from jobs.storage.crash_points import crash_point
from jobs.storage.deliveries import enqueue
from jobs.storage.leases import Lease
from jobs.storage.objects import Objects
from jobs.storage.removals import forget_unpublished
from jobs.storage.request_rows import Request
from jobs.storage.requests import Requests
from jobs.storage.store import Store

log = structlog.get_logger()

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Desk:
    """What is needed to end any request; `now` is the run's start, the clock goes on from there."""

    settings: Settings
    store: Store
    objects: Objects
    now: datetime
    clock: Clock

    @property
    def queue(self) -> Requests:
        return Requests(self.settings.job_request_table)


@dataclass(frozen=True)
class FailedAnswer:
    """The message that a failed request calls for, for the notice about it."""

    delivery_id: str
    recipient_user_id: str | None
    tag: str
    request_id: str
    kind: str = "exhaust_failed"


def clock_from(now: datetime) -> Clock:
    """A clock that shows `now` and goes on from there: signs of life need one that moves."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def desk_of(settings: Settings, store: Store, objects: Objects, now: datetime) -> Desk:
    return Desk(settings, store, objects, now, clock_from(now))


def publish(desk: Desk, request: Request, lease: Lease, *, language: str) -> None:
    """The request is answered and its message due, in one transaction."""
    entries = request.processed_batches
    files = answers.built(entries)
    now = desk.clock()
    made_at = max(datetime.fromisoformat(entry["createdAt"]) for entry in files)
    with desk.store.transaction() as connection:
        desk.queue.succeed(
            connection,
            lease,
            download_urls=[entry["filePath"] for entry in files],
            file_created_at=made_at,
            now=now,
        )
        enqueue(
            connection,
            # An answer that is made anew after its message was given up has another message.
            delivery_id=id_of(request, request.iteration, f"exhaust_ready|{made_at.isoformat()}"),
            kind="exhaust_ready",
            recipient_user_id=request.requested_by,
            recipient_role=None,
            tag=request.tag,
            request_id=request.request_id,
            facts=facts(request, lease, entries, language=language),
            attachments=answers.attachments_of(entries),
            # Of the others a second copy to the same reader does no harm, and no copy does.
            is_personal=kind_of(request.job_id).is_personal,
            # Due for whoever runs with the same instant.
            now=desk.now,
        )
        audit_published(connection, request, entries, now)
        crash_point("publish: before the commit")
    crash_point("publish: committed")
    log.info("request_answered", request_id=request.request_id, files=len(files))


def refuse(
    desk: Desk,
    request: Request,
    lease: Lease,
    *,
    reason: str,
    entries: Sequence[dict[str, Any]],
    language: str,
    is_reachable: bool,
    tell_team: bool = False,
) -> None:
    """The request failed: nothing of it stays, and its requester is told why.

    Where they cannot be reached, or the fault is not theirs, the team is told.
    """
    state = requests.refused(requests.State(request.status, request.iteration))
    now = desk.clock()
    with desk.store.transaction() as connection:
        desk.queue.fail(connection, lease, message=reason, iteration=state.iteration, now=now)
        failed_id = id_of(request, state.iteration, "exhaust_failed")
        if is_reachable:
            enqueue(
                connection,
                delivery_id=failed_id,
                kind="exhaust_failed",
                recipient_user_id=request.requested_by,
                recipient_role=None,
                tag=request.tag,
                request_id=request.request_id,
                facts=facts(request, lease, entries, language=language, reason=reason),
                attachments=[],
                is_personal=False,
                now=desk.now,
            )
        if desk.settings.team_address and (tell_team or not is_reachable):
            about = FailedAnswer(failed_id, request.requested_by, request.tag, request.request_id)
            enqueue(connection, **team_notice(about, reason, desk.now))
    forget_files(desk, request, entries)
    log.warning("request_failed", request_id=request.request_id, reason=reason)


def try_again(desk: Desk, request: Request, lease: Lease, *, iteration: int) -> None:
    with desk.store.transaction() as connection:
        desk.queue.retry(connection, lease, iteration=iteration)


def forget_files(desk: Desk, request: Request, entries: Sequence[dict[str, Any]]) -> None:
    for entry in answers.built(entries):
        try:
            forget_unpublished(desk.store, desk.objects, entry["filePath"], desk.clock())
        except UnavailableError:
            # The request has failed already; the file is named by nothing any more.
            log.warning("file_not_deleted", request_id=request.request_id, key=entry["filePath"])


def facts(
    request: Request,
    lease: Lease,
    entries: Sequence[dict[str, Any]],
    *,
    language: str,
    reason: str = "",
) -> dict[str, Any]:
    return answers.facts_of(
        request_id=request.request_id,
        tag=request.tag,
        job_id=request.job_id,
        requested_at=request.submitted_at or lease.claimed_at,
        entries=entries,
        language=language,
        reason=reason,
    ).model_dump(mode="json")


def id_of(request: Request, iteration: int, kind: str) -> str:
    return delivery_id(request.tag, request.request_id, request.submitted_at, iteration, kind)


def language_of(learner: dict[str, Any] | None, settings: Settings) -> str:
    return (learner or {}).get("language") or settings.language
