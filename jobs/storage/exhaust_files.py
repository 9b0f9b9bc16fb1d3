"""The register of the files made for requests: where each is, who is in it, and when it went."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.privacy import REPLACED
from jobs.storage.erasures import refuse_erased

BUCKETS = 256


@dataclass(frozen=True)
class MadeFile:
    """A file that was put into the object store."""

    object_key: str
    file_sha256: str
    job_id: str
    tag: str
    request_id: str
    batch_id: str
    row_count: int


def bucket_of(user_id: str) -> int:
    return zlib.crc32(user_id.encode("utf-8")) % BUCKETS


def keep(
    connection: Connection[DictRow], file: MadeFile, learners: Sequence[str], now: datetime
) -> int:
    """Enter a file and who is in it, in the transaction that puts it in place; its number.

    UnavailableError where one of them was erased meanwhile: the file must be made anew.
    """
    lineage.note_made(lineage.OPERATIONS, "exhaust_file")
    refuse_erased(connection, learners)
    mark_removed(connection, object_key=file.object_key, reason=REPLACED, now=now)
    row = connection.execute(
        "INSERT INTO operations.exhaust_file (object_key, file_sha256, job_id, tag, request_id,"
        " batch_id, row_count, learner_count, made_at) VALUES (%(object_key)s, %(file_sha256)s,"
        " %(job_id)s, %(tag)s, %(request_id)s, %(batch_id)s, %(row_count)s, %(learners)s, %(now)s)"
        " RETURNING file_id",
        vars(file) | {"learners": len(learners), "now": now},
    ).fetchone()
    file_id = int(row["file_id"]) if row else 0
    by_bucket: dict[int, list[str]] = {}
    for user_id in learners:
        by_bucket.setdefault(bucket_of(user_id), []).append(user_id)
    with connection.cursor().copy(
        "COPY operations.exhaust_file_learners (bucket, file_id, user_ids) FROM STDIN"
    ) as copy:
        for bucket, user_ids in sorted(by_bucket.items()):
            copy.write_row((bucket, file_id, user_ids))
    return file_id


def mark_removed(
    connection: Connection[DictRow],
    *,
    reason: str,
    now: datetime,
    file_id: int | None = None,
    object_key: str | None = None,
) -> bool:
    """Note that a file, or whatever is under a key, is gone; whether it was there until now."""
    changed = connection.execute(
        "UPDATE operations.exhaust_file SET removed_at = %s, removed_reason = %s"
        " WHERE (file_id = %s OR object_key = %s) AND removed_at IS NULL",
        [now, reason, file_id, object_key],
    )
    return changed.rowcount > 0


def kept(connection: Connection[DictRow], object_key: str) -> DictRow | None:
    """The file that is under a key now; None where it is removed, or was never entered."""
    return connection.execute(
        "SELECT file_id, file_sha256, job_id, batch_id, row_count FROM operations.exhaust_file"
        " WHERE object_key = %s AND removed_at IS NULL",
        [object_key],
    ).fetchone()


def was_removed(connection: Connection[DictRow], object_key: str) -> bool:
    """Whether a file that was under this key was removed and none came in its place."""
    row = connection.execute(
        "SELECT bool_and(removed_at IS NOT NULL) AS is_gone FROM operations.exhaust_file"
        " WHERE object_key = %s",
        [object_key],
    ).fetchone()
    return bool(row and row["is_gone"])


def older(connection: Connection[DictRow], before: datetime) -> list[int]:
    """The files that are still there and were made before an instant."""
    rows = connection.execute(
        "SELECT file_id FROM operations.exhaust_file"
        " WHERE removed_at IS NULL AND made_at < %s ORDER BY made_at, file_id",
        [before],
    ).fetchall()
    return [row["file_id"] for row in rows]


def kept_keys(connection: Connection[DictRow]) -> set[str]:
    """The keys of all files that are there, as the register knows."""
    rows = connection.execute(
        "SELECT object_key FROM operations.exhaust_file WHERE removed_at IS NULL"
    ).fetchall()
    return {row["object_key"] for row in rows}


def holding(connection: Connection[DictRow], user_id: str) -> list[DictRow]:
    """Every file that a learner is, or was, in, the oldest first."""
    return connection.execute(
        "SELECT file.* FROM operations.exhaust_file AS file"
        " JOIN operations.exhaust_file_learners AS learners USING (file_id)"
        " WHERE learners.bucket = %s AND %s = ANY(learners.user_ids)"
        " ORDER BY file.made_at, file.file_id",
        [bucket_of(user_id), user_id],
    ).fetchall()


def of_request(
    connection: Connection[DictRow], request_id: str, tag: str | None = None
) -> list[DictRow]:
    """Every file that was made for a request, the oldest first."""
    return connection.execute(
        "SELECT * FROM operations.exhaust_file WHERE request_id = %(request_id)s"
        " AND (%(tag)s::text IS NULL OR tag = %(tag)s) ORDER BY made_at, file_id",
        {"request_id": request_id, "tag": tag},
    ).fetchall()


def learners_of(connection: Connection[DictRow], file_ids: Sequence[int]) -> list[str]:
    """The learners in these files, each once, in order."""
    rows = connection.execute(
        "SELECT DISTINCT unnest(user_ids) AS user_id FROM operations.exhaust_file_learners"
        " WHERE file_id = ANY(%s) ORDER BY user_id",
        [list(file_ids)],
    ).fetchall()
    return [row["user_id"] for row in rows]


def forget_learners(connection: Connection[DictRow], before: datetime) -> int:
    """Forget who was in the files that were removed before an instant; how many files."""
    row = connection.execute(
        "WITH gone AS (DELETE FROM operations.exhaust_file_learners USING operations.exhaust_file"
        " AS file WHERE file.file_id = exhaust_file_learners.file_id AND file.removed_at < %s"
        " RETURNING file.file_id) SELECT count(DISTINCT file_id) AS n FROM gone",
        [before],
    ).fetchone()
    return int(row["n"]) if row else 0
