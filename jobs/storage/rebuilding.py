"""Requests whose files went: an open one builds them anew, an answered one says when they went."""

from __future__ import annotations

import json
from datetime import datetime

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.request_rows import entries_of, shortened

ENDED = ("SUCCESS", "FAILED")
REMOVED = "removed"


def ask_again(
    connection: Connection[DictRow], *, table: str, tag: str, request_id: str
) -> DictRow | None:
    """An answered request back into the queue, to be built anew; None where it is not answered.

    Its promise still counts from the first asking, and no try is spent.
    """
    return connection.execute(
        sql.SQL(
            "UPDATE public.{} SET status = 'SUBMITTED', dt_job_completed = NULL,"
            " err_message = NULL, processed_batches = NULL, download_urls = NULL"
            " WHERE tag = %s AND request_id = %s AND status = 'SUCCESS' RETURNING request_id"
        ).format(sql.Identifier(table)),
        [tag, request_id],
    ).fetchone()


def lock_requests(
    connection: Connection[DictRow], *, table: str, tag: str, request_id: str, object_key: str
) -> list[DictRow]:
    """The request that a file was made for, and equal ones that share it; locked meanwhile."""
    return connection.execute(
        sql.SQL(
            "SELECT tag, request_id, status, processed_batches, download_urls FROM public.{}"
            " WHERE tag = %s AND (request_id = %s OR %s = ANY(download_urls))"
            " ORDER BY request_id FOR UPDATE"
        ).format(sql.Identifier(table)),
        [tag, request_id, object_key],
    ).fetchall()


def say_removed(
    connection: Connection[DictRow],
    row: DictRow,
    *,
    table: str,
    object_key: str,
    said: str,
    now: datetime,
) -> None:
    """Take a file out of a request's row: it is built anew, or says why there is none."""
    entries = entries_of(row["processed_batches"])
    is_ended = row["status"] in ENDED
    kept = [entry for entry in entries if not names(entry, object_key)]
    if is_ended:
        gone = {"outcome": REMOVED, "removedAt": now.isoformat()}
        kept = [entry if entry in kept else entry | gone for entry in entries]
    urls = [url for url in row["download_urls"] or [] if url != object_key]
    connection.execute(
        sql.SQL(
            "UPDATE public.{} SET processed_batches = %(entries)s, download_urls = %(urls)s,"
            " err_message = CASE WHEN %(is_told)s THEN %(said)s ELSE err_message END"
            " WHERE tag = %(tag)s AND request_id = %(request_id)s"
        ).format(sql.Identifier(table)),
        {
            "entries": json.dumps(kept) if entries else None,
            "urls": urls or None,
            "is_told": row["status"] == "SUCCESS" and not urls,
            "said": shortened(said),
            "tag": row["tag"],
            "request_id": row["request_id"],
        },
    )


def names(entry: dict[str, object], object_key: str) -> bool:
    """Whether an entry names the file, as one of its parts too."""
    return json.dumps(object_key) in json.dumps(entry)
