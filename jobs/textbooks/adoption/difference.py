"""What a file changes: each wanted row beside the adoption that holds now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from jobs.textbooks.adoption.curriculum import Tenant
from jobs.textbooks.adoption.wanted import Wanted

NAMESPACE = UUID("c1f4c2a6-0b1d-5c55-8a51-6a1f3f5f2d09")
NEW, UPDATED, UNCHANGED = "new", "updated", "unchanged"
LISTS = ("mediums", "grades", "subjects")

Value = str | list[str] | None


@dataclass(frozen=True)
class FieldChange:
    """One value before and after."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Change:
    """A wanted row, the version that it ends if any, and what differs."""

    wanted: Wanted
    kind: str
    ended_id: str | None
    fields: tuple[FieldChange, ...]


def changes(
    wanted: Iterable[Wanted],
    current: Mapping[tuple[str, str], Mapping[str, Any]],
    *,
    channel: str,
) -> list[Change]:
    return [change(one, current.get(one.key), channel=channel) for one in wanted]


def change(one: Wanted, held: Mapping[str, Any] | None, *, channel: str) -> Change:
    differing = tuple(
        FieldChange(name, held[name] if held else None, after)
        for name, after in one.said.items()
        if not is_same(name, held[name] if held else None, after)
    )
    if held is None:
        return Change(one, NEW, None, differing)
    if held["adopting_channel"] != channel:
        moved = FieldChange("adopting_channel", held["adopting_channel"], channel)
        return Change(one, UPDATED, held["adoption_id"], (moved, *differing))
    return Change(one, UPDATED if differing else UNCHANGED, held["adoption_id"], differing)


def is_same(name: str, before: Value, after: Value) -> bool:
    """The order of mediums, grades and subjects says nothing."""
    if name in LISTS:
        return set(before or ()) == set(after or ())
    return before == after


def adoption_row(
    one: Change, tenant: Tenant, *, adopter_id: str, file_id: str, at: datetime
) -> dict[str, Any]:
    """The version that holds from then on."""
    wanted = one.wanted
    return wanted.said | {
        "adoption_id": adoption_id(wanted.textbook_id, wanted.board, at),
        "textbook_id": wanted.textbook_id,
        "board": wanted.board,
        "publisher_channel": wanted.publisher_channel,
        "adopting_channel": tenant.channel,
        "state": tenant.state,
        "state_code": tenant.state_code,
        "framework_id": wanted.framework_id,
        "adopter_id": adopter_id,
        "file_id": file_id,
        "row_number": wanted.row_number,
        "valid_from": at,
        "source_package_version": wanted.package_version,
    }


def adoption_id(textbook_id: str, board: str, at: datetime) -> str:
    return str(uuid5(NAMESPACE, f"{textbook_id}|{board}|{at.isoformat()}"))


def notice_row(one: Change, tenant: Tenant, *, name: str, at: datetime) -> dict[str, Any]:
    """What the users of the board are told of a version that took another's place."""
    held = adoption_id(one.wanted.textbook_id, one.wanted.board, at)
    return {
        "notice_id": str(uuid5(NAMESPACE, f"notice|{held}")),
        "adoption_id": held,
        "textbook_id": one.wanted.textbook_id,
        "board": one.wanted.board,
        "adopting_channel": tenant.channel,
        "state_code": tenant.state_code,
        "name": one.wanted.name or name,
        "changes": [vars(field) for field in one.fields],
        "noticed_at": at,
    }
