"""Verifies the audit log, and keeps its end apart from it, so that a cut-off tail is found."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from jobs.errors import GateError
from jobs.storage import audit
from jobs.storage.audit_chain import Anchor, Finding, verified
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

FOLDER = "audit-anchors"


def verify(store: Store, objects: Objects, *, expected: Anchor | None = None) -> Finding:
    """The log followed row by row against every anchor; GateError names the first bad row."""
    anchors = [*kept_anchors(objects), *([expected] if expected else [])]
    with store.transaction() as connection:
        # One view of both, whoever writes meanwhile.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = verified(audit.rows(connection), audit.head(connection), anchors)
    log.info("audit_verified", rows=found.rows, anchors=len(anchors), is_whole=not found.fault)
    if found.fault:
        raise GateError(
            f"The audit log promised to be as it was written; found: {found.fault}. The"
            f" {found.rows} rows before it hold. Keep the store as it is and restore the log from"
            " a backup beside it: what differs tells what was changed."
        )
    return found


def keep_anchor(store: Store, objects: Objects, now: datetime) -> Anchor | None:
    """Put the log's end into the object store, under its number; None where the log is empty."""
    with store.transaction() as connection:
        head = audit.head(connection)
    if head.audit_id == 0:
        return None
    key = f"{FOLDER}/{head.audit_id:012d}.json"
    # What was kept once is never replaced: it would then prove nothing.
    if not objects.exists(key):
        told = {"audit_id": head.audit_id, "row_hash": head.row_hash, "kept_at": now.isoformat()}
        with TemporaryDirectory() as folder:
            file = Path(folder, "anchor.json")
            file.write_text(json.dumps(told), encoding="utf-8")
            objects.put(key, file)
    return head


def kept_anchors(objects: Objects) -> list[Anchor]:
    found = []
    for stored in objects.listing(FOLDER):
        told = json.loads(objects.read(stored.key))
        found.append(Anchor(int(told["audit_id"]), str(told["row_hash"])))
    return found
