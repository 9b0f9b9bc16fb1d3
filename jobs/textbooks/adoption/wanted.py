"""What a row of an adoption file wants, once nothing speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wanted:
    """One textbook for one board; what is empty is the publisher's, as it is at any time."""

    row_number: int
    textbook_id: str
    board: str
    framework_id: str
    publisher_channel: str
    package_version: str | None
    mode: str
    mediums: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    name: str = ""
    description: str = ""
    icon: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.textbook_id, self.board

    @property
    def said(self) -> dict[str, Any]:
        """What the state says of its own, as the table holds it."""
        return {
            "mode": self.mode,
            "mediums": list(self.mediums) or None,
            "grades": list(self.grades) or None,
            "subjects": list(self.subjects) or None,
            "name": self.name or None,
            "description": self.description or None,
            "icon": self.icon or None,
        }
