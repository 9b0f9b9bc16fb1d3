"""Takes an adoption file in: judged, applied and answered in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.textbooks import TEXTBOOKS
from jobs.settings import Settings
from jobs.storage import adoptions as table
from jobs.storage.aside import folder_aside
from jobs.storage.crash_points import crash_point
from jobs.storage.objects import Objects
from jobs.storage.snapshots import latest
from jobs.storage.store import Store
from jobs.textbooks.adoption.answering.job import Answer, answer
from jobs.textbooks.adoption.curriculum import Tenant
from jobs.textbooks.adoption.difference import UNCHANGED, UPDATED, adoption_row, changes, notice_row
from jobs.textbooks.adoption.finding import ERROR
from jobs.textbooks.adoption.judging import Judge
from jobs.textbooks.adoption.metadata import Limits
from jobs.textbooks.adoption.opening.job import (
    STATE_UNKNOWN,
    Adopting,
    Desk,
    board_of,
    library_of,
    opened,
)  # fmt: skip
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.adoption.outcome import KNOWN, Outcome, applied, refused
from jobs.textbooks.adoption.sheet import Refusal, Sheet
from jobs.textbooks.catalogue.job import check, read_textbooks
from jobs.textbooks.catalogue.job import write as write_catalogue
from jobs.textbooks.notices.job import tell

log = structlog.get_logger()


def adopt(
    settings: Settings,
    store: Store,
    objects: Objects,
    order: Order,
    *,
    now: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Apply the rows that are right, keep the others as they are, and answer the initiator."""
    desk = Desk(settings, store, objects, order, now, dry_run)
    adopting, found = opened(desk)
    if isinstance(found, Refusal) or adopting.tenant is None:
        reason = found if isinstance(found, Refusal) else Refusal(STATE_UNKNOWN, order.state)
        return refuse(desk, adopting, reason)
    outcome = apply(desk, adopting, adopting.tenant, found)
    if outcome.status != KNOWN and not dry_run:
        crash_point("adoption: committed")
        tell(store, objects, now=now)
    log.info(
        "textbook adoption", status=outcome.status, is_dry=dry_run, channel=adopting.channel,
        file=order.file_id[:12], codes=outcome.by_code(ERROR), **outcome.counts,
    )  # fmt: skip
    return outcome


def apply(desk: Desk, adopting: Adopting, tenant: Tenant, sheet: Sheet) -> Outcome:
    board = board_of(tenant, sheet, desk.order.board)
    if isinstance(board, Refusal):
        return refuse(desk, adopting, board)
    with desk.store.transaction() as connection:
        snapshot = latest(connection, TEXTBOOKS.name)
        textbooks = read_textbooks(connection)
        library = library_of(connection, textbooks, sheet)
    limits = Limits(desk.settings.adoption_name_length, desk.settings.adoption_description_length)
    judgement = Judge(library, tenant, limits, adopting.names, board).judged(sheet)
    boards = {one.board for one in judgement.wanted}
    intake = desk.order.intake_id(adopting.channel)
    with desk.store.transaction() as connection, folder_aside() as aside:
        table.hold(connection, boards or {""})
        before = table.taken(connection, intake)
        if before is not None:
            return known(before)
        at = table.instant_after(connection, boards, desk.now)
        done = changes(
            judgement.wanted, table.of_boards(connection, boards), channel=tenant.channel
        )
        names = {one.textbook_id: library.books[one.textbook_id].name for one in judgement.wanted}
        outcome = applied(sheet.mode, len(sheet.rows), done, judgement.findings, names)
        if desk.dry_run:
            return outcome
        write(desk, connection, tenant, outcome, at=at)
        ids = {one.wanted.textbook_id for one in done if one.kind != UNCHANGED}
        write_catalogue(connection, textbooks, ids, now=at)
        check(desk.store, connection, now=desk.now)
        answer(
            desk.settings, connection, desk.objects, aside,
            Answer(
                desk.order, adopting.channel, tenant.state, adopting.adopter, outcome, intake,
                snapshot.data_as_of if snapshot else desk.now,
            ),
            now=desk.now,
        )  # fmt: skip
        crash_point("adoption: before the commit")
    return outcome


def write(
    desk: Desk, connection: Connection[DictRow], tenant: Tenant, outcome: Outcome, *, at: datetime
) -> None:
    """Close what is overwritten, open what holds from now on, and note whom to tell."""
    order = desk.order
    moved = [one for one in outcome.changes if one.kind != UNCHANGED]
    table.end(connection, [one.ended_id for one in moved if one.ended_id], at=at)
    table.add(
        connection,
        [
            adoption_row(one, tenant, adopter_id=order.adopter_id, file_id=order.file_id, at=at)
            for one in moved
        ],
    )
    names = outcome.names
    table.add_notices(
        connection,
        [
            notice_row(one, tenant, name=names[one.wanted.textbook_id], at=at)
            for one in moved
            if one.kind == UPDATED
        ],
    )


def known(before: dict[str, Any]) -> Outcome:
    counts = {
        name: before[f"{column}_count"]
        for name, column in (
            ("rows", "row"), ("applied", "applied"), ("unchanged", "unchanged"),
            ("rejected", "rejected"), ("errors", "error"), ("warnings", "warning"),
        )
    }  # fmt: skip
    return Outcome(KNOWN, before["mode"], counts_before=counts)


def refuse(desk: Desk, adopting: Adopting, refusal: Refusal) -> Outcome:
    """Nothing is changed; the same refusal of the same file is noted and answered once."""
    outcome = refused(refusal, desk.order.mode)
    intake = desk.order.intake_id(adopting.channel, refusal.code, refusal.detail)
    log.info(
        "textbook adoption refused", code=refusal.code, is_dry=desk.dry_run,
        file=desk.order.file_id[:12],
    )  # fmt: skip
    if desk.dry_run:
        return outcome
    state = adopting.tenant.state if adopting.tenant else None
    with desk.store.transaction() as connection, folder_aside() as aside:
        table.hold(connection, {intake})
        if table.taken(connection, intake) is None:
            answer(
                desk.settings, connection, desk.objects, aside,
                Answer(
                    desk.order, adopting.channel, state,
                    adopting.adopter, outcome, intake, None,
                ),
                now=desk.now,
            )  # fmt: skip
    return outcome
