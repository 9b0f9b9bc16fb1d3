"""SQL of the issue: what was approved, what was issued, and who must hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.missed_certificates import CERTIFICATE_ISSUED
from jobs.storage import certificate_ledger

# Any number that nobody else locks on the server.
LOCK = 5_381_770_008
KEY = ("batch_id", "user_id", "template_id", "course_id")


def lock(connection: Connection[DictRow]) -> bool:
    """Whether nobody else issues; held until the transaction ends."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS free", [LOCK]).fetchone()
    return bool(row and row["free"])


def versions_named(
    connection: Connection[DictRow],
    version_ids: Sequence[str] = (),
    *,
    template_id: str | None = None,
) -> dict[str, dict[str, Any]]:
    """Versions of the ledger by their ids, or all of a template."""
    rows = certificate_ledger.read(
        connection,
        sql.SQL("version_id = ANY(%(ids)s) OR template_id = %(template_id)s"),
        {"ids": list(version_ids), "template_id": template_id},
    )
    return {row["version_id"]: row for row in rows}


def issued_to(
    connection: Connection[DictRow], user_id: str, course_id: str, batch_id: str, template_id: str
) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM operations.certificate_issued WHERE batch_id = %s"
        " AND user_id = %s AND template_id = %s AND course_id = %s) AS held",
        [batch_id, user_id, template_id, course_id],
    ).fetchone()
    return bool(row and row["held"])


def approved(connection: Connection[DictRow], *, limit: int) -> list[DictRow]:
    """What may be issued, version by version; each with the version that is to be issued."""
    return connection.execute(
        "SELECT missed.user_id, missed.course_id, missed.batch_id, missed.template_id,"
        " missed.certificate_type, missed.template_name, missed.completed_at, missed.reason,"
        " missed.replaces_id, missed.approval_id, missed.version_id AS earned_version_id,"
        " COALESCE(approval.issue_version_id, missed.version_id) AS version_id"
        " FROM operations.missed_certificate AS missed"
        " INNER JOIN operations.certificate_approval AS approval"
        " ON missed.approval_id = approval.approval_id AND approval.decision = 'approved'"
        " WHERE missed.state = 'approved'"
        " ORDER BY missed.version_id, missed.batch_id, missed.user_id, missed.template_id"
        " LIMIT %s",
        [limit],
    ).fetchall()


def keep_issued(
    connection: Connection[DictRow],
    rows: Sequence[Mapping[str, Any]],
    targets: Sequence[str],
    *,
    now: datetime,
) -> None:
    """The certificates are issued and the duty to tell of each arises, in one transaction."""
    lineage.note_made(lineage.OPERATIONS, CERTIFICATE_ISSUED.name)
    columns = CERTIFICATE_ISSUED.columns
    statement = sql.SQL(
        "INSERT INTO operations.certificate_issued ({}) VALUES ({}) ON CONFLICT DO NOTHING"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [{name: row.get(name) for name in columns} for row in rows])
        cursor.executemany(
            "UPDATE operations.missed_certificate SET state = 'issued', failure = NULL,"
            " certificate_id = %(certificate_id)s, decided_at = %(now)s"
            " WHERE batch_id = %(batch_id)s AND user_id = %(user_id)s"
            " AND template_id = %(template_id)s AND course_id = %(course_id)s",
            [dict(row) | {"now": now} for row in rows],
        )
        cursor.executemany(
            "INSERT INTO operations.certificate_event"
            " (certificate_id, target, attempts, next_attempt_at) VALUES (%s, %s, 0, %s)"
            " ON CONFLICT DO NOTHING",
            [(row["certificate_id"], target, now) for row in rows for target in targets],
        )


def settle(
    connection: Connection[DictRow],
    rows: Sequence[Mapping[str, Any]],
    *,
    state: str,
    failure: str | None,
    now: datetime,
) -> None:
    """Approved and not issued: `failed` with a code, or `resolved`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE operations.missed_certificate SET state = %(state)s, failure = %(failure)s,"
            " decided_at = %(now)s WHERE batch_id = %(batch_id)s AND user_id = %(user_id)s"
            " AND template_id = %(template_id)s AND course_id = %(course_id)s"
            " AND state = 'approved'",
            [dict(row) | {"state": state, "failure": failure, "now": now} for row in rows],
        )


def due_events(
    connection: Connection[DictRow], target: str, *, now: datetime, limit: int
) -> list[DictRow]:
    """Duties whose time has come, each with the certificate that it tells of."""
    return connection.execute(
        "SELECT event.attempts, issued.* FROM operations.certificate_event AS event"
        " INNER JOIN operations.certificate_issued AS issued"
        " ON event.certificate_id = issued.certificate_id"
        " WHERE event.target = %s AND event.told_at IS NULL AND event.next_attempt_at <= %s"
        " ORDER BY event.next_attempt_at, event.certificate_id LIMIT %s",
        [target, now, limit],
    ).fetchall()


def note_event(
    connection: Connection[DictRow],
    target: str,
    certificate_id: str,
    *,
    answer: str,
    next_attempt_at: datetime | None,
    now: datetime,
) -> None:
    """Told, where there is no next attempt; else to be tried again then."""
    connection.execute(
        "UPDATE operations.certificate_event SET attempts = attempts + 1, last_answer = %s,"
        " next_attempt_at = %s, told_at = CASE WHEN %s::timestamptz IS NULL THEN %s END"
        " WHERE certificate_id = %s AND target = %s",
        [answer, next_attempt_at, next_attempt_at, now, certificate_id, target],
    )


def untold(connection: Connection[DictRow]) -> dict[str, int]:
    """How many events wait, by target."""
    rows = connection.execute(
        "SELECT target, count(*) AS n FROM operations.certificate_event"
        " WHERE told_at IS NULL GROUP BY target ORDER BY target"
    ).fetchall()
    return {row["target"]: row["n"] for row in rows}
