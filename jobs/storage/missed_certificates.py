"""SQL of the nightly findings: staged rows become findings with a life, and problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from jobs import lineage
from jobs.storage.staging import identifiers, take_staged

# Any number that nobody else locks on the server.
LOCK = 5_381_770_007
KEY = "batch_id", "user_id", "template_id", "course_id"
SAME_KEY = sql.SQL(" AND ").join(
    sql.SQL("held.{0} = found.{0}").format(sql.Identifier(k)) for k in KEY
)
# What a person decided about stays decided while these are what they were.
SAME_FACTS = sql.SQL(
    "(held.version_id, held.completed_at, held.reason)"
    " = (found.version_id, found.completed_at, found.reason)"
)


def lock(connection: Connection[DictRow]) -> bool:
    """Whether no other night is being written; held until the transaction ends."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS free", [LOCK]).fetchone()
    return bool(row and row["free"])


def stage(
    connection: Connection[DictRow], folder: Path, name: str, like: str, columns: Sequence[str]
) -> int:
    """Take staged Parquet into a table of this transaction; returns how many rows."""
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WHERE false").format(
            sql.Identifier(name), identifiers(columns), sql.Identifier("operations", like)
        )
    )
    return take_staged(connection, folder, name, columns)


def latest_night(connection: Connection[DictRow]) -> dict[str, Any] | None:
    return connection.execute(
        "SELECT * FROM operations.missed_certificate_run ORDER BY as_of DESC LIMIT 1"
    ).fetchone()


def merge(
    connection: Connection[DictRow],
    columns: Sequence[str],
    *,
    as_of: datetime,
    held: Sequence[str],
    timezone: str,
) -> None:
    """The night's findings into those that were known: none is new twice, no decision is lost."""
    lineage.note_made(lineage.OPERATIONS, "missed_certificate")
    values = {"as_of": as_of, "held": list(held), "timezone": timezone}
    # What was issued here is no finding, whether or not the platform shows it yet.
    connection.execute(
        sql.SQL("DELETE FROM found USING operations.certificate_issued AS held WHERE {}").format(
            SAME_KEY
        )
    )
    changed = [name for name in columns if name not in KEY]
    connection.execute(
        sql.SQL(
            "UPDATE operations.missed_certificate AS held SET {updates}, last_seen_at = %(as_of)s,"
            " state = CASE"
            " WHEN held.state IN ('approved', 'rejected', 'failed') AND {same} THEN held.state"
            " WHEN found.reason = ANY(%(held)s) THEN 'held'"
            " WHEN held.first_seen_at = %(as_of)s THEN 'new'"
            " ELSE 'pending' END,"
            " approval_id = CASE WHEN {same} THEN held.approval_id END,"
            " decided_at = CASE WHEN {same} THEN held.decided_at END"
            " FROM found WHERE {key} AND held.source = 'nightly' AND held.state <> 'issued'"
        ).format(
            updates=sql.SQL(", ").join(
                sql.SQL("{0} = found.{0}").format(sql.Identifier(name)) for name in changed
            ),
            same=SAME_FACTS,
            key=SAME_KEY,
        ),
        values,
    )
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.missed_certificate ({columns}, state, first_seen_at,"
            " first_seen_on, last_seen_at, source)"
            " SELECT {columns}, CASE WHEN reason = ANY(%(held)s) THEN 'held' ELSE 'new' END,"
            " %(as_of)s, (%(as_of)s::timestamptz AT TIME ZONE %(timezone)s)::date, %(as_of)s,"
            " 'nightly' FROM found ON CONFLICT DO NOTHING"
        ).format(columns=identifiers(columns)),
        values,
    )
    connection.execute(
        "UPDATE operations.missed_certificate SET state = 'resolved', decided_at = %(as_of)s"
        " WHERE state IN ('new', 'pending', 'held', 'failed', 'approved') AND source = 'nightly'"
        " AND last_seen_at < %(as_of)s",
        values,
    )


def merge_problems(
    connection: Connection[DictRow], columns: Sequence[str], *, as_of: datetime
) -> None:
    """The list of tonight; what was on it before keeps its first night."""
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.certificate_problem AS held ({columns}, first_seen_at,"
            " last_seen_at) SELECT {columns}, %(as_of)s, %(as_of)s FROM unclear"
            " ON CONFLICT (batch_id, user_id, problem, version_id) DO UPDATE SET"
            " completed_at = EXCLUDED.completed_at, detail = EXCLUDED.detail,"
            " last_seen_at = EXCLUDED.last_seen_at"
        ).format(columns=identifiers(columns)),
        {"as_of": as_of},
    )
    connection.execute(
        "DELETE FROM operations.certificate_problem WHERE last_seen_at < %s", [as_of]
    )


def note_night(
    connection: Connection[DictRow],
    *,
    as_of: datetime,
    data_as_of: datetime,
    now: datetime,
    counts: dict[str, Any],
    report_key: str | None,
) -> None:
    connection.execute(
        "INSERT INTO operations.missed_certificate_run AS held"
        " (as_of, data_as_of, published_at, counts, report_key) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (as_of) DO UPDATE SET data_as_of = EXCLUDED.data_as_of,"
        " published_at = EXCLUDED.published_at, counts = EXCLUDED.counts,"
        " report_key = EXCLUDED.report_key",
        [as_of, data_as_of, now, Jsonb(counts), report_key],
    )


def counts(
    connection: Connection[DictRow], *, as_of: datetime, since: datetime | None
) -> dict[str, Any]:
    """What the report tells first, by name."""
    queries = {
        "by_state": "SELECT state AS name, count(*) AS n FROM operations.missed_certificate"
        " WHERE state IN ('new', 'pending', 'held', 'approved', 'failed')"
        " OR (state IN ('issued', 'resolved', 'rejected') AND decided_at > %(since)s)"
        " GROUP BY state",
        "held": "SELECT reason AS name, count(*) AS n FROM operations.missed_certificate"
        " WHERE state = 'held' GROUP BY reason",
        "failed": "SELECT failure AS name, count(*) AS n FROM operations.missed_certificate"
        " WHERE state = 'failed' GROUP BY failure",
        "problems": "SELECT problem AS name, count(*) AS n FROM operations.certificate_problem"
        " GROUP BY problem",
        "told_by_issuer": "SELECT 'failed' AS name, count(*) AS n"
        " FROM operations.missed_certificate"
        " WHERE state IN ('new', 'pending', 'held') AND failed_at IS NOT NULL"
        " HAVING count(*) > 0",
    }
    return {
        about: {
            row["name"]: row["n"]
            for row in connection.execute(
                f"SELECT * FROM ({query}) AS counted ORDER BY n DESC, name",  # noqa: S608
                {"since": since or as_of},
            ).fetchall()
        }
        for about, query in queries.items()
    }


def of_batches(connection: Connection[DictRow], *, limit: int | None = None) -> list[DictRow]:
    """What is open of each batch and template, the fullest first."""
    return connection.execute(
        "SELECT batch_id, course_id, version_id, template_name, certificate_type,"
        " count(*) FILTER (WHERE state = 'new') AS new,"
        " count(*) FILTER (WHERE state IN ('pending', 'failed')) AS pending,"
        " count(*) FILTER (WHERE state = 'held') AS held,"
        " count(*) FILTER (WHERE state = 'approved') AS approved,"
        " min(first_seen_on) AS oldest_on, min(completed_at) AS first_completed_at"
        " FROM operations.missed_certificate"
        " WHERE state IN ('new', 'pending', 'held', 'approved', 'failed')"
        " GROUP BY batch_id, course_id, version_id, template_name, certificate_type"
        " ORDER BY count(*) DESC, batch_id, version_id LIMIT %s",
        [limit],
    ).fetchall()


def open_findings(connection: Connection[DictRow], *, page: int) -> Iterator[list[DictRow]]:
    """All that waits for anything, batch by batch, some thousands at a time."""
    with connection.cursor(name="open_findings") as cursor:
        cursor.execute(
            "SELECT state, reason, batch_id, course_id, template_id, template_name,"
            " certificate_type, version_id, user_id, completed_at, first_seen_on, rule_said,"
            " flags, failed_at, cause, failure FROM operations.missed_certificate"
            " WHERE state IN ('new', 'pending', 'held', 'approved', 'failed')"
            " ORDER BY batch_id, version_id, user_id, template_id"
        )
        while rows := cursor.fetchmany(page):
            yield rows


def all_problems(connection: Connection[DictRow], *, page: int) -> Iterator[list[DictRow]]:
    with connection.cursor(name="all_problems") as cursor:
        cursor.execute(
            "SELECT problem, batch_id, course_id, version_id, user_id, completed_at, detail,"
            " first_seen_at FROM operations.certificate_problem"
            " ORDER BY problem, batch_id, user_id, version_id"
        )
        while rows := cursor.fetchmany(page):
            yield rows
