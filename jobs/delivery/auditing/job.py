"""Writes into the audit log which files a mail brought to whom, or may have brought."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.storage.audit import Entry, append
from jobs.storage.deliveries import Delivery
from jobs.storage.exhaust_files import kept

SENT, HELD = "mail_sent", "mail_held"
RELEASED, DROPPED = "delivery_released", "delivery_dropped"
CANCELLED = "delivery_cancelled"


def audit_mail(
    connection: Connection[DictRow],
    delivery: Delivery,
    event: str,
    now: datetime,
    *,
    message: EmailMessage | None = None,
    asked_by: str | None = None,
    reason: str | None = None,
) -> None:
    """A row per file of the mail, in the transaction that notes what became of it."""
    attached = (
        {part.get_filename() for part in message.iter_attachments()} if message is not None else ()
    )
    for file in delivery.attachments:
        held = kept(connection, file["key"]) or {}
        details: dict[str, object] = {"reason": reason} if reason else {}
        if message is not None:
            details["is_attached"] = file["file_name"] in attached
        append(
            connection,
            Entry(
                event=event,
                asked_by=asked_by,
                tag=delivery.tag,
                request_id=delivery.request_id,
                job_id=delivery.facts.get("job_id"),
                batch_id=held.get("batch_id"),
                file_id=held.get("file_id"),
                file_sha256=file["sha256"],
                recipient_user_id=delivery.recipient_user_id,
                recipient_role=delivery.recipient_role,
                delivery_id=delivery.delivery_id,
                message_id=str(message["Message-ID"]) if message is not None else None,
                details=details or None,
            ),
            now,
        )
