"""Which tables a command reads and makes, by name: what lineage is told of.

A command is a process, so what it touched is kept for the process. Names only: neither a row, a
path, an argument nor a query comes here.
"""

from __future__ import annotations

from typing import NamedTuple

RAW = "sunbird-lake://raw"
CLEAN = "sunbird-lake://clean"
METRICS = "sunbird-store://metrics"
OPERATIONS = "sunbird-store://operations"


class Table(NamedTuple):
    """A table as its Airflow asset names it: `sunbird-lake://clean` and `progress`."""

    place: str
    name: str


_read: set[Table] = set()
_made: set[Table] = set()


def note_read(place: str, name: str) -> None:
    _read.add(Table(place, name))


def note_made(place: str, name: str) -> None:
    _made.add(Table(place, name))


def forget() -> None:
    """Begin anew: another command of the same process."""
    _read.clear()
    _made.clear()


def touched() -> tuple[list[Table], list[Table]]:
    """What was read and what was made so far; a table that is also made is not an input."""
    return sorted(_read - _made), sorted(_made)
