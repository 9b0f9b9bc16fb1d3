"""Has a file made anew, instead of sending it, where one in it no longer agrees."""

from __future__ import annotations

import structlog

from jobs.contracts.privacy import REPLACED
from jobs.delivery.composing.job import Mailer
from jobs.delivery.facts import Attachment, ExhaustFacts, read_facts
from jobs.errors import DeliveryError
from jobs.exhausts.consenting.job import is_outdated
from jobs.exhausts.kinds import kind_of
from jobs.exhausts.planning.job import learner_of, open_tables
from jobs.storage import deliveries
from jobs.storage.crash_points import crash_point
from jobs.storage.deliveries import Delivery
from jobs.storage.exhaust_files import kept
from jobs.storage.rebuilding import ask_again
from jobs.storage.removals import remove_file
from jobs.storage.request_rows import Request
from jobs.storage.requests import Requests

log = structlog.get_logger()

SAID = "Consents changed since the file was made: it is made anew."


def is_renewed(mailer: Mailer, delivery: Delivery) -> bool:
    """Whether the message was ended and its request put back, to be cut anew.

    RequestError where the requester may not have the file any more; UnavailableError where the
    consents cannot be judged now.
    """
    if delivery.kind != "exhaust_ready" or not delivery.is_personal:
        return False
    facts = read_facts(delivery.kind, delivery.facts)
    kind = kind_of(facts.job_id) if isinstance(facts, ExhaustFacts) else None
    if kind is None or not kind.needs_consent:
        return False
    request = request_of(mailer, delivery)
    tables = open_tables(mailer.store, kind)
    learner = learner_of(tables, request.requested_by)
    if not is_outdated(
        mailer.settings, mailer.store, kind, request, learner, tables, now=mailer.at()
    ):
        return False
    put_back(mailer, delivery, request)
    return True


def request_of(mailer: Mailer, delivery: Delivery) -> Request:
    queue = Requests(mailer.settings.job_request_table)
    with mailer.store.transaction() as connection:
        try:
            return queue.one(connection, delivery.tag or "", delivery.request_id or "")
        except LookupError as error:
            raise DeliveryError(f"{error} Nothing is sent.") from error


def put_back(mailer: Mailer, delivery: Delivery, request: Request) -> None:
    """No try is spent, and the promise still counts from the first asking."""
    table = mailer.settings.job_request_table
    with mailer.store.transaction() as connection:
        if not deliveries.holds(connection, delivery):
            return
        deliveries.mark_ended(connection, delivery, status="obsolete", server_said=SAID)
        ask_again(connection, table=table, tag=request.tag, request_id=request.request_id)
    log.warning("file_made_anew", id=delivery.delivery_id, request_id=request.request_id)
    crash_point("renew: put back, files there")
    for stored in delivery.attachments:
        key = Attachment.model_validate(stored).key
        with mailer.store.transaction() as connection:
            file = kept(connection, key)
        if file is not None:
            remove_file(
                mailer.store,
                mailer.objects,
                file["file_id"],
                table=table,
                reason=REPLACED,
                said=SAID,
                now=mailer.at(),
            )
