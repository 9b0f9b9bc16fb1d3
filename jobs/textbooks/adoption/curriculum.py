"""What an adopting tenant may choose from: its boards, and the live terms of its frameworks."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LIVE = "live"
# The framework's words for what the columns are called.
CATEGORIES = {"board": "board", "medium": "medium", "grade": "gradelevel", "subject": "subject"}
LIKENESS = 0.6


@dataclass(frozen=True)
class Framework:
    """The live terms of one framework, by category."""

    framework_id: str
    terms: dict[str, tuple[str, ...]]

    def allowed(self, category: str) -> tuple[str, ...]:
        return self.terms.get(CATEGORIES[category], ())


@dataclass(frozen=True)
class Tenant:
    """An adopting tenant; `own_boards` are those of its live terms that are its
    own, `of_others` those of other tenants, with their channel."""

    channel: str
    state: str | None
    state_code: str | None
    frameworks: tuple[Framework, ...]
    own_boards: tuple[str, ...]
    of_others: dict[str, str] = field(default_factory=dict)

    def framework_of(self, board: str) -> Framework | None:
        """The framework that has the board among its live terms, the tenant's default first."""
        return next((one for one in self.frameworks if board in one.allowed("board")), None)


def tenants_named(rows: Iterable[Mapping[str, Any]], asked: str) -> list[str]:
    """The channels that are meant by a channel, a state's name or its code."""
    wanted = asked.strip().casefold()
    found = list(rows)
    exact = {row["channel"] for row in found if row["channel"] == asked.strip()}
    named = {
        row["channel"]
        for row in found
        if wanted and wanted in {(row[name] or "").casefold() for name in ("state", "state_code")}
    }
    return sorted(exact or named)


def tenant_of(rows: Iterable[Mapping[str, Any]], channel: str) -> Tenant:
    """The tenant of a channel that is there."""
    found = list(rows)
    own = sorted(
        (row for row in found if row["channel"] == channel),
        key=lambda row: (not row["is_default"], row["framework_id"]),
    )
    frameworks = tuple(
        Framework(row["framework_id"], live_terms(row["terms"] or ())) for row in own
    )
    told = [board for board in own[0]["boards"] or () if board]
    others = {
        board: row["channel"]
        for row in found
        if row["channel"] != channel
        for board in row["boards"] or ()
        if board
    }
    live = dict.fromkeys(board for one in frameworks for board in one.allowed("board"))
    return Tenant(
        channel=channel,
        state=own[0]["state"],
        state_code=own[0]["state_code"],
        frameworks=frameworks,
        own_boards=tuple(
            board for board in live if (board in told if told else board not in others)
        ),
        of_others=others,
    )


def live_terms(terms: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for term in terms:
        if term["name"] and (term["status"] or LIVE).casefold() == LIVE:
            found.setdefault(term["category"].casefold(), {})[term["name"]] = None
    return {category: tuple(names) for category, names in found.items()}


def nearest(value: str, allowed: Iterable[str]) -> str:
    """The allowed value that is most like it, case and blanks aside; empty where none is."""
    by_key = {folded(one): one for one in allowed}
    key = folded(value)[:200]
    if key in by_key:
        return by_key[key]
    found = difflib.get_close_matches(key, list(by_key), n=1, cutoff=LIKENESS)
    return by_key[found[0]] if found else ""


def folded(value: str) -> str:
    return " ".join(value.split()).casefold()
