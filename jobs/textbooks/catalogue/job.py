"""Brings the catalogue up to date, and looks into it as a reader does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.quality.job import checked, record
from jobs.quality.verdicts import stop_on_failure
from jobs.storage import textbook_catalogue as table
from jobs.storage.adoptions import current_adoptions
from jobs.storage.clustered import open_table
from jobs.storage.store import Store
from jobs.textbooks.catalogue.listing import OF_TEXTBOOKS, textbook_catalogue

log = structlog.get_logger()


def refresh_catalogue(store: Store, *, now: datetime) -> dict[str, int]:
    """Make all of it anew: readers see what publishers changed since, or what left Live."""
    with store.transaction() as connection:
        rows = write(connection, read_textbooks(connection), None, now=now)
        check(store, connection, now=now)
    counts = {
        "listings": len(rows),
        "adopted": sum(row["is_adopted"] for row in rows),
        "hidden": sum(not row["is_shown"] for row in rows),
    }
    log.info("textbook catalogue", **counts)
    return counts


def write(
    connection: Connection[DictRow],
    textbooks: list[dict[str, Any]],
    textbook_ids: Collection[str] | None,
    *,
    now: datetime,
) -> list[dict[str, Any]]:
    """The rows of these textbooks, or all, in the caller's transaction."""
    table.hold(connection)
    wanted = None if textbook_ids is None else set(textbook_ids)
    some = [row for row in textbooks if wanted is None or row["textbook_id"] in wanted]
    held = current_adoptions(connection, wanted)
    rows = list(textbook_catalogue(some, held, now=now))
    table.replace(connection, rows, wanted)
    return rows


def check(store: Store, connection: Connection[DictRow], *, now: datetime) -> None:
    """GateError where the adoptions and what is listed contradict each other: then the caller's
    transaction is undone, and the verdicts stay."""
    name = TEXTBOOK_ADOPTION.name
    verdicts = checked(connection, name, {}, subject=name)
    if all(one.verdict == "passed" for one in verdicts):
        record(connection, verdicts, now)
        return
    with store.transaction() as apart:
        record(apart, verdicts, now)
    stop_on_failure(verdicts)


def read_textbooks(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """Every version of every textbook, with what readers see of it."""
    pages = open_table(connection, TEXTBOOKS).scan(list(OF_TEXTBOOKS))
    return [row for page in pages for row in page.to_pylist()]


def look(
    store: Store,
    *,
    board: str | None,
    medium: str | None,
    grade: str | None,
    subject: str | None,
    page: str | None,
    limit: int,
) -> list[dict[str, Any]]:
    with store.transaction() as connection:
        return table.seen(
            connection, board=board, medium=medium, grade=grade, subject=subject, page=page,
            limit=limit,
        )  # fmt: skip
