"""What a search for one learner's data found, place by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ERASED, KEPT = "erased", "kept"


@dataclass(frozen=True)
class Place:
    """A place that was searched, what was found, and what an erasure does with it."""

    place: str
    found: int
    fate: str
    why: str = ""

    @property
    def is_left(self) -> bool:
        """Whether something is there that an erasure should have taken away."""
        return self.fate == ERASED and self.found > 0


@dataclass(frozen=True)
class Proof:
    """What was found before and after; an erasure is done where nothing is left."""

    before: list[Place]
    after: list[Place]

    @property
    def left(self) -> int:
        return sum(place.found for place in self.after if place.is_left)

    def rows(self) -> list[dict[str, str | int]]:
        """A row per place, for people."""
        after = {place.place: place.found for place in self.after}
        return [
            {
                "place": place.place,
                "found": place.found,
                "left": after.get(place.place, 0),
                "note": place.why,
            }
            for place in self.before
        ]


def counted(places: Iterable[Place]) -> dict[str, int]:
    """What was found, by place, where anything was."""
    return {place.place: place.found for place in places if place.found}
