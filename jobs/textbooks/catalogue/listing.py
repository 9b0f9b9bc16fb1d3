"""The rows of the catalogue: each live textbook for its publisher, and for each board that adopted
it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from jobs.contracts.adoptions import METADATA

LIVE = "Live"
NOT_LIVE, MISSING = "source_not_live", "source_missing"
OF_TEXTBOOKS = (
    "textbook_id", "version_id", "name", "description", "icon", "status", "channel", "board",
    "mediums", "grades", "subjects", "package_version", "chapter_count", "origin_id",
)  # fmt: skip
# What a state's own value stands for; without one it is the publisher's, as it is at any time.
INHERITED = ("mediums", "grades", "subjects")
SHOWN = ("name", "description", "icon")

Row = Mapping[str, Any]


def textbook_catalogue(
    textbooks: Iterable[Row], adoptions: Iterable[Row], *, now: datetime
) -> Iterator[dict[str, Any]]:
    """What is listed, of all versions of some textbooks and what is adopted of them now."""
    versions: dict[str, Row] = {}
    for row in sorted(textbooks, key=lambda one: one["status"] == LIVE):
        versions[row["textbook_id"]] = row
    for textbook in versions.values():
        if textbook["status"] == LIVE:
            yield published(textbook, now)
    for adoption in adoptions:
        yield adopted(adoption, versions.get(adoption["textbook_id"]), now)


def published(textbook: Row, now: datetime) -> dict[str, Any]:
    return of_source(textbook) | {
        "listing_id": textbook["textbook_id"],
        "textbook_id": textbook["textbook_id"],
        "board": textbook["board"],
        "listed_channel": textbook["channel"],
        "publisher_channel": textbook["channel"],
        "is_adopted": False,
        "is_shown": True,
        "is_in_workspace": True,
        "refreshed_at": now,
    }


def adopted(adoption: Row, textbook: Row | None, now: datetime) -> dict[str, Any]:
    """The textbook as a board shows it; hidden, and not forgotten, while its source is not live."""
    own = [*INHERITED, *SHOWN] if adoption["mode"] == METADATA else INHERITED
    values = {name: adoption[name] for name in own if adoption[name]}
    is_live = textbook is not None and textbook["status"] == LIVE
    return (
        of_source(textbook or {})
        | values
        | {
            "listing_id": adoption["adoption_id"],
            "textbook_id": adoption["textbook_id"],
            "board": adoption["board"],
            "listed_channel": adoption["adopting_channel"],
            "publisher_channel": adoption["publisher_channel"],
            "adoption_id": adoption["adoption_id"],
            "mode": adoption["mode"],
            "is_adopted": True,
            "is_shown": is_live,
            "hidden_because": None if is_live else NOT_LIVE if textbook else MISSING,
            "is_in_workspace": False,
            "refreshed_at": now,
        }
    )


def of_source(textbook: Row) -> dict[str, Any]:
    version = textbook.get("package_version")
    return {name: textbook.get(name) or [] for name in INHERITED} | {
        "name": textbook.get("name"),
        "description": textbook.get("description"),
        "icon": textbook.get("icon"),
        "chapter_count": textbook.get("chapter_count"),
        "package_version": None if version is None else str(version),
    }
