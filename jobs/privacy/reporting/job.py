"""Who has whose data: the files that hold a learner, and the learners that a request touched."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.errors import RequestError
from jobs.storage import exhaust_files
from jobs.storage.audit import Entry, append
from jobs.storage.store import Store

log = structlog.get_logger()

# What became of a file, from the audit log: who asked and why, who got it and when, how often
# its link was opened.
HANDLING = """
SELECT
    file_id,
    max(asked_by) FILTER (WHERE event = 'file_published') AS asked_by,
    max(channel) FILTER (WHERE event = 'file_published') AS channel,
    max(purpose) FILTER (WHERE event = 'file_published') AS purpose,
    (array_agg(column_names) FILTER (WHERE event = 'file_published'))[1] AS columns,
    string_agg(DISTINCT coalesce(recipient_user_id, recipient_role), ' ')
    FILTER (WHERE event IN ('mail_sent', 'mail_held')) AS recipients,
    min(happened_at) FILTER (WHERE event = 'mail_sent') AS mailed_at,
    min(happened_at) FILTER (WHERE event = 'mail_held') AS held_at,
    count(*) FILTER (WHERE event = 'link_opened') AS openings
FROM operations.audit_log
WHERE file_id = ANY(%s)
GROUP BY file_id
"""
UNKNOWN: dict[str, Any] = {"mailed_at": None, "held_at": None, "openings": 0}


@dataclass(frozen=True)
class Breach:
    """Whom a request's files touch: the files, and each learner once."""

    files: list[dict[str, Any]]
    learners: list[str]


def report_learner(
    store: Store, user_id: str, *, asked_by: str, now: datetime
) -> list[dict[str, Any]]:
    """Every file that holds, or held, a learner; that it was asked for is in the audit log too."""
    with store.transaction() as connection:
        files = told(connection, exhaust_files.holding(connection, user_id))
        asked = Entry(
            event="learner_reported",
            asked_by=asked_by,
            subject_user_id=user_id,
            details={"files": len(files)},
        )
        append(connection, asked, now)
    log.info("learner_reported", files=len(files))
    return files


def report_request(
    store: Store, request_id: str, *, tag: str | None, asked_by: str, now: datetime
) -> Breach:
    """Whom the files of a request touch; RequestError where no file was ever made for it."""
    with store.transaction() as connection:
        files = exhaust_files.of_request(connection, request_id, tag)
        if not files:
            raise RequestError(
                f"No file was made for the request {request_id}"
                f"{f' with the tag {tag}' if tag else ''}. Look it up by `python -m jobs requests`;"
                " what was made before the audit log began is not known here."
            )
        learners = exhaust_files.learners_of(connection, [file["file_id"] for file in files])
        found = Breach(told(connection, files), learners)
        asked = Entry(
            event="request_reported",
            asked_by=asked_by,
            tag=tag,
            request_id=request_id,
            details={"files": len(files), "learners": len(learners)},
        )
        append(connection, asked, now)
    log.info("request_reported", request_id=request_id, files=len(files), learners=len(learners))
    return found


def told(connection: Connection[DictRow], files: Sequence[DictRow]) -> list[dict[str, Any]]:
    """The files with what became of each."""
    rows = connection.execute(HANDLING, [[file["file_id"] for file in files]]).fetchall()
    handling = {row["file_id"]: row for row in rows}
    return [line_of(file, handling.get(file["file_id"], UNKNOWN)) for file in files]


def line_of(file: DictRow, handling: dict[str, Any]) -> dict[str, Any]:
    removed = file["removed_at"]
    return {
        "made_at": minute(file["made_at"]),
        "job_id": file["job_id"],
        "batch_id": file["batch_id"],
        "request_id": file["request_id"],
        "learners": file["learner_count"],
        "asked_by": handling.get("asked_by"),
        "tenant": handling.get("channel"),
        "purpose": handling.get("purpose"),
        "recipients": handling.get("recipients"),
        "mailed_at": minute(handling["mailed_at"]) or unclear(handling["held_at"]),
        "openings": handling["openings"],
        "removed": f"{minute(removed)} {file['removed_reason']}" if removed else None,
        "file_sha256": file["file_sha256"],
        "columns": "; ".join(handling.get("columns") or ()),
    }


def minute(instant: datetime | None) -> str | None:
    return f"{instant:%Y-%m-%dT%H:%MZ}" if instant else None


def unclear(held_at: datetime | None) -> str | None:
    return f"unclear, held {minute(held_at)}" if held_at else None


def write_csv(rows: Sequence[dict[str, Any]], out: TextIO) -> None:
    """Rows with a header, as a program reads them back."""
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
