"""The mailer: everything in the outbox that is due, sent once a try, whatever product made it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs import errors
from jobs.contracts.contract import Contract
from jobs.contracts.learning import LEARNERS
from jobs.delivery import recipient
from jobs.delivery.attachments import fitting
from jobs.delivery.facts import ExhaustFacts, NoticeFacts, read_facts
from jobs.delivery.message import compose
from jobs.delivery.outbox import after_outage, next_attempt, refusal, team_notice
from jobs.delivery.wording import language_code
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.clustered import open_table
from jobs.storage.deliveries import Delivery
from jobs.storage.mail import Carrier, MailError
from jobs.storage.objects import Objects
from jobs.storage.requests import Requests
from jobs.storage.store import Store

log = structlog.get_logger()

Outcome = Literal["sent", "failed", "later", "server down"]


@dataclass(frozen=True)
class DeliverCounts:
    """What one run did, and what is left in the outbox."""

    sent: int
    failed: int
    waiting: int


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


def run_deliver(
    settings: Settings, store: Store, objects: Objects, carrier: Carrier, now: datetime
) -> DeliverCounts:
    """Send what is due. A server that is down loses nothing: what waits is tried again."""
    mailer = Mailer(settings, store, objects, carrier, now, time.monotonic())
    with store.transaction() as connection:
        for row in deliveries.recover(connection, now=now):
            log.warning("delivery of a lost worker", id=row["delivery_id"], now=row["status"])
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
    if delivery.attempts > mailer.settings.mail_attempts:
        return give_up(mailer, delivery, f"Tried {delivery.attempts - 1} times without an answer.")
    try:
        message = prepared(mailer, delivery)
    except (errors.UnavailableError, errors.SettingsError, errors.ContractError) as error:
        log.error("delivery cannot be prepared", id=delivery.delivery_id, error=str(error))
        return put_off(mailer, delivery, str(error))
    except errors.RequestError as error:
        return refuse(mailer, delivery, str(error))
    except errors.DeliveryError as error:
        return give_up(mailer, delivery, str(error))
    # The row stays locked while the message is on its way: no other worker takes it for lost.
    with mailer.store.transaction() as connection:
        if not deliveries.holds(connection, delivery):
            return "later"
        try:
            said = mailer.carrier.send(message)
        except MailError as error:
            return not_sent(mailer, connection, delivery, error)
        deliveries.mark_sent(connection, delivery, server_said=said, now=mailer.at())
    log.info("delivery sent", id=delivery.delivery_id, kind=delivery.kind)
    return "sent"


def not_sent(
    mailer: Mailer, connection: Connection[DictRow], delivery: Delivery, error: MailError
) -> Outcome:
    log.warning("delivery not sent", id=delivery.delivery_id, reason=str(error))
    said = error.server_said or str(error)
    is_last = delivery.attempts >= mailer.settings.mail_attempts and not error.is_server_down
    if error.unclear and delivery.is_personal:
        end(mailer, connection, delivery, str(error), server_said=said, status="held")
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
    if mailer.settings.team_address is not None and delivery.kind != "team_notice":
        deliveries.enqueue(connection, **team_notice(delivery, reason, mailer.now))


def prepared(mailer: Mailer, delivery: Delivery) -> EmailMessage:
    """The message; RequestError where the requester may not have it any more."""
    settings = mailer.settings
    facts = read_facts(delivery.kind, delivery.facts)
    learner: dict[str, Any] = {}
    if delivery.recipient_role:
        address = recipient.address_of_role(
            delivery.recipient_role, team_address=settings.team_address
        )
    else:
        learner = known_learner(mailer, delivery, facts)
        address = recipient.address_of(
            learner, key=settings.platform_key, salt=settings.platform_salt
        )
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
        now=mailer.at(),
        timezone=ZoneInfo(settings.report_timezone),
        language=language_code(learner.get("language") or settings.language),
    )


def known_learner(
    mailer: Mailer, delivery: Delivery, facts: ExhaustFacts | NoticeFacts
) -> dict[str, Any]:
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
