"""SQL of decisions about missed certificates: what is asked, and who decided what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import DictRow


@dataclass(frozen=True)
class Group:
    """What one question is about: findings of a batch and template version for one reason."""

    batch_id: str
    course_id: str
    version_id: str
    template_id: str
    template_name: str | None
    certificate_type: str
    reason: str
    learner_count: int
    oldest_on: date
    completed_from: datetime
    completed_to: datetime
    flagged: list[str]
    asked_because: str | None


@dataclass(frozen=True)
class Decision:
    """What a person decided about a group; `seen_until` is when the question was asked."""

    batch_id: str
    version_id: str
    reason: str
    decision: str
    excluded: Sequence[str]
    seen_until: datetime
    decided_by: str
    decided_in: str
    note: str | None = None
    issue_version_id: str | None = None


@dataclass(frozen=True)
class Asserted:
    """A certificate that a person says a learner is owed."""

    user_id: str
    course_id: str
    batch_id: str
    template_id: str
    version_id: str
    certificate_type: str
    template_name: str | None
    completed_at: datetime
    asked_by: str
    asked_because: str
    today: date
    now: datetime


COLUMNS = ", ".join(Group.__dataclass_fields__)
ASKED = "state IN ('new', 'pending', 'failed')"


def groups(
    connection: Connection[DictRow], *, limit: int | None = None, batch_id: str | None = None
) -> list[Group]:
    """What waits for a decision, the oldest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM ("  # noqa: S608 -- our own constants
        "SELECT batch_id, course_id, version_id, template_id, reason,"
        " max(template_name) AS template_name, max(certificate_type) AS certificate_type,"
        " count(*) AS learner_count, min(first_seen_on) AS oldest_on,"
        " min(completed_at) AS completed_from, max(completed_at) AS completed_to,"
        " array(SELECT DISTINCT flag FROM operations.missed_certificate AS one,"
        " unnest(one.flags) AS flag WHERE (one.batch_id, one.version_id, one.reason)"
        " = (held.batch_id, held.version_id, held.reason)"
        f" AND one.{ASKED} ORDER BY flag) AS flagged,"
        " string_agg(DISTINCT asked_because, '; ') AS asked_because"
        f" FROM operations.missed_certificate AS held WHERE {ASKED}"
        " AND (%(batch_id)s::text IS NULL OR batch_id = %(batch_id)s)"
        " GROUP BY batch_id, course_id, version_id, template_id, reason) AS counted"
        " ORDER BY oldest_on, learner_count DESC, batch_id, version_id, reason LIMIT %(limit)s",
        {"limit": limit, "batch_id": batch_id},
    ).fetchall()
    return [Group(**row) for row in rows]


def waiting(connection: Connection[DictRow], batch_id: str, *, held: bool) -> list[DictRow]:
    """(version_id, reason) of what waits for a decision of a batch, or is held too."""
    return connection.execute(
        "SELECT DISTINCT version_id, reason FROM operations.missed_certificate"
        " WHERE batch_id = %s AND (state IN ('new', 'pending', 'failed')"
        " OR (%s AND state = 'held')) ORDER BY version_id, reason",
        [batch_id, held],
    ).fetchall()


def decide(
    connection: Connection[DictRow], decision: Decision, *, now: datetime
) -> tuple[int | None, int]:
    """The decision's id and the findings that it holds for; None where nothing waits for one.

    What was found after the question was asked is not among them. Only a rejection reaches what
    is held: its cause must be mended, or the certificate asked for by name.
    """
    values = vars(decision) | {"excluded": sorted(decision.excluded), "now": now}
    chosen = connection.execute(
        "SELECT user_id FROM operations.missed_certificate"
        " WHERE batch_id = %(batch_id)s AND version_id = %(version_id)s AND reason = %(reason)s"
        " AND (state IN ('new', 'pending', 'failed')"
        " OR (state = 'held' AND %(decision)s = 'rejected'))"
        " AND first_seen_at <= %(seen_until)s AND user_id <> ALL(%(excluded)s)"
        " ORDER BY user_id FOR UPDATE",
        values,
    ).fetchall()
    if not chosen:
        return None, 0
    users = {"users": [one["user_id"] for one in chosen], "learner_count": len(chosen)}
    row = connection.execute(
        "INSERT INTO operations.certificate_approval (batch_id, version_id, reason, decision,"
        " learner_count, excluded, decided_by, decided_at, decided_in, note, issue_version_id)"
        " VALUES (%(batch_id)s, %(version_id)s, %(reason)s, %(decision)s, %(learner_count)s,"
        " %(excluded)s, %(decided_by)s, %(now)s, %(decided_in)s, %(note)s, %(issue_version_id)s)"
        " RETURNING approval_id",
        values | users,
    ).fetchone()
    approval_id = int(row["approval_id"]) if row else 0
    connection.execute(
        "UPDATE operations.missed_certificate SET state = %(decision)s,"
        " approval_id = %(approval_id)s, decided_at = %(now)s, failure = NULL"
        " WHERE batch_id = %(batch_id)s AND version_id = %(version_id)s"
        " AND reason = %(reason)s AND user_id = ANY(%(users)s)"
        " AND state IN ('new', 'pending', 'failed', 'held')",
        values | users | {"approval_id": approval_id},
    )
    return approval_id, len(chosen)


def assert_one(connection: Connection[DictRow], asserted: Asserted) -> str | None:
    """A finding by a person's word; the state that stands in its way, None where none does."""
    values = vars(asserted)
    row = connection.execute(
        "INSERT INTO operations.missed_certificate AS held (user_id, course_id, batch_id,"
        " template_id, version_id, certificate_type, template_name, completed_at, state, reason,"
        " flags, first_seen_at, first_seen_on, last_seen_at, source, asked_by, asked_because)"
        " VALUES (%(user_id)s, %(course_id)s, %(batch_id)s, %(template_id)s, %(version_id)s,"
        " %(certificate_type)s, %(template_name)s, %(completed_at)s, 'pending', 'manual', '{}',"
        " %(now)s, %(today)s, %(now)s, 'command', %(asked_by)s, %(asked_because)s)"
        " ON CONFLICT (batch_id, user_id, template_id, course_id) DO UPDATE SET"
        " version_id = EXCLUDED.version_id, completed_at = EXCLUDED.completed_at,"
        " state = 'pending', reason = 'manual', source = 'command', approval_id = NULL,"
        " asked_by = EXCLUDED.asked_by, asked_because = EXCLUDED.asked_because,"
        " last_seen_at = EXCLUDED.last_seen_at, failure = NULL"
        " WHERE held.state IN ('held', 'rejected', 'resolved', 'failed')"
        " RETURNING state",
        values,
    ).fetchone()
    if row is not None:
        return None
    found = connection.execute(
        "SELECT state FROM operations.missed_certificate WHERE batch_id = %(batch_id)s"
        " AND user_id = %(user_id)s AND template_id = %(template_id)s"
        " AND course_id = %(course_id)s",
        values,
    ).fetchone()
    return str(found["state"]) if found else None
