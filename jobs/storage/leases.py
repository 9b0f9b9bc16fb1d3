"""Leases: who may answer a request now, so that a crash strands none and a zombie publishes none.

A fence only ever grows, over the life of the store: it is drawn from the transaction's number, so
that a lease given up and taken anew never repeats an older one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.errors import FencedError

HELD_COLUMNS = "tag, request_id, run_id, fence, claimed_at"
THIS_LEASE = (
    "tag = %(tag)s AND request_id = %(request_id)s AND run_id = %(run_id)s AND fence = %(fence)s"
)


@dataclass(frozen=True)
class Lease:
    """The right to answer a request, until somebody else takes it over."""

    tag: str
    request_id: str
    run_id: str
    fence: int
    claimed_at: datetime


def take(
    connection: Connection[DictRow],
    *,
    tag: str,
    request_id: str,
    run_id: str,
    is_free: bool,
    abandoned: datetime,
    now: datetime,
) -> Lease | None:
    """The lease, where nobody holds it; None where another run still gives signs of life.

    The holder may have changed since the queue was read: this statement sees the latest one.
    """
    row = connection.execute(
        f"INSERT INTO operations.lease AS held ({HELD_COLUMNS}, heartbeat_at)"  # noqa: S608
        " VALUES (%(tag)s, %(request_id)s, %(run_id)s, pg_current_xact_id()::text::bigint,"
        " %(now)s, %(now)s)"
        " ON CONFLICT (tag, request_id) DO UPDATE SET run_id = EXCLUDED.run_id,"
        " fence = GREATEST(held.fence + 1, EXCLUDED.fence), heartbeat_at = EXCLUDED.heartbeat_at,"
        " claimed_at = CASE WHEN held.run_id = EXCLUDED.run_id THEN held.claimed_at"
        " ELSE EXCLUDED.claimed_at END"
        " WHERE %(is_free)s OR held.run_id = EXCLUDED.run_id OR held.heartbeat_at < %(abandoned)s"
        " RETURNING tag, request_id, run_id, fence, claimed_at",
        {
            "tag": tag,
            "request_id": request_id,
            "run_id": run_id,
            "is_free": is_free,
            "abandoned": abandoned,
            "now": now,
        },
    ).fetchone()
    return Lease(**row) if row else None


def renew(
    connection: Connection[DictRow], *, tag: str, request_id: str, run_id: str, now: datetime
) -> Lease | None:
    """The run's lease for the process that asks; its earlier processes are fenced off by that."""
    row = connection.execute(
        "UPDATE operations.lease SET heartbeat_at = %(now)s,"
        " fence = GREATEST(fence + 1, pg_current_xact_id()::text::bigint)"
        " WHERE tag = %(tag)s AND request_id = %(request_id)s AND run_id = %(run_id)s"
        " RETURNING tag, request_id, run_id, fence, claimed_at",
        {"tag": tag, "request_id": request_id, "run_id": run_id, "now": now},
    ).fetchone()
    return Lease(**row) if row else None


def heartbeat(connection: Connection[DictRow], lease: Lease, now: datetime) -> None:
    """A sign of life; FencedError where the lease is somebody else's by now."""
    alive = connection.execute(
        f"UPDATE operations.lease SET heartbeat_at = %(now)s WHERE {THIS_LEASE}"  # noqa: S608
        " RETURNING fence",
        {**vars(lease), "now": now},
    ).fetchone()
    if alive is None:
        raise fenced(lease)


def keep_alive(connection: Connection[DictRow], waiting: list[Lease], now: datetime) -> None:
    """A sign of life for requests whose turn has not come; one that was lost is found out then."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE operations.lease SET heartbeat_at = %(now)s WHERE {THIS_LEASE}",  # noqa: S608
            [{**vars(lease), "now": now} for lease in waiting],
        )


def check_fence(connection: Connection[DictRow], lease: Lease) -> None:
    """FencedError unless the lease still holds; nobody can take it before the commit."""
    held = connection.execute(
        f"SELECT fence FROM operations.lease WHERE {THIS_LEASE} FOR UPDATE",  # noqa: S608
        vars(lease),
    ).fetchone()
    if held is None:
        raise fenced(lease)


def release(connection: Connection[DictRow], lease: Lease) -> None:
    connection.execute(f"DELETE FROM operations.lease WHERE {THIS_LEASE}", vars(lease))  # noqa: S608


def fenced(lease: Lease) -> FencedError:
    return FencedError(
        f"The lease on request {lease.request_id} (run {lease.run_id}, fence {lease.fence}) was"
        " promised to hold until the answer; another worker has taken it over. Nothing was"
        " published by this one, and nothing needs to be done."
    )
