"""Drain the outbox of batch statuses: every due duty is tried once, and what was said is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import SecretStr

from jobs.batches.publishing import (
    Outcome,
    course_body,
    course_outcome,
    course_path,
    next_attempt,
    outcome_of,
    search_body,
    search_outcomes,
)
from jobs.contracts.batches import BATCH_TABLE, COURSE, SEARCH, TARGETS
from jobs.settings import Settings
from jobs.storage import batch_status as table
from jobs.storage.lms import call, write_statuses
from jobs.storage.store import Store

log = structlog.get_logger()

# Requests per page; what a target took of a page is kept before the next one is read.
PAGE = 40
# A target that fails so often in a row is left alone until the next run.
PATIENCE = 3

NO_BATCH = Outcome(False, True, "the batch has no status any more")
Duty = dict[str, Any]
Outcomes = dict[str, Outcome]


@dataclass
class Told:
    """What came of one target's duties in one run."""

    done: int = 0
    refused: int = 0
    failed: int = 0


class Patience:
    """Ends when a target has failed a few times in a row."""

    def __init__(self) -> None:
        self.failures = 0
        self.lock = threading.Lock()

    def note(self, outcomes: Outcomes) -> None:
        failed = any(not one.is_done and not one.is_refused for one in outcomes.values())
        with self.lock:
            self.failures = self.failures + 1 if failed else 0

    @property
    def is_over(self) -> bool:
        return self.failures >= PATIENCE


def configured(settings: Settings) -> list[str]:
    """The targets that are told, the platform's own table first."""
    urls = {
        BATCH_TABLE: settings.lms_jdbc_url,
        SEARCH: settings.search_url,
        COURSE: settings.content_url,
    }
    return [target for target in TARGETS if urls[target]]


def tell_lms(settings: Settings, store: Store, *, now: datetime) -> dict[str, Told]:
    """Try every duty that is due; a target that keeps failing is left for the next run."""
    return {target: tell(settings, store, target, now=now) for target in configured(settings)}


def tell(settings: Settings, store: Store, target: str, *, now: datetime) -> Told:
    told, patience = Told(), Patience()
    size = 1 if target == COURSE else settings.lms_bulk
    while not patience.is_over:
        with store.transaction() as connection:
            page = table.due(connection, target, now=now, limit=PAGE * size)
            lists: dict[str, list[dict[str, Any]]] = {}
            if target == COURSE:
                lists = table.batches_of_courses(connection, [duty["subject_id"] for duty in page])
        if not page:
            break
        send = sender(settings, target, lists)
        parts = [page[start : start + size] for start in range(0, len(page), size)]
        with ThreadPoolExecutor(settings.lms_parallel) as pool:
            tries = list(pool.map(lambda part, send=send: tried(part, send, patience), parts))
        outcomes = {subject: one for found in tries for subject, one in found.items()}
        keep(store, target, page, outcomes, told, now=now)
    if told.refused or told.failed or patience.is_over:
        log.warning("lms does not agree yet", target=target, **vars(told), gave_up=patience.is_over)
    return told


def tried(
    part: Sequence[Duty], send: Callable[[Sequence[Duty]], Outcomes], patience: Patience
) -> Outcomes:
    if patience.is_over:
        return {}
    known = [duty for duty in part if duty["status"] is not None or is_course(duty)]
    outcomes = send(known) if known else {}
    patience.note(outcomes)
    return outcomes | {duty["subject_id"]: NO_BATCH for duty in part if duty not in known}


def is_course(duty: Duty) -> bool:
    # A course has no status of its own: it is told a list, be it an empty one.
    return bool(duty["subject_id"] == duty["course_id"])


def sender(
    settings: Settings, target: str, lists: dict[str, list[dict[str, Any]]]
) -> Callable[[Sequence[Duty]], Outcomes]:
    """How a part of a target's duties is sent."""
    if target == SEARCH:
        return lambda part: to_search(settings, part)
    if target == BATCH_TABLE:
        return lambda part: to_batch_table(settings, part)
    return lambda part: to_course(settings, part[0]["subject_id"], lists)


def to_search(settings: Settings, part: Sequence[Duty]) -> Outcomes:
    reply = call(
        "POST",
        f"{(settings.search_url or '').rstrip('/')}/_bulk",
        search_body(
            [(duty["subject_id"], duty["status"]) for duty in part], index=settings.search_index
        ),
        content_type="application/x-ndjson",
        authorization=shown(settings.search_authorization),
        timeout_seconds=settings.lms_timeout_seconds,
    )
    return search_outcomes([duty["subject_id"] for duty in part], **vars(reply))


def to_course(
    settings: Settings, course_id: str, lists: dict[str, list[dict[str, Any]]]
) -> Outcomes:
    reply = call(
        "PATCH",
        f"{(settings.content_url or '').rstrip('/')}{course_path(course_id)}",
        course_body(lists[course_id]),
        content_type="application/json",
        authorization=shown(settings.content_authorization),
        timeout_seconds=settings.lms_timeout_seconds,
    )
    return {course_id: course_outcome(**vars(reply))}


def to_batch_table(settings: Settings, part: Sequence[Duty]) -> Outcomes:
    found, reply = write_statuses(
        shown(settings.lms_jdbc_url) or "",
        settings.lms_batch_table,
        [(duty["course_id"], duty["subject_id"], duty["status"]) for duty in part],
        timeout_seconds=settings.lms_timeout_seconds,
    )
    if reply.status != 200:
        failed = outcome_of(reply.status, reply.said)
        said = Outcome(False, failed.is_refused, reply.said)
        return {duty["subject_id"]: said for duty in part}
    there, missing = Outcome(True, False, ""), Outcome(False, True, "the table has no such row")
    return {duty["subject_id"]: there if duty["subject_id"] in found else missing for duty in part}


def keep(
    store: Store,
    target: str,
    page: Sequence[Duty],
    outcomes: Outcomes,
    told: Told,
    *,
    now: datetime,
) -> None:
    """Forget the duties that are done, put off the others; what was not tried stays as it is."""
    done, failed = [], []
    for duty in page:
        outcome = outcomes.get(duty["subject_id"])
        if outcome is None:
            continue
        if outcome.is_done:
            done.append((duty["subject_id"], duty["revision"]))
        else:
            then = next_attempt(outcome, attempts=duty["attempts"] + 1, now=now)
            failed.append((duty["subject_id"], duty["revision"], then, outcome.said))
            told.refused += outcome.is_refused
            told.failed += not outcome.is_refused
    told.done += len(done)
    with store.transaction() as connection:
        table.settle(connection, target, done)
        table.put_off(connection, target, failed)


def shown(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
