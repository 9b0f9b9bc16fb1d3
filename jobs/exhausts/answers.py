"""What a request's answer holds: its files, the facts for its message, and the names of both.

An entry is what `processed_batches` keeps of one batch: Sunbird's keys (channel, batchId, filePath,
fileSize) and ours, so that another process can go on where one stopped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jobs.contracts.protection import PASSWORD, PLAIN, SECURITY_LEVELS
from jobs.delivery.facts import AnswerFacts, Attachment, BatchFacts, ColumnFacts, ExhaustFacts
from jobs.exhausts.layout import Column
from jobs.exhausts.requests import KINDS
from jobs.exhausts.selection import CutCounts

BUILT, UNKNOWN, RETIRED, FOUND = "built", "unknown", "retired", "found"
NAME_LENGTH = 34


@dataclass
class Filled:
    """What one batch's archive holds: counts, names of its files, and notes for the message."""

    counts: CutCounts
    files: list[str]
    quarantine_file: str = ""
    quarantine_rows: int = 0
    # Learners in that file: their rows were kept out, their ids were not.
    kept_out_learners: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: AnswerFacts | None = None


def entry_of_file(
    *,
    channel: str | None,
    facts: BatchFacts,
    key: str,
    size: int,
    sha256: str,
    row_count: int,
    snapshot_id: str,
    security_level: str,
    created_at: datetime,
) -> dict[str, Any]:
    return {
        "channel": channel,
        "batchId": facts.batch_id,
        "filePath": key,
        "fileSize": size,
        "outcome": BUILT,
        "sha256": sha256,
        "rowCount": row_count,
        "snapshotId": snapshot_id,
        "isProtected": security_level != PLAIN,
        "securityLevel": security_level,
        "createdAt": created_at.isoformat(),
        "facts": facts.model_dump(mode="json"),
    }


def entry_without_file(*, channel: str | None, batch_id: str, outcome: str) -> dict[str, Any]:
    return {
        "channel": channel,
        "batchId": batch_id,
        "filePath": None,
        "fileSize": 0,
        "outcome": outcome,
    }


def entry_of_search(
    *, channel: str | None, batch_ids: Sequence[str], withheld: int
) -> dict[str, Any]:
    """What a search found: the batches to make, and how many its requester may not have."""
    empty = entry_without_file(channel=channel, batch_id="", outcome=FOUND)
    return empty | {"found": list(batch_ids), "withheld": withheld}


def found_before(entries: Sequence[dict[str, Any]]) -> list[str] | None:
    """What the request's search found; None where it was not made yet."""
    for entry in entries:
        if entry.get("outcome") == FOUND:
            return list(entry["found"])
    return None


def built(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry.get("outcome") == BUILT]


def weaker(entries: Sequence[dict[str, Any]], level: str) -> list[dict[str, Any]]:
    """The files that are less protected than the level asks for."""
    return [
        entry
        for entry in built(entries)
        if SECURITY_LEVELS.index(level_of(entry)) < SECURITY_LEVELS.index(level)
    ]


def level_of(entry: dict[str, Any]) -> str:
    # What an earlier version kept says only whether there is a password.
    level: str | None = entry.get("securityLevel")
    return level or (PASSWORD if entry["isProtected"] else PLAIN)


def lacking(entries: Sequence[dict[str, Any]], outcome: str) -> list[str]:
    """The batches for which there is no file, for this reason."""
    return [entry["batchId"] for entry in entries if entry.get("outcome") == outcome]


def is_cut(entries: Sequence[dict[str, Any]], batch_ids: Sequence[str]) -> bool:
    """Whether every batch has come to its end, and at least one to a file."""
    return set(batch_ids) <= {entry.get("batchId") for entry in entries} and bool(built(entries))


def no_file_reason(entries: Sequence[dict[str, Any]]) -> str:
    """Why a request ends without any file, in a sentence for its requester."""
    unknown, retired = lacking(entries, UNKNOWN), lacking(entries, RETIRED)
    told = [
        f"The platform knows no batch {', '.join(unknown)}." if unknown else "",
        f"The course of {', '.join(retired)} is retired." if retired else "",
        "Check the batch and ask again; a new batch is known after about an hour.",
    ]
    return " ".join(part for part in told if part)


def facts_of(
    *,
    request_id: str,
    tag: str,
    job_id: str,
    requested_at: datetime,
    entries: Sequence[dict[str, Any]],
    language: str,
    reason: str = "",
) -> ExhaustFacts:
    """The facts of the message; with a reason, of one that brings no file."""
    files = [] if reason else built(entries)
    return ExhaustFacts(
        request_id=request_id,
        tag=tag,
        job_id=job_id,
        requested_at=requested_at,
        is_protected=any(entry["isProtected"] for entry in files),
        security_levels=sorted({level_of(entry) for entry in files}, key=SECURITY_LEVELS.index),
        batches=[BatchFacts.model_validate(entry["facts"]) for entry in files],
        unknown_batches=lacking(entries, UNKNOWN),
        retired_batches=lacking(entries, RETIRED),
        purpose=next((entry["purpose"] for entry in files if entry.get("purpose")), ""),
        withheld_batches=sum(entry.get("withheld", 0) for entry in entries),
        reason=reason,
        language=language,
    )


def attachments_of(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        Attachment(
            key=entry["filePath"],
            file_name=entry["facts"]["file_name"],
            bytes=entry["fileSize"],
            sha256=entry["sha256"],
        ).model_dump(mode="json")
        for entry in built(entries)
    ]


def batch_facts(
    batch: dict[str, Any],
    collection: dict[str, Any],
    filled: Filled,
    columns: Sequence[Column],
    *,
    quarantined: dict[str, int],
    data_as_of: datetime,
    is_stale: bool,
    file_name: str,
    has_stages: bool = True,
) -> BatchFacts:
    counts = filled.counts
    is_without_contents = has_stages and not collection.get("mandatory_nodes")
    notes = ["no_leaf_nodes"] if is_without_contents else []
    notes += ["texts_cut_short"] if counts.cut_short else []
    return BatchFacts(
        batch_id=batch["batch_id"],
        batch_name=batch.get("batch_name") or batch["batch_id"],
        collection_id=collection["collection_id"],
        collection_name=collection.get("collection_name") or collection["collection_id"],
        enrolled=counts.written,
        has_stages=has_stages,
        completed=counts.stages["completed"],
        in_progress=counts.stages["in_progress"],
        not_started=counts.stages["not_started"],
        left_out=dict(counts.left_out),
        unknown_learners=counts.unknown,
        undecryptable=dict(counts.undecryptable),
        quarantined=quarantined,
        data_as_of=data_as_of,
        is_stale=is_stale,
        file_name=file_name,
        columns=[
            ColumnFacts(header=column.header, meaning=column.meaning, part=column.part)
            for column in columns
        ],
        notes=[*notes, *filled.notes],
        files=filled.files,
        quarantine_file=filled.quarantine_file,
        quarantine_rows=filled.quarantine_rows,
        answers=filled.answers,
    )


def file_name(kind: str, course_slug: str, batch_id: str, day: date) -> str:
    """The name that people see, without its ending, in plain ASCII."""
    named = re.sub(r"[^A-Za-z0-9]+", "-", batch_id).strip("-")[:NAME_LENGTH] or "batch"
    return "_".join(part for part in (KINDS[kind], course_slug, named, day.isoformat()) if part)


def object_key(kind: str, request_id: str, batch_id: str, day: date, *, ending: str) -> str:
    """Where the file is kept, as Sunbird names it."""
    named = f"{safe(batch_id)}_{KINDS[kind]}_{day:%Y%m%d}{ending}"
    return f"{kind}/{safe(request_id)}/{named}"


def safe(id: str) -> str:
    # Ids come from outside: what could leave the folder is replaced, and stays distinct.
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", id)
    return plain if plain == id else f"{plain}-{hashlib.sha256(id.encode()).hexdigest()[:8]}"
