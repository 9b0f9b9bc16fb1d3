"""The outbox in the store: what must be sent, who is sending it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class Delivery:
    """A message that this worker has taken; `attempts` counts this try and is its fence."""

    delivery_id: str
    kind: str
    recipient_user_id: str | None
    recipient_role: str | None
    tag: str | None
    request_id: str | None
    facts: dict[str, Any]
    attachments: list[dict[str, Any]]
    attempts: int
    is_personal: bool
    created_at: datetime


COLUMNS = ", ".join(Delivery.__dataclass_fields__)


def enqueue(
    connection: Connection[DictRow],
    *,
    delivery_id: str,
    kind: str,
    recipient_user_id: str | None,
    recipient_role: str | None,
    tag: str | None,
    request_id: str | None,
    facts: dict[str, Any],
    attachments: list[dict[str, Any]],
    is_personal: bool,
    now: datetime,
) -> None:
    """The duty to send, in the caller's transaction; the same id a second time changes nothing."""
    connection.execute(
        "INSERT INTO operations.delivery (delivery_id, kind, recipient_user_id, recipient_role,"
        " tag, request_id, facts, attachments, status, attempts, next_attempt_at, created_at,"
        " is_personal) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'pending', 0, %s, %s, %s)"
        " ON CONFLICT (delivery_id) DO NOTHING",
        [
            delivery_id,
            kind,
            recipient_user_id,
            recipient_role,
            tag,
            request_id,
            Jsonb(facts),
            Jsonb(attachments),
            now,
            now,
            is_personal,
        ],
    )


def recover(connection: Connection[DictRow], *, now: datetime) -> list[tuple[Delivery, str]]:
    """Give back what a worker that is gone was sending; what may be sent once only is held.

    A worker that still sends holds its row locked, however long it takes, and is passed over.
    """
    rows = connection.execute(
        "UPDATE operations.delivery SET"  # noqa: S608 -- our own constant
        " status = CASE WHEN is_personal THEN 'held' ELSE 'pending' END, next_attempt_at = %(now)s"
        " WHERE delivery_id IN (SELECT delivery_id FROM operations.delivery"
        " WHERE status = 'sending' AND next_attempt_at <= %(now)s FOR UPDATE SKIP LOCKED)"
        f" RETURNING {COLUMNS}, status",
        {"now": now},
    ).fetchall()
    return [(Delivery(**row), status) for row in rows for status in [row.pop("status")]]


def claim(
    connection: Connection[DictRow], *, due_at: datetime, lease_until: datetime
) -> Delivery | None:
    """One message that is due, now marked as being sent; the least tried first."""
    row = connection.execute(
        "UPDATE operations.delivery SET status = 'sending', attempts = attempts + 1,"  # noqa: S608
        " next_attempt_at = %(lease_until)s"
        " WHERE delivery_id = (SELECT delivery_id FROM operations.delivery"
        " WHERE status = 'pending' AND next_attempt_at <= %(due_at)s"
        " ORDER BY attempts, next_attempt_at, delivery_id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        f" RETURNING {COLUMNS}",
        {"due_at": due_at, "lease_until": lease_until},
    ).fetchone()
    return Delivery(**row) if row else None


def holds(connection: Connection[DictRow], delivery: Delivery) -> bool:
    """Whether the message is still this worker's; locked until the transaction ends."""
    row = connection.execute(
        "SELECT 1 FROM operations.delivery"
        " WHERE delivery_id = %s AND status = 'sending' AND attempts = %s FOR UPDATE",
        [delivery.delivery_id, delivery.attempts],
    ).fetchone()
    return row is not None


def mark_sent(
    connection: Connection[DictRow], delivery: Delivery, *, server_said: str, now: datetime
) -> None:
    connection.execute(
        "UPDATE operations.delivery SET status = 'sent', sent_at = %s, server_said = %s,"
        " next_attempt_at = NULL WHERE delivery_id = %s",
        [now, server_said, delivery.delivery_id],
    )


def mark_ended(
    connection: Connection[DictRow], delivery: Delivery, *, status: str, server_said: str
) -> None:
    """Not sent and not tried again: `failed`, or `held` until a person decides."""
    connection.execute(
        "UPDATE operations.delivery SET status = %s, server_said = %s, next_attempt_at = NULL"
        " WHERE delivery_id = %s",
        [status, server_said, delivery.delivery_id],
    )


def sent(connection: Connection[DictRow], delivery_id: str) -> Delivery | None:
    """A message that a server took; locked until the transaction ends."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM operations.delivery"  # noqa: S608 -- our own constant
        " WHERE delivery_id = %s AND status IN ('sent', 'undeliverable') FOR UPDATE",
        [delivery_id],
    ).fetchone()
    return Delivery(**row) if row else None


def note(connection: Connection[DictRow], delivery_id: str, *, server_said: str) -> None:
    """The last word about a message, which changes nothing else."""
    connection.execute(
        "UPDATE operations.delivery SET server_said = %s WHERE delivery_id = %s",
        [server_said, delivery_id],
    )


def reschedule(
    connection: Connection[DictRow],
    delivery: Delivery,
    *,
    next_attempt_at: datetime,
    server_said: str,
    is_try_spent: bool,
) -> None:
    """Later again; a try that never reached the server is given back."""
    connection.execute(
        "UPDATE operations.delivery SET status = 'pending', attempts = %s, next_attempt_at = %s,"
        " server_said = %s WHERE delivery_id = %s",
        [
            delivery.attempts if is_try_spent else delivery.attempts - 1,
            next_attempt_at,
            server_said,
            delivery.delivery_id,
        ],
    )


def counts(connection: Connection[DictRow]) -> dict[str, int]:
    """How many messages are in each state."""
    rows = connection.execute(
        "SELECT status, count(*) AS n FROM operations.delivery GROUP BY status"
    ).fetchall()
    return {row["status"]: row["n"] for row in rows}


def overdue(connection: Connection[DictRow], *, now: datetime, age: timedelta) -> int:
    """Messages that wait longer than they should."""
    row = connection.execute(
        "SELECT count(*) AS n FROM operations.delivery"
        " WHERE status IN ('pending', 'sending') AND created_at <= %s",
        [now - age],
    ).fetchone()
    return int(row["n"]) if row else 0


def listing(
    connection: Connection[DictRow], *, status: str | None = None, limit: int = 100
) -> list[DictRow]:
    """The messages, newest first, without what would tell whose they are."""
    return connection.execute(
        "SELECT delivery_id, kind, recipient_role, tag, request_id, status, attempts,"
        " next_attempt_at, created_at, sent_at FROM operations.delivery"
        " WHERE %(status)s::text IS NULL OR status = %(status)s"
        " ORDER BY created_at DESC, delivery_id LIMIT %(limit)s",
        {"status": status, "limit": limit},
    ).fetchall()


def held(connection: Connection[DictRow], delivery_id: str) -> Delivery | None:
    """A message that waits for a person; locked until the transaction ends."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM operations.delivery"  # noqa: S608 -- our own constant
        " WHERE delivery_id = %s AND status = 'held' FOR UPDATE",
        [delivery_id],
    ).fetchone()
    return Delivery(**row) if row else None


def refuse_request(
    connection: Connection[DictRow],
    *,
    table: str,
    tag: str,
    request_id: str,
    reason: str,
    now: datetime,
) -> None:
    """The request answered after all with a refusal: its files are no longer named either.

    One that was asked again meanwhile is left alone.
    """
    connection.execute(
        sql.SQL(
            "UPDATE public.{} SET status = 'FAILED', err_message = %s, dt_job_completed = %s,"
            " download_urls = NULL, processed_batches = NULL"
            " WHERE tag = %s AND request_id = %s AND status = 'SUCCESS'"
        ).format(sql.Identifier(table)),
        [reason, now, tag, request_id],
    )
