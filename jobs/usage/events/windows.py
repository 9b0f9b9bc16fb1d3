"""Which days of arrival an event day is made of, and when it is closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# A device's clock may be a day ahead, and India's day begins before that of a folder in UTC.
DAYS_AHEAD = 2


@dataclass(frozen=True)
class Window:
    """How long a day is open, and which arrivals tell of its events."""

    reopen_days: int

    @property
    def back_days(self) -> int:
        """How far apart two arrivals of one day's event can be."""
        return self.reopen_days + DAYS_AHEAD

    def first_arrival(self, day: date) -> date:
        """Rows before it cannot be the day's, nor come before one; a double click is of a day
        earlier."""
        return day - timedelta(days=DAYS_AHEAD + self.back_days + 1)

    def last_arrival(self, day: date) -> date:
        return day + timedelta(days=self.reopen_days)

    def is_final(self, day: date, *, today: date) -> bool:
        """Whether the last folder is over, wherever its day is counted."""
        return today >= self.last_arrival(day) + timedelta(days=2)

    def open_days(self, last_day: date) -> tuple[date, date]:
        """The days that a daily run makes, so that each is made once more when it is final."""
        return last_day - timedelta(days=self.reopen_days + 1), last_day


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def version_of(arrivals: Iterable[tuple[date, str]], *rules: object) -> str:
    """An id of what a day is made of and by: the same rows, the same id."""
    told = [sorted((day.isoformat(), version) for day, version in arrivals), *map(str, rules)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
