"""SQL of the proposals to mend enrolments: a run's findings, and what people approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.staging import identifiers, take_staged

KEY = ("batch_id", "user_id", "course_id", "problem")
SAME_KEY = sql.SQL(" AND ").join(
    sql.SQL("held.{0} = found.{0}").format(sql.Identifier(name)) for name in KEY
)
# What a person approved stays approved while it is what it was.
SAME_PROPOSAL = (
    "(held.proposed_value, held.stale_contents) IS NOT DISTINCT FROM"
    " (found.proposed_value, found.stale_contents)"
)
# Any number that nobody else locks on the server.
LOCK = 5_381_770_014


def lock(connection: Connection[DictRow]) -> None:
    """One run writes proposals at a time; held until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def merge(
    connection: Connection[DictRow],
    folder: Path,
    columns: Sequence[str],
    *,
    as_of: datetime,
    data_as_of: datetime,
) -> int:
    """A run's findings into those that are known; what it did not find again is resolved.

    Returns how many it found. A run over older data than the last one's changes nothing.
    """
    lock(connection)
    newest = connection.execute(
        "SELECT max(data_as_of) AS at FROM operations.enrolment_repair"
    ).fetchone()
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE repairs_found ON COMMIT DROP AS"
            " SELECT {} FROM operations.enrolment_repair WHERE false"
        ).format(identifiers(columns))
    )
    rows = take_staged(connection, folder, "repairs_found", columns)
    if newest and newest["at"] is not None and newest["at"] > data_as_of:
        return rows
    values = {"as_of": as_of, "data_as_of": data_as_of}
    changed = [name for name in columns if name not in KEY]
    connection.execute(
        sql.SQL(
            "UPDATE operations.enrolment_repair AS held SET {updates}, last_seen_at = %(as_of)s,"
            " data_as_of = %(data_as_of)s,"
            " state = CASE WHEN held.state = 'approved' AND {same} THEN 'approved' ELSE {fresh} END"
            " FROM repairs_found AS found WHERE {key}"
        ).format(
            updates=sql.SQL(", ").join(
                sql.SQL("{0} = found.{0}").format(sql.Identifier(name)) for name in changed
            ),
            same=sql.SQL(SAME_PROPOSAL),
            fresh=sql.SQL(FRESH),
            key=SAME_KEY,
        ),
        values,
    )
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.enrolment_repair"
            " ({columns}, data_as_of, state, first_seen_at, last_seen_at)"
            " SELECT {columns}, %(data_as_of)s, {fresh}, %(as_of)s, %(as_of)s"
            " FROM repairs_found AS found ON CONFLICT DO NOTHING"
        ).format(columns=identifiers(columns), fresh=sql.SQL(FRESH)),
        values,
    )
    connection.execute(
        sql.SQL(
            "UPDATE operations.enrolment_repair AS held SET state = 'resolved',"
            " last_seen_at = %(as_of)s, data_as_of = %(data_as_of)s WHERE state <> 'resolved'"
            " AND NOT EXISTS (SELECT FROM repairs_found AS found WHERE {key})"
        ).format(key=SAME_KEY),
        values,
    )
    return rows


# Where nothing is known, a person must find it out.
FRESH = (
    "CASE WHEN found.proposed_value IS NULL AND found.stale_contents IS NULL"
    " THEN 'unknown' ELSE 'proposed' END"
)


def approve(
    connection: Connection[DictRow], *, batch_id: str | None, by: str, now: datetime
) -> int:
    """Approve what is proposed, of one batch or of all; returns how many."""
    return connection.execute(
        "UPDATE operations.enrolment_repair SET state = 'approved', approved_at = %(now)s,"
        " approved_by = %(by)s WHERE state = 'proposed'"
        " AND (%(batch_id)s::text IS NULL OR batch_id = %(batch_id)s)",
        {"now": now, "by": by, "batch_id": batch_id},
    ).rowcount


def counts(connection: Connection[DictRow]) -> dict[str, int]:
    """What waits for somebody, by problem; what is unknown apart."""
    rows = connection.execute(
        "SELECT problem || CASE WHEN state = 'unknown' THEN '_unknown' ELSE '' END AS name,"
        " count(*) AS n FROM operations.enrolment_repair WHERE state <> 'resolved'"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return {row["name"]: row["n"] for row in rows}


def rows(
    connection: Connection[DictRow],
    *,
    page: int,
    states: Sequence[str],
    batch_id: str | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """The proposals in these states, batch by batch, some thousands at a time."""
    with connection.cursor(name="enrolment_repairs") as cursor:
        cursor.execute(
            "SELECT * FROM operations.enrolment_repair WHERE state = ANY(%(states)s)"
            " AND (%(batch_id)s::text IS NULL OR batch_id = %(batch_id)s)"
            " ORDER BY batch_id, user_id, course_id, problem",
            {"states": list(states), "batch_id": batch_id},
        )
        while found := cursor.fetchmany(page):
            yield found
