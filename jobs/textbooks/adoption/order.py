"""An adoption file as somebody handed it over, and the ids that it has for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid5

NAMESPACE = UUID("7a0f6d52-5f63-5b3d-9f0c-1c62b7f0d5ee")


@dataclass(frozen=True)
class Order:
    """A file, for whom and by whom; `state` is a channel, a state's name or its code, `again` is
    empty but where a file that was taken in before is to be taken in once more."""

    file_name: str
    data: bytes
    state: str
    adopter_id: str
    mode: str | None = None
    board: str | None = None
    again: str = ""

    @cached_property
    def file_id(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def intake_id(self, channel: str, *more: str) -> str:
        """The same for the same file of the same adopter, however often it comes."""
        parts = (
            self.file_id, channel, self.adopter_id, self.mode or "", self.board or "", self.again,
            *more,
        )  # fmt: skip
        return str(uuid5(NAMESPACE, "|".join(parts)))
