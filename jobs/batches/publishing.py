"""What each target of the LMS is told about batches, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# A target that refuses needs a person; it is asked again in the next run, then less and less.
FIRST_WAIT_REFUSED, LONGEST_WAIT_REFUSED = timedelta(minutes=25), timedelta(hours=24)
# Too early, too slow or too many: the same request may be taken later.
PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Outcome:
    """What became of one duty: done, refused by the target, or not answered in time."""

    is_done: bool
    is_refused: bool
    said: str


def outcome_of(status: int | None, said: str) -> Outcome:
    """What an HTTP status means; None is no answer at all."""
    if status is None:
        return Outcome(False, False, said)
    is_done = 200 <= status < 300
    is_refused = not is_done and status < 500 and status not in PASSING
    return Outcome(is_done, is_refused, f"HTTP {status}")


def next_attempt(outcome: Outcome, *, attempts: int, now: datetime) -> datetime:
    """When a duty that failed for the n-th time is due again."""
    first, longest = (
        (FIRST_WAIT_REFUSED, LONGEST_WAIT_REFUSED)
        if outcome.is_refused
        else (FIRST_WAIT, LONGEST_WAIT)
    )
    wait: timedelta = first * 2 ** min(attempts - 1, 16)
    return now + min(longest, wait)


def search_body(statuses: Sequence[tuple[str, int]], *, index: str) -> bytes:
    """A bulk request: the status of each batch, nothing else of its document."""
    lines = [
        json.dumps(part)
        for batch_id, status in statuses
        for part in (
            {"update": {"_index": index, "_id": batch_id}},
            {"doc": {"status": status}},
        )
    ]
    return ("\n".join(lines) + "\n").encode()


def search_outcomes(
    batch_ids: Sequence[str], *, status: int | None, body: bytes, said: str
) -> dict[str, Outcome]:
    """The outcome of each batch of a bulk request: it is taken or refused one by one."""
    whole = outcome_of(status, said)
    if not whole.is_done:
        return dict.fromkeys(batch_ids, whole)
    told = {str(item.get("_id")): item for item in items_of(body)}
    unreadable = Outcome(False, False, "an answer that names no status for it")
    return {
        batch_id: item_outcome(told[batch_id]) if batch_id in told else unreadable
        for batch_id in batch_ids
    }


def item_outcome(item: Mapping[str, Any]) -> Outcome:
    status = item.get("status")
    return outcome_of(status if isinstance(status, int) else None, "an answer without a status")


def items_of(body: bytes) -> list[dict[str, Any]]:
    try:
        items = json.loads(body)["items"]
        return [item["update"] for item in items if isinstance(item.get("update"), dict)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def course_path(course_id: str) -> str:
    return f"/system/v3/content/update/{quote(course_id, safe='')}"


def course_body(batches: Sequence[Mapping[str, Any]]) -> bytes:
    """The course's batches that have not ended; null where none is left, as the platform has it."""
    listed = [course_entry(batch) for batch in batches]
    return json.dumps({"request": {"content": {"batches": listed or None}}}).encode()


def course_entry(batch: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "batchId": batch["batch_id"],
        "name": batch["batch_name"],
        "status": batch["status"],
        "startDate": day_text(batch["start_on"]),
        "endDate": day_text(batch["end_on"]),
        "enrollmentEndDate": day_text(batch["enrolment_end_on"]),
        "enrollmentType": batch["enrolment_type"],
        "createdFor": batch["created_for"],
    }


def day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def course_outcome(*, status: int | None, body: bytes, said: str) -> Outcome:
    """The platform tells some failures with HTTP 200 and a code of its own."""
    whole = outcome_of(status, said)
    if not whole.is_done:
        return whole
    try:
        code = json.loads(body).get("responseCode", "OK") if body.strip() else "OK"
    except (ValueError, AttributeError):
        return Outcome(False, False, "an answer that is not JSON")
    if code == "OK":
        return whole
    is_refused = code in ("CLIENT_ERROR", "RESOURCE_NOT_FOUND")
    return Outcome(False, is_refused, f"HTTP {status}, {str(code)[:40]}")
