"""Notes what became of a file and puts the answer into the outbox, in the caller's transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid5

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.delivery.authorisation import Requester
from jobs.delivery.outbox import NAMESPACE, TEAM
from jobs.settings import Settings
from jobs.storage import adoptions as table
from jobs.storage import deliveries
from jobs.storage.objects import Objects
from jobs.textbooks.adoption.answering.facts import adoption_facts
from jobs.textbooks.adoption.difference import NEW, UNCHANGED, UPDATED
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.adoption.outcome import Outcome
from jobs.textbooks.adoption.papers import difference_file, findings_file

log = structlog.get_logger()

KIND = "textbook_adoption"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Answer:
    """What is answered, to whom, and about which file."""

    order: Order
    channel: str
    state: str | None
    adopter: Requester | None
    outcome: Outcome
    intake_id: str
    data_as_of: datetime | None


def answer(
    settings: Settings,
    connection: Connection[DictRow],
    objects: Objects,
    aside: Path,
    said: Answer,
    *,
    now: datetime,
) -> None:
    table.note_file(connection, file_row(said, now))
    # Nobody to write to but the team, where the platform knows no active user of this id.
    is_known = said.adopter is not None and said.adopter.is_active
    if not is_known and settings.team_address is None:
        log.warning("adoption file: neither the adopter nor the team has a mailbox")
        return
    facts = adoption_facts(
        said.outcome,
        file_name=shown_name(said.order),
        tenant_name=said.state or said.channel,
        taken_at=now,
        data_as_of=said.data_as_of,
        language=settings.language,
    )
    deliveries.enqueue(
        connection,
        delivery_id=str(uuid5(NAMESPACE, f"{KIND}|{said.intake_id}")),
        kind=KIND,
        recipient_user_id=said.order.adopter_id if is_known else None,
        recipient_role=None if is_known else TEAM,
        tag=None,
        request_id=None,
        facts=facts.model_dump(mode="json"),
        attachments=attachments(objects, aside, said),
        is_personal=False,
        now=now,
    )


def shown_name(order: Order) -> str:
    """The file's name as it can be kept: on a disk a name may be any bytes."""
    return order.file_name.encode("utf-8", "replace").decode()[:LONGEST_NAME]


def file_row(said: Answer, now: datetime) -> dict[str, Any]:
    order, outcome = said.order, said.outcome
    counts = outcome.counts
    return {
        "intake_id": said.intake_id,
        "file_id": order.file_id,
        "file_name": shown_name(order),
        "adopting_channel": said.channel,
        "adopter_id": order.adopter_id,
        "mode": outcome.mode,
        "board": order.board,
        "status": outcome.status,
        "refused_because": outcome.refusal.code if outcome.refusal else None,
        "row_count": counts["rows"],
        "applied_count": counts[NEW] + counts[UPDATED],
        "unchanged_count": counts[UNCHANGED],
        "rejected_count": counts["rejected"],
        "error_count": counts["errors"],
        "warning_count": counts["warnings"],
        "taken_at": now,
    }


def attachments(objects: Objects, aside: Path, said: Answer) -> list[dict[str, Any]]:
    """What was found on the rows, and what changed; a file with nothing to say is none."""
    outcome, name = said.outcome, shown_name(said.order)
    stem = Path(name).stem or "adoption"
    files = {}
    if outcome.findings:
        files["errors.csv"] = findings_file(name, outcome.findings)
    if outcome.changes:
        files["changes.csv"] = difference_file(name, outcome.changes, outcome.names)
    told = []
    for ending, data in files.items():
        path = aside / ending
        path.write_bytes(data)
        key = f"adoptions/{said.intake_id}/{ending}"
        objects.put(key, path)
        told.append(
            {
                "key": key,
                "file_name": f"{stem}-{ending}",
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    return told
