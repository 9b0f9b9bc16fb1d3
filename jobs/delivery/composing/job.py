"""Puts a message together at the last moment: who gets it, whether they may, and the files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from jobs import errors
from jobs.contracts.contract import Contract
from jobs.contracts.learning import LEARNERS
from jobs.delivery import recipient
from jobs.delivery.attachments import fitting
from jobs.delivery.facts import ExhaustFacts, MessageFacts, read_facts
from jobs.delivery.linking.job import links_to
from jobs.delivery.message import compose
from jobs.delivery.wording import language_code
from jobs.settings import Settings
from jobs.storage.clustered import open_table
from jobs.storage.deliveries import Delivery
from jobs.storage.mail import Carrier
from jobs.storage.objects import Objects
from jobs.storage.requests import Requests
from jobs.storage.store import Store
from jobs.storage.suppressions import suppressed_since


@dataclass(frozen=True)
class Mailer:
    """What one run works with; `now` is its start, and the clock goes on from there."""

    settings: Settings
    store: Store
    objects: Objects
    carrier: Carrier
    now: datetime
    started: float

    def at(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.started)


def prepared(mailer: Mailer, delivery: Delivery) -> EmailMessage:
    """The message; RequestError where the requester may not have it any more."""
    settings = mailer.settings
    facts = read_facts(delivery.kind, delivery.facts)
    learner: dict[str, Any] = {}
    if delivery.recipient_role:
        address = recipient.address_of_role(
            delivery.recipient_role,
            team_address=settings.team_address,
            analyst_addresses=settings.analyst_addresses,
        )
    else:
        learner = known_learner(mailer, delivery, facts)
        address = recipient.address_of(
            learner, key=settings.platform_key, salt=settings.platform_salt
        )
        refuse_suppressed(mailer, address)
    room = settings.attachment_bytes
    attached, too_large = fitting(mailer.objects, delivery.attachments, room=room)
    return compose(
        delivery.kind,
        facts,
        recipient_address=address,
        sender=settings.mail_from,
        sender_name=settings.mail_from_name,
        reply_to=settings.mail_reply_to,
        delivery_id=delivery.delivery_id,
        attachments=attached,
        too_large=too_large,
        links=links_to(
            settings, mailer.store, mailer.objects, delivery, too_large, now=mailer.at()
        ),
        now=mailer.at(),
        timezone=ZoneInfo(settings.report_timezone),
        language=language_code(learner.get("language") or settings.language),
    )


def known_learner(mailer: Mailer, delivery: Delivery, facts: MessageFacts) -> dict[str, Any]:
    with mailer.store.transaction() as connection:

        def row_of(contract: Contract, key: str) -> dict[str, Any] | None:
            rows = open_table(connection, contract).rows(key)
            return rows[0] if rows else None

        learner = row_of(LEARNERS, delivery.recipient_user_id or "")
        if delivery.kind == "exhaust_ready" and isinstance(facts, ExhaustFacts):
            try:
                queue = Requests(mailer.settings.job_request_table)
                request = queue.one(connection, facts.tag, facts.request_id)
            except LookupError as error:
                raise errors.DeliveryError(f"{error} Nothing is sent.") from error
            recipient.refuse_unauthorised(
                learner,
                [made.batch_id for made in facts.batches],
                row_of=row_of,
                channel=request.requested_channel,
                admin_roles=mailer.settings.admin_roles,
            )
    return recipient.account_of(learner)


def refuse_suppressed(mailer: Mailer, address: str) -> None:
    with mailer.store.transaction() as connection:
        since = suppressed_since(connection, address)
    if since is not None:
        raise errors.DeliveryError(
            "The e-mail address of the user who asked takes no mail: a message to it came back on"
            f" {since:%Y-%m-%d}. Nothing is sent. Correct it in the user's profile, or lift the"
            " suppression as the run book of the delivery says."
        )
