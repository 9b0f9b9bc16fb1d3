"""Tells mentor and team, once each, of a request that waits longer than it should.

Watched per request from the moment it was asked, whether or not anything runs for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog

from jobs.delivery.facts import ExhaustFacts, NoticeFacts
from jobs.delivery.outbox import TEAM, delivery_id
from jobs.exhausts.requests import KINDS
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.deliveries import Delivery
from jobs.storage.lateness import LateRequest, is_open, late_requests
from jobs.storage.store import Store

log = structlog.get_logger()

LATE = "exhaust_late"


def tell_late(settings: Settings, store: Store, now: datetime) -> int:
    """The duty to tell of each late request; the same request a second time changes nothing."""
    with store.transaction() as connection:
        late = late_requests(
            connection,
            table=settings.job_request_table,
            kinds=list(KINDS),
            now=now,
            minutes=settings.late_minutes,
        )
        for request in late:
            if request.requested_by:
                deliveries.enqueue(connection, **to_mentor(request, now))
            if settings.team_address:
                deliveries.enqueue(connection, **to_team(request, settings.late_minutes, now))
    if late:
        log.warning("requests_late", requests=len(late), oldest=late[0].request_id)
    return len(late)


def is_pointless(settings: Settings, store: Store, delivery: Delivery) -> bool:
    """Whether the message tells of a wait that is over by now: then it is ended unsent."""
    if delivery.kind != LATE:
        return False
    with store.transaction() as connection:
        if not deliveries.holds(connection, delivery) or is_open(
            connection,
            table=settings.job_request_table,
            tag=delivery.tag or "",
            request_id=delivery.request_id or "",
        ):
            return False
        deliveries.mark_ended(
            connection, delivery, status="obsolete", server_said="The request was answered."
        )
    return True


def to_mentor(request: LateRequest, now: datetime) -> dict[str, Any]:
    facts = ExhaustFacts(
        request_id=request.request_id,
        tag=request.tag,
        job_id=request.job_id,
        requested_at=request.asked_at,
    )
    return message(request, LATE, now) | {
        "recipient_user_id": request.requested_by,
        "facts": facts.model_dump(mode="json"),
    }


def to_team(request: LateRequest, minutes: int, now: datetime) -> dict[str, Any]:
    own = message(request, "team_notice", now)
    facts = NoticeFacts(
        delivery_id=own["delivery_id"],
        kind=LATE,
        tag=request.tag,
        request_id=request.request_id,
        reason=f"Asked at {request.asked_at:%Y-%m-%d %H:%M} UTC and not answered after"
        f" {minutes} minutes.",
    )
    return own | {"recipient_role": TEAM, "facts": facts.model_dump(mode="json")}


def message(request: LateRequest, kind: str, now: datetime) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id(
            request.tag, request.request_id, request.asked_at, 0, f"{LATE}|{kind}"
        ),
        "kind": kind,
        "recipient_user_id": None,
        "recipient_role": None,
        "tag": request.tag,
        "request_id": request.request_id,
        "attachments": [],
        "is_personal": False,
        "now": now,
    }
