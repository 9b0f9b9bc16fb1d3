"""Learners who withdrew their consent, and those whose data was erased."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.errors import UnavailableError

# Any numbers that nothing else in the database locks.
LOCK, ONE_ERASURE = 5_381_770_003, 5_381_770_004


def withdraw(
    connection: Connection[DictRow],
    user_id: str,
    *,
    now: datetime,
    recorded_by: str,
    reason: str | None = None,
    consumer_id: str | None = None,
    object_id: str | None = None,
) -> None:
    """Note that a learner withdrew: from everybody and for everything where none is named."""
    connection.execute(
        "INSERT INTO operations.consent_withdrawal"
        " (user_id, consumer_id, object_id, withdrawn_at, recorded_by, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [user_id, consumer_id, object_id, now, recorded_by, reason],
    )


def note_erased(
    connection: Connection[DictRow],
    user_id: str,
    *,
    now: datetime,
    recorded_by: str,
    reason: str | None = None,
) -> None:
    """From the commit on nothing with this learner is published; it waits for what just is."""
    hold_alone(connection)
    connection.execute(
        "INSERT INTO operations.erasure (user_id, erased_at, recorded_by, reason)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT (user_id) DO NOTHING",
        [user_id, now, recorded_by, reason],
    )


def one_after_the_other(connection: Connection[DictRow]) -> None:
    """Until the transaction ends, no other erasure takes this one's folders for forgotten ones."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_ERASURE])


def hold_alone(connection: Connection[DictRow]) -> None:
    """Until the transaction ends, nobody enters a file or publishes a version of a table."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def refuse_erased(connection: Connection[DictRow], learners: Sequence[str]) -> None:
    """UnavailableError where one of the learners was erased."""
    gone = erased(connection, is_held=True)
    if gone and not gone.isdisjoint(learners):
        raise UnavailableError(
            "A learner was erased while the file was made, so the file was not kept. Nothing is"
            " lost: the next run makes it anew from tables without this learner."
        )


def refuse_newly_erased(
    connection: Connection[DictRow], gone: Collection[str], *, made: str, aside: str
) -> None:
    """UnavailableError where a learner was erased since a version was begun without those in
    `gone`; it is removed.

    Held until the commit: what is published in this transaction is without all of them.
    """
    if not erased(connection, is_held=True) <= set(gone):
        shutil.rmtree(aside, ignore_errors=True)
        raise UnavailableError(
            f"A learner was erased while {made} was made, so it was not published. What was"
            " published before stays, without the learner. Run the command again."
        )


def erased(connection: Connection[DictRow], *, is_held: bool = False) -> set[str]:
    """The ids of all learners whose data was erased; held, none is added until the commit."""
    if is_held:
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    rows = connection.execute("SELECT user_id FROM operations.erasure").fetchall()
    return {row["user_id"] for row in rows}
