"""Ends adoptions: the textbook disappears under the board, and its history stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage import adoptions as table
from jobs.storage.store import Store
from jobs.textbooks.adoption.adopter import adopter_refusal
from jobs.textbooks.adoption.opening.job import adopting_of
from jobs.textbooks.catalogue.job import check, read_textbooks
from jobs.textbooks.catalogue.job import write as write_catalogue

log = structlog.get_logger()


def remove(
    settings: Settings,
    store: Store,
    textbook_ids: Sequence[str],
    *,
    state: str,
    by: str,
    board: str | None,
    now: datetime,
    dry_run: bool = False,
) -> int:
    """How many adoptions ended; RequestError where the user may not end the tenant's."""
    adopting, refusal = adopting_of(store, state, by)
    refusal = refusal or adopter_refusal(
        adopting.adopter, channel=adopting.channel, roles=settings.adoption_roles
    )
    if refusal is not None:
        raise RequestError(
            f"Adoptions of {state!r} cannot be ended by {by}: {refusal.code} ({refusal.detail})."
        )
    with store.transaction() as connection:
        current = table.current_adoptions(connection, textbook_ids)
    boards = {
        row["board"]
        for row in current
        if row["adopting_channel"] == adopting.channel and board in (None, row["board"])
    }
    with store.transaction() as connection:
        table.hold(connection, boards)
        held = [
            row["adoption_id"]
            for row in table.of_boards(connection, boards).values()
            if row["textbook_id"] in textbook_ids and row["adopting_channel"] == adopting.channel
        ]
        if dry_run or not held:
            return len(held)
        at = table.instant_after(connection, boards, now)
        ended = table.end(connection, held, at=at, removed_by=by)
        write_catalogue(connection, read_textbooks(connection), textbook_ids, now=at)
        check(store, connection, now=now)
    log.info("textbook adoptions removed", channel=adopting.channel, removed=ended)
    return ended
