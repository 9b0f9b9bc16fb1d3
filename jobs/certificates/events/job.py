"""Tells the configured targets of certificates that were issued, each until it has said yes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from jobs.certificates.event import issued_event
from jobs.delivery.outbox import next_attempt
from jobs.settings import Settings
from jobs.storage import certificate_issues as table
from jobs.storage.aside import file_aside
from jobs.storage.crash_points import crash_point
from jobs.storage.lms import call
from jobs.storage.store import Store

log = structlog.get_logger()

PAGE = 200
# A target that fails so often in a row is left alone until the next run.
PATIENCE = 3


def targets(settings: Settings) -> list[str]:
    configured = {
        "file": settings.certificate_event_folder,
        "http": settings.certificate_event_url,
    }
    return [target for target, place in configured.items() if place]


def tell(settings: Settings, store: Store, *, now: datetime) -> dict[str, int]:
    """Try every duty that is due; returns what is still untold, by target."""
    for target in targets(settings):
        failures = 0
        while failures < PATIENCE:
            with store.transaction() as connection:
                page = table.due_events(connection, target, now=now, limit=PAGE)
            if not page:
                break
            for certificate in page:
                said, is_told = send(settings, target, certificate)
                failures = 0 if is_told else failures + 1
                again = None if is_told else next_attempt(
                    certificate["certificate_id"], certificate["attempts"] + 1, now
                )  # fmt: skip
                crash_point("certificate events: told")
                with store.transaction() as connection:
                    table.note_event(
                        connection, target, certificate["certificate_id"], answer=said,
                        next_attempt_at=again, now=now,
                    )  # fmt: skip
                if failures >= PATIENCE:
                    log.warning("certificate events: target does not answer", target=target)
                    break
    with store.transaction() as connection:
        return table.untold(connection)


def send(settings: Settings, target: str, certificate: Mapping[str, Any]) -> tuple[str, bool]:
    page = page_of(settings, certificate["certificate_id"])
    body = issued_event(certificate, page=page)
    if target == "file":
        return written(settings.certificate_event_folder, certificate["certificate_id"], body)
    secret = settings.certificate_event_authorization
    reply = call(
        "POST",
        settings.certificate_event_url or "",
        body,
        content_type="application/json",
        authorization=secret.get_secret_value() if secret else None,
        timeout_seconds=settings.lms_timeout_seconds,
    )
    is_told = reply.status is not None and 200 <= reply.status < 300
    return reply.said or f"HTTP {reply.status}", is_told


def page_of(settings: Settings, certificate_id: str) -> str:
    root = settings.certificates_url or settings.links_url
    return f"{root.rstrip('/')}/certificates/{certificate_id}" if root else ""


def written(folder: Path | None, certificate_id: str, body: bytes) -> tuple[str, bool]:
    """One file per certificate: written a second time it is the same file."""
    if folder is None:
        return "no folder", False
    try:
        with file_aside(folder) as (aside, file):
            file.write(body + b"\n")
            file.flush()
            os.fsync(file.fileno())
            aside.replace(folder / f"{certificate_id}.json")
    except OSError as error:
        return error.strerror or type(error).__name__, False
    return "written", True
