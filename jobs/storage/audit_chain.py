"""The chain of the audit log: what each row's hash is made of, and the first row that breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Anchor:
    """A row's hash as it was once, kept apart from the log."""

    audit_id: int
    row_hash: str


@dataclass(frozen=True)
class Finding:
    """How far the log goes and holds; `fault` names the first row that does not."""

    rows: int
    head: Anchor
    fault: str = ""


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash of a row's columns, the hash of the row before among them."""
    told = {name: plain(value) for name, value in row.items() if name != "row_hash"}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def verified(
    rows: Iterable[Mapping[str, Any]], head: Anchor, anchors: Iterable[Anchor] = ()
) -> Finding:
    """Follow the rows in the order of their numbers; each anchor must be found as it was kept."""
    kept = {anchor.audit_id: anchor.row_hash for anchor in anchors}
    last, count = Anchor(0, BEGINNING), 0
    for row in rows:
        fault = fault_of(row, last, kept)
        if fault:
            return Finding(count, last, fault)
        last, count = Anchor(row["audit_id"], row["row_hash"]), count + 1
    if head != last:
        missing = (
            "the rows after it are gone" if head.audit_id > last.audit_id else "it was altered"
        )
        fault = f"row {last.audit_id} is the last one and the head says {head.audit_id}: {missing}"
        return Finding(count, last, fault)
    beyond = [number for number in kept if number > last.audit_id]
    if beyond:
        fault = f"row {min(beyond)} was kept apart, and the log ends at row {last.audit_id}"
        return Finding(count, last, fault)
    return Finding(count, last)


def fault_of(row: Mapping[str, Any], last: Anchor, kept: Mapping[int, str]) -> str:
    number = row["audit_id"]
    if number != last.audit_id + 1:
        return f"row {last.audit_id + 1} is gone: row {number} comes after row {last.audit_id}"
    if row["previous_hash"] != last.row_hash:
        return f"row {number} does not follow row {last.audit_id}: its previous_hash is another"
    if row["row_hash"] != hash_of(row):
        return f"row {number} was altered: its columns do not have the hash that it holds"
    if kept.get(number, row["row_hash"]) != row["row_hash"]:
        return f"row {number} was written anew: its hash was another when it was kept apart"
    return ""
