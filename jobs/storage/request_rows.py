"""A row of the request queue as Python holds it.

Sunbird's own table may hold JSON as text and instants without a zone (UTC): both are read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.rows import DictRow

MESSAGE_LENGTH = 300
COLUMNS = (
    "tag", "request_id", "job_id", "status", "request_data", "requested_by", "requested_channel",
    "dt_job_submitted", "dt_job_completed", "iteration", "encryption_key", "processed_batches",
    "err_message",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One row of the queue."""

    tag: str
    request_id: str
    job_id: str
    status: str
    request_data: Any
    requested_by: str | None
    requested_channel: str | None
    submitted_at: datetime | None
    completed_at: datetime | None
    iteration: int
    encryption_key: str | None = field(repr=False)
    processed_batches: list[dict[str, Any]]
    message: str | None


def request_of(row: DictRow) -> Request:
    return Request(
        tag=row["tag"],
        request_id=row["request_id"],
        job_id=row["job_id"],
        status=row["status"],
        request_data=row["request_data"],
        requested_by=row["requested_by"],
        requested_channel=row["requested_channel"],
        submitted_at=in_utc(row["dt_job_submitted"]),
        completed_at=in_utc(row["dt_job_completed"]),
        iteration=row["iteration"] or 0,
        encryption_key=row["encryption_key"],
        processed_batches=entries_of(row["processed_batches"]),
        message=row["err_message"],
    )


def entries_of(processed: Any) -> list[dict[str, Any]]:
    if isinstance(processed, str):
        try:
            processed = json.loads(processed)
        except ValueError:
            # What was done before cannot be known: it is done again.
            return []
    return [entry for entry in processed or [] if isinstance(entry, dict)]


def in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def shortened(message: str) -> str:
    return message if len(message) <= MESSAGE_LENGTH else f"{message[: MESSAGE_LENGTH - 1]}…"


def milliseconds(spent: timedelta) -> int:
    return max(0, spent // timedelta(milliseconds=1))
