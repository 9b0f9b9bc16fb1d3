"""The mailer: everything in the outbox that is due, sent once a try, whatever product made it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Literal

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs import errors
from jobs.delivery.auditing.job import HELD, SENT, audit_mail
from jobs.delivery.composing.job import Mailer, prepared
from jobs.delivery.facts import ExhaustFacts
from jobs.delivery.lateness.job import is_pointless, tell_late
from jobs.delivery.outbox import after_outage, next_attempt, refusal, team_notice
from jobs.delivery.renewing.job import is_renewed
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.crash_points import crash_point
from jobs.storage.deliveries import Delivery
from jobs.storage.mail import Carrier, MailError
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

Outcome = Literal["sent", "failed", "later", "server down"]
UNTOLD = ("team_notice", "exhaust_late")


@dataclass(frozen=True)
class DeliverCounts:
    """What one run did, and what is left in the outbox."""

    sent: int
    failed: int
    waiting: int


def run_deliver(
    settings: Settings, store: Store, objects: Objects, carrier: Carrier, now: datetime
) -> DeliverCounts:
    """Send what is due. A server that is down loses nothing: what waits is tried again."""
    mailer = Mailer(settings, store, objects, carrier, now, time.monotonic())
    with store.transaction() as connection:
        for lost, status in deliveries.recover(connection, now=now):
            log.warning("delivery of a lost worker", id=lost.delivery_id, now=status)
            if status == "held":
                audit_mail(connection, lost, HELD, now)
    tell_late(settings, store, now)
    outcomes: list[Outcome] = []
    while "server down" not in outcomes and (delivery := take(mailer)):
        outcomes.append(deliver(mailer, delivery))
    with store.transaction() as connection:
        states = deliveries.counts(connection)
    counts = DeliverCounts(
        sent=outcomes.count("sent"),
        failed=outcomes.count("failed"),
        waiting=sum(states.get(state, 0) for state in ("pending", "sending", "held")),
    )
    log.info("outbox drained", **vars(counts))
    return counts


def take(mailer: Mailer) -> Delivery | None:
    lease = timedelta(seconds=mailer.settings.lease_seconds)
    with mailer.store.transaction() as connection:
        return deliveries.claim(connection, due_at=mailer.now, lease_until=mailer.at() + lease)


def deliver(mailer: Mailer, delivery: Delivery) -> Outcome:
    crash_point("send: taken")
    if delivery.attempts > mailer.settings.mail_attempts:
        return give_up(mailer, delivery, f"Tried {delivery.attempts - 1} times without an answer.")
    if is_pointless(mailer.settings, mailer.store, delivery):
        return "later"
    try:
        if is_renewed(mailer, delivery):
            return "later"
        message = prepared(mailer, delivery)
    except (errors.UnavailableError, errors.SettingsError, errors.ContractError) as error:
        log.error("delivery cannot be prepared", id=delivery.delivery_id, error=str(error))
        return put_off(mailer, delivery, str(error))
    except errors.RequestError as error:
        return refuse(mailer, delivery, str(error))
    except errors.DeliveryError as error:
        return give_up(mailer, delivery, str(error))
    crash_point("send: composed")
    # The row stays locked while the message is on its way: no other worker takes it for lost.
    with mailer.store.transaction() as connection:
        if not deliveries.holds(connection, delivery):
            return "later"
        try:
            said = mailer.carrier.send(message)
        except MailError as error:
            return not_sent(mailer, connection, delivery, message, error)
        crash_point("send: answer read")
        deliveries.mark_sent(connection, delivery, server_said=said, now=mailer.at())
        audit_mail(connection, delivery, SENT, mailer.at(), message=message)
    crash_point("send: noted")
    log.info("delivery sent", id=delivery.delivery_id, kind=delivery.kind)
    return "sent"


def not_sent(
    mailer: Mailer,
    connection: Connection[DictRow],
    delivery: Delivery,
    message: EmailMessage,
    error: MailError,
) -> Outcome:
    log.warning("delivery not sent", id=delivery.delivery_id, reason=str(error))
    said = error.server_said or str(error)
    is_last = delivery.attempts >= mailer.settings.mail_attempts and not error.is_server_down
    if error.unclear and delivery.is_personal:
        end(mailer, connection, delivery, str(error), server_said=said, status="held")
        audit_mail(connection, delivery, HELD, mailer.at(), message=message)
        return "failed"
    if error.permanent or is_last:
        end(mailer, connection, delivery, str(error), server_said=said)
        return "failed"
    wait = after_outage if error.is_server_down else next_attempt
    deliveries.reschedule(
        connection,
        delivery,
        next_attempt_at=wait(delivery.delivery_id, delivery.attempts, mailer.at()),
        server_said=said,
        is_try_spent=not error.is_server_down,
    )
    return "server down" if error.is_server_down else "later"


def give_up(mailer: Mailer, delivery: Delivery, reason: str) -> Outcome:
    log.error("delivery failed", id=delivery.delivery_id, kind=delivery.kind, reason=reason)
    with mailer.store.transaction() as connection:
        if not deliveries.holds(connection, delivery):
            return "later"
        end(mailer, connection, delivery, reason, server_said=reason)
    return "failed"


def refuse(mailer: Mailer, delivery: Delivery, reason: str) -> Outcome:
    """The requester lost the right to the file since it was made: no file, but an answer."""
    log.error("delivery refused", id=delivery.delivery_id, request_id=delivery.request_id)
    facts = ExhaustFacts.model_validate(delivery.facts)
    with mailer.store.transaction() as connection:
        if not deliveries.holds(connection, delivery):
            return "later"
        deliveries.mark_ended(connection, delivery, status="failed", server_said=reason)
        deliveries.refuse_request(
            connection,
            table=mailer.settings.job_request_table,
            tag=facts.tag,
            request_id=facts.request_id,
            reason=reason,
            now=mailer.at(),
        )
        # Due in this very run, as all follow-ups are.
        deliveries.enqueue(connection, **refusal(delivery, facts, reason, mailer.now))
    return "failed"


def put_off(mailer: Mailer, delivery: Delivery, reason: str) -> Outcome:
    when = after_outage(delivery.delivery_id, delivery.attempts, mailer.at())
    with mailer.store.transaction() as connection:
        if deliveries.holds(connection, delivery):
            deliveries.reschedule(
                connection, delivery, next_attempt_at=when, server_said=reason, is_try_spent=False
            )
    return "later"


def end(
    mailer: Mailer,
    connection: Connection[DictRow],
    delivery: Delivery,
    reason: str,
    *,
    server_said: str,
    status: str = "failed",
) -> None:
    """Not sent for good, or held for a person: the team is told, where it has a mailbox."""
    deliveries.mark_ended(connection, delivery, status=status, server_said=server_said)
    if mailer.settings.team_address is not None and delivery.kind not in UNTOLD:
        deliveries.enqueue(connection, **team_notice(delivery, reason, mailer.now))
