"""Reads what an adoption file is judged with: who adopts, its rows, and the textbooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.adoptions import AS_IS
from jobs.contracts.frameworks import FRAMEWORKS
from jobs.contracts.learning import CONTENTS, LEARNERS
from jobs.delivery.authorisation import Requester, requester_of
from jobs.settings import Settings
from jobs.storage.clustered import open_table
from jobs.storage.objects import Objects
from jobs.storage.snapshots import latest
from jobs.storage.store import Store
from jobs.textbooks.adoption.adopter import adopter_refusal
from jobs.textbooks.adoption.curriculum import Tenant, tenant_of, tenants_named
from jobs.textbooks.adoption.library import Library, books_of
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.adoption.sheet import BOOK, Refusal, Sheet, read_sheet

STATE_UNKNOWN, BOARD_UNKNOWN = "FILE_STATE_UNKNOWN", "FILE_BOARD_UNKNOWN"


@dataclass(frozen=True)
class Desk:
    """What every step works with."""

    settings: Settings
    store: Store
    objects: Objects
    order: Order
    now: datetime
    dry_run: bool


@dataclass(frozen=True)
class Adopting:
    """Who adopts: the tenant, and the user as far as the platform knows of one."""

    channel: str
    tenant: Tenant | None
    adopter: Requester | None

    @property
    def names(self) -> frozenset[str]:
        """A tenant is named by its channel, or by its root organisation."""
        own = self.adopter.tenants if self.adopter else frozenset()
        return own | {self.channel} if self.channel in own else frozenset({self.channel})


def opened(desk: Desk) -> tuple[Adopting, Sheet | Refusal]:
    """Who adopts, and the file's rows: each may be why nothing more is done."""
    order, settings = desk.order, desk.settings
    adopting, refusal = adopting_of(desk.store, order.state, order.adopter_id)
    if refusal is not None:
        return adopting, refusal
    sheet = read_sheet(
        order.data, mode=order.mode, most_bytes=settings.adoption_file_bytes,
        most_rows=settings.adoption_file_rows,
    )  # fmt: skip
    mode = order.mode if isinstance(sheet, Refusal) else sheet.mode
    more = settings.adoption_as_is_roles if mode == AS_IS else []
    unfit = adopter_refusal(
        adopting.adopter, channel=adopting.channel, roles={*settings.adoption_roles, *more}
    )
    return adopting, unfit or sheet


def adopting_of(store: Store, state: str, adopter_id: str) -> tuple[Adopting, Refusal | None]:
    with store.transaction() as connection:
        rows = rows_of(connection)
        found = open_table(connection, LEARNERS).rows(adopter_id)
    adopter = requester_of(found[0] if found else None)
    channels = tenants_named(rows, state)
    if len(channels) != 1:
        told = f"{state[:60]}: {', '.join(channels) or 'no tenant with a framework'}"
        return Adopting(state[:200], None, adopter), Refusal(STATE_UNKNOWN, told)
    tenant = tenant_of(rows, channels[0])
    return Adopting(channels[0], tenant, adopter), None


def rows_of(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    pages = open_table(connection, FRAMEWORKS).scan(FRAMEWORKS.columns)
    return [row for page in pages for row in page.to_pylist()]


def board_of(tenant: Tenant, sheet: Sheet, asked: str | None) -> str | Refusal:
    """The board of a file that names none: the one asked for, or the tenant's only one."""
    if sheet.mode != AS_IS:
        return ""
    if asked and asked not in tenant.own_boards:
        return Refusal(BOARD_UNKNOWN, f"{asked[:60]} is none of: {', '.join(tenant.own_boards)}")
    if asked or len(tenant.own_boards) == 1:
        return asked or tenant.own_boards[0]
    return Refusal(BOARD_UNKNOWN, f"name one of: {', '.join(tenant.own_boards) or 'none there'}")


def library_of(
    connection: Connection[DictRow], textbooks: list[dict[str, Any]], sheet: Sheet
) -> Library:
    books = books_of(textbooks)
    asked = {row.cells[BOOK] for row in sheet.rows} - books.keys()
    return Library(books, others_of(connection, {one for one in asked if len(one) <= 200}))


def others_of(connection: Connection[DictRow], asked: Collection[str]) -> set[str]:
    """The ids among these that are contents, though no textbooks."""
    if not asked or latest(connection, CONTENTS.name) is None:
        return set()
    pages = open_table(connection, CONTENTS).among(asked, [CONTENTS.key[0]])
    return {content for page in pages for content in page.column(0).to_pylist()}
