"""SQL of the tables `batch_status`, `batch_status_change` and `batch_status_publication`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.contracts.batches import BATCH_STATUS, COURSE
from jobs.storage.staging import identifiers, take_staged

# Any number that nobody else locks on the server.
LOCK = 5_381_770_004
STORED = [name for name in BATCH_STATUS.columns if name != "changed_at"]
HELD_TYPES = {
    "batch_id": pa.string(),
    "held_course_id": pa.string(),
    "held_status": pa.int32(),
    "held_platform_status": pa.int32(),
    "held_fingerprint": pa.int64(),
}


def lock(connection: Connection[DictRow]) -> bool:
    """Whether no other run is at work; held until the connection's transaction ends."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS free", [LOCK]).fetchone()
    return bool(row and row["free"])


def export_held(connection: Connection[DictRow], file: Path) -> None:
    """What the last run left, as Parquet for Spark to compare with."""
    text = io.BytesIO()
    with connection.cursor().copy(
        "COPY (SELECT batch_id, course_id, status, platform_status, fingerprint"
        " FROM operations.batch_status) TO STDOUT (FORMAT csv, FORCE_QUOTE (batch_id, course_id))"
    ) as rows:
        for block in rows:
            text.write(block)
    file.parent.mkdir(parents=True, exist_ok=True)
    if text.tell() == 0:
        empty = pa.schema(list(HELD_TYPES.items())).empty_table()
        pq.write_table(empty, file)
        return
    text.seek(0)
    table = pa_csv.read_csv(
        text,
        read_options=pa_csv.ReadOptions(column_names=list(HELD_TYPES)),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=HELD_TYPES, strings_can_be_null=True, quoted_strings_can_be_null=False,
            null_values=[""],
        ),
    )  # fmt: skip
    pq.write_table(table, file)


def stage(connection: Connection[DictRow], folder: Path, columns: Sequence[str]) -> int:
    """Take the rows that must be written into a table of this transaction; returns how many."""
    connection.execute(
        "CREATE TEMPORARY TABLE moved ON COMMIT DROP AS"
        " SELECT batch_status.*, 0 AS from_status, '' AS reason"
        " FROM operations.batch_status WHERE false"
    )
    return take_staged(connection, folder, "moved", columns)


def write_moves(connection: Connection[DictRow], *, at: datetime, now: datetime) -> None:
    """Bring `batch_status` up to date, and say in `batch_status_change` what changed."""
    columns = identifiers(STORED)
    updates = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in STORED
    )
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.batch_status AS held ({columns}, changed_at)"
            " SELECT {columns}, CASE WHEN reason IS NOT NULL THEN %(at)s END"
            " FROM moved WHERE status IS NOT NULL"
            " ON CONFLICT (batch_id) DO UPDATE SET {updates},"
            " changed_at = COALESCE(EXCLUDED.changed_at, held.changed_at)"
        ).format(columns=columns, updates=updates),
        {"at": at},
    )
    connection.execute(
        "DELETE FROM operations.batch_status AS held USING moved"
        " WHERE held.batch_id = moved.batch_id AND moved.status IS NULL"
    )
    connection.execute(
        "INSERT INTO operations.batch_status_change"
        " (batch_id, course_id, from_status, to_status, reason, judged_for, written_at)"
        " SELECT batch_id, course_id, from_status, status, reason, %s, %s"
        " FROM moved WHERE reason IS NOT NULL ORDER BY batch_id",
        [at, now],
    )


def oblige(connection: Connection[DictRow], targets: Iterable[str], *, now: datetime) -> None:
    """A duty per batch or course that changed and configured target; an open one starts anew."""
    for target in targets:
        subject = "course_id" if target == COURSE else "batch_id"
        # What is gone has no status to tell, but its course has one batch less.
        which = "" if target == COURSE else " AND status IS NOT NULL"
        connection.execute(
            "INSERT INTO operations.batch_status_publication AS open"  # noqa: S608 -- our own words
            " (target, subject_id, course_id, revision, since, attempts, next_attempt_at)"
            f" SELECT DISTINCT %(target)s, {subject}, course_id, 1, %(now)s::timestamptz, 0,"
            f" %(now)s::timestamptz FROM moved WHERE reason IS NOT NULL{which}"
            " ON CONFLICT (target, subject_id) DO UPDATE SET revision = open.revision + 1,"
            " attempts = 0, next_attempt_at = EXCLUDED.next_attempt_at",
            {"target": target, "now": now},
        )
    connection.execute(
        "DELETE FROM operations.batch_status_publication AS open USING moved"
        " WHERE open.subject_id = moved.batch_id AND open.target <> %s AND moved.status IS NULL",
        [COURSE],
    )


def counts(connection: Connection[DictRow]) -> dict[str, dict[str, int]]:
    """Of the staged rows: changes by reason; of all batches: by status, and problems."""
    queries = {
        "moved": "SELECT reason AS name, count(*) AS n FROM moved"
        " WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason",
        "by_status": "SELECT status::text AS name, count(*) AS n FROM operations.batch_status"
        " GROUP BY status ORDER BY status",
        "problems": "SELECT problem AS name, count(*) AS n FROM operations.batch_status"
        " WHERE problem IS NOT NULL GROUP BY problem ORDER BY problem",
    }
    return {
        about: {row["name"]: row["n"] for row in connection.execute(query).fetchall()}
        for about, query in queries.items()
    }


def due(
    connection: Connection[DictRow], target: str, *, now: datetime, limit: int
) -> list[dict[str, Any]]:
    """Duties whose time has come, the oldest first, with the status that is right now."""
    return connection.execute(
        "SELECT open.subject_id, open.course_id, open.revision, open.attempts, held.status"
        " FROM operations.batch_status_publication AS open"
        " LEFT JOIN operations.batch_status AS held ON held.batch_id = open.subject_id"
        " WHERE open.target = %s AND open.next_attempt_at <= %s"
        " ORDER BY open.next_attempt_at, open.subject_id LIMIT %s",
        [target, now, limit],
    ).fetchall()


def batches_of_courses(
    connection: Connection[DictRow], course_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The batches of each course that have not ended, in the order of their ids."""
    found: dict[str, list[dict[str, Any]]] = {course_id: [] for course_id in course_ids}
    for row in connection.execute(
        "SELECT course_id, batch_id, batch_name, status, start_on, end_on, enrolment_end_on,"
        " enrolment_type, created_for FROM operations.batch_status"
        " WHERE status < 2 AND course_id = ANY(%s) ORDER BY course_id, batch_id",
        [list(course_ids)],
    ):
        found[row["course_id"]].append(row)
    return found


def settle(connection: Connection[DictRow], target: str, done: Sequence[tuple[str, int]]) -> None:
    """The target took them; a duty that grew meanwhile stays."""
    connection.execute(
        "DELETE FROM operations.batch_status_publication AS open"
        " USING unnest(%s::text[], %s::bigint[]) AS done (subject_id, revision)"
        " WHERE open.target = %s AND open.subject_id = done.subject_id"
        " AND open.revision = done.revision",
        [[one[0] for one in done], [one[1] for one in done], target],
    )


def put_off(
    connection: Connection[DictRow],
    target: str,
    failed: Sequence[tuple[str, int, datetime, str]],
) -> None:
    """(subject, revision, next attempt, answer): tried in vain, and due again then."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE operations.batch_status_publication SET attempts = attempts + 1,"
            " next_attempt_at = %s, last_answer = %s"
            " WHERE target = %s AND subject_id = %s AND revision = %s",
            [(then, said, target, subject, revision) for subject, revision, then, said in failed],
        )
