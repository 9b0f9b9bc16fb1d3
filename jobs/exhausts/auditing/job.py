"""Writes into the audit log which files a request was answered with, and what allowed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.exhausts import answers
from jobs.storage.audit import Entry, append
from jobs.storage.exhaust_files import kept
from jobs.storage.request_rows import Request

# What an entry says of the consents that counted.
CONSENT = ("consentSnapshotId", "consentCheckedAt", "learnersSha256")


def audit_published(
    connection: Connection[DictRow],
    request: Request,
    entries: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    """A row per file, in the transaction that answers the request."""
    for entry in answers.built(entries):
        for file in answers.attachments_of([entry]):
            held = kept(connection, file["key"]) or {}
            append(
                connection,
                Entry(
                    event="file_published",
                    asked_by=request.requested_by,
                    tag=request.tag,
                    request_id=request.request_id,
                    job_id=request.job_id,
                    channel=request.requested_channel,
                    purpose=entry.get("purpose"),
                    batch_id=entry["batchId"],
                    file_id=held.get("file_id"),
                    file_sha256=file["sha256"],
                    row_count=held.get("row_count", entry["rowCount"]),
                    column_names=[column["header"] for column in entry["facts"]["columns"]],
                    consent={name: entry[name] for name in CONSENT if entry.get(name)} or None,
                ),
                now,
            )
