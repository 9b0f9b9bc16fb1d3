"""What an examination finds: one part at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One part: whether it is well, what was seen, and what to do about it."""

    part: str
    ok: bool
    says: str
    do: str = ""
