"""Findings in bands of days, as a person reads how long something waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The last day of each band; what is older falls into the last.
BANDS = (("today", 0), ("1 to 7 days", 7), ("8 to 30 days", 30), ("more than 30 days", None))


def banded(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per band the findings by what is done about them: they wait, are held, or are approved."""
    bands: list[dict[str, Any]] = [
        {"band": name, "waiting": 0, "held": 0, "approved": 0} for name, _ in BANDS
    ]
    for row in rows:
        number = next(
            place for place, (_, last) in enumerate(BANDS) if last is None or row["days"] <= last
        )
        done = row["state"] if row["state"] in ("held", "approved") else "waiting"
        bands[number][done] += row["n"]
    return bands
