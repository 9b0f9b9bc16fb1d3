"""The textbooks that there are, and which id was most likely meant by one that there is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

LIVE = "Live"
# What a textbook's id looks like within an address, an image's id or in capitals.
ID = re.compile(r"do_[0-9a-z]+")
SHOWN = 200


@dataclass(frozen=True)
class Book:
    """A textbook of the platform: the live version where there is one."""

    textbook_id: str
    name: str
    status: str
    channel: str
    origin_id: str
    package_version: str | None


@dataclass
class Library:
    """Every textbook by its id; `others` are ids of contents that are no textbook."""

    books: Mapping[str, Book]
    others: Collection[str] = ()
    _shortened: dict[str, str] = field(default_factory=dict)

    def likeliest(self, wrong: str) -> str:
        """The id that was meant, where one letter differs or more stands around it."""
        if len(wrong) > SHOWN:
            return ""
        inside: list[str] = ID.findall(wrong.casefold())
        for candidate in [*inside, wrong.casefold()]:
            if candidate in self.books:
                return candidate
        if not self._shortened:
            for textbook_id in self.books:
                for shorter in without_one(textbook_id):
                    self._shortened.setdefault(shorter, textbook_id)
        tried = wrong.casefold()
        for candidate in (tried, *without_one(tried)):
            found = self._shortened.get(candidate)
            if found or candidate in self.books:
                return found or candidate
        return ""


def without_one(text: str) -> list[str]:
    """The text without its first letter, without its second, ..."""
    return [text[:place] + text[place + 1 :] for place in range(len(text))]


def books_of(rows: Collection[Mapping[str, Any]]) -> dict[str, Book]:
    """Of a textbook with several versions the live one; else the one under its own id."""
    found: dict[str, Book] = {}
    for row in sorted(
        rows, key=lambda one: (one["status"] == LIVE, one["version_id"] == one["textbook_id"])
    ):
        version = row["package_version"]
        found[row["textbook_id"]] = Book(
            textbook_id=row["textbook_id"],
            name=row["name"] or "",
            status=row["status"] or "",
            channel=row["channel"] or "",
            origin_id=row["origin_id"] or "",
            package_version=None if version is None else str(version),
        )
    return found
