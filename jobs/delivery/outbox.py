"""The rules of the outbox: a message's lasting id, its next try, and what follows it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid5

from pydantic import BaseModel

from jobs.delivery.facts import ExhaustFacts, NoticeFacts

NAMESPACE = UUID("5f0b1f0e-6f5c-5d6b-9a53-2f7a3a1f7c11")
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
SERVER_DOWN_WAIT = timedelta(seconds=60)
JITTER_SHARE = 0.25
TEAM, ANALYST = "team", "analyst"
# What the team hears of runs.
RUN_FAILED, RUN_LATE = "run_failed", "run_late"


class Message(Protocol):
    """What is read here of a row of the outbox."""

    @property
    def delivery_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient_user_id(self) -> str | None: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def request_id(self) -> str | None: ...


def delivery_id(
    tag: str, request_id: str, submitted_at: datetime | None, iteration: int, kind: str
) -> str:
    """The id of a message: the same for the same try of the same request, whoever asks."""
    submitted = submitted_at.isoformat() if submitted_at else ""
    return str(uuid5(NAMESPACE, f"{tag}|{request_id}|{submitted}|{iteration}|{kind}"))


def analyst_role(address: str) -> str:
    """The role that an analyst has in the outbox: the address itself stays in the settings."""
    return f"{ANALYST}:{hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]}"


def team_notice(about: Message, reason: str, now: datetime) -> dict[str, Any]:
    """What to enqueue for the team about a message that was not sent."""
    facts = NoticeFacts(
        delivery_id=about.delivery_id,
        kind=about.kind,
        tag=about.tag,
        request_id=about.request_id,
        reason=reason,
    )
    return follow_up(about, "team_notice", facts, now) | {"recipient_role": TEAM}


def refusal(about: Message, facts: ExhaustFacts, reason: str, now: datetime) -> dict[str, Any]:
    """What to enqueue for a requester whose finished file is refused after all."""
    answer = facts.model_copy(update={"batches": [], "reason": reason})
    to_requester = {"recipient_user_id": about.recipient_user_id}
    return follow_up(about, "exhaust_failed", answer, now) | to_requester


def follow_up(about: Message, kind: str, facts: BaseModel, now: datetime) -> dict[str, Any]:
    return {
        # One message about another, however often that one fails.
        "delivery_id": str(uuid5(NAMESPACE, f"{about.delivery_id}|{kind}")),
        "kind": kind,
        "recipient_user_id": None,
        "recipient_role": None,
        "tag": about.tag,
        "request_id": about.request_id,
        "facts": facts.model_dump(mode="json"),
        "attachments": [],
        "is_personal": False,
        "now": now,
    }


def next_attempt(delivery_id: str, attempts: int, now: datetime) -> datetime:
    """Twice as long after each try, up to an hour, spread so that messages do not come in waves."""
    doubled = FIRST_WAIT * 2 ** min(attempts - 1, 20) if attempts > 0 else FIRST_WAIT
    return now + spread(min(doubled, LONGEST_WAIT), delivery_id, attempts)


def after_outage(delivery_id: str, attempts: int, now: datetime) -> datetime:
    """Soon again: a server that does not answer has refused nothing, so no try is spent."""
    return now + spread(SERVER_DOWN_WAIT, delivery_id, attempts)


def spread(wait: timedelta, delivery_id: str, attempts: int) -> timedelta:
    # Derived from the id: a run can be repeated with the same outcome.
    digest = hashlib.sha256(f"{delivery_id}|{attempts}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return wait * (1 + JITTER_SHARE * (2 * share - 1))
