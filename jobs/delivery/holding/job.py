"""What a person decides about a message of which nobody knows whether it arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.delivery.auditing.job import DROPPED, RELEASED, audit_mail
from jobs.errors import DeliveryError
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.deliveries import Delivery
from jobs.storage.store import Store

log = structlog.get_logger()


def release(
    settings: Settings, store: Store, delivery_id: str, *, by: str, reason: str, now: datetime
) -> None:
    """The message is sent by the next run of the mailer: a person found that it did not arrive."""
    with store.transaction() as connection:
        delivery = held_one(connection, delivery_id)
        deliveries.reschedule(
            connection,
            # One try at least, however many were spent.
            with_tries_left(delivery, settings.mail_attempts),
            next_attempt_at=now,
            server_said=f"Released by {by}.",
            is_try_spent=True,
        )
        audit_mail(connection, delivery, RELEASED, now, asked_by=by, reason=reason)
    log.info("delivery released", id=delivery_id)


def drop(store: Store, delivery_id: str, *, by: str, reason: str, now: datetime) -> None:
    """The message is never sent: a person found that it arrived, or that it must not."""
    with store.transaction() as connection:
        delivery = held_one(connection, delivery_id)
        deliveries.mark_ended(
            connection, delivery, status="obsolete", server_said=f"Dropped by {by}."
        )
        audit_mail(connection, delivery, DROPPED, now, asked_by=by, reason=reason)
    log.info("delivery dropped", id=delivery_id)


def held_one(connection: Connection[DictRow], delivery_id: str) -> Delivery:
    delivery = deliveries.held(connection, delivery_id)
    if delivery is None:
        raise DeliveryError(
            f"No message {delivery_id} is held. `python -m jobs deliveries --held` lists those"
            " that are; one that was sent, dropped or released stays as it is."
        )
    return delivery


def with_tries_left(delivery: Delivery, limit: int) -> Delivery:
    return replace(delivery, attempts=min(delivery.attempts, limit - 1))
