"""Whether a table is as fresh as its contract promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from jobs.contracts.contract import Contract

FRESH, LATE, NEVER = "fresh", "late", "never made"
# What a contract's freshness begins with, and the age from which on a run was missed.
PROMISES = {
    "every hour": timedelta(hours=2),
    "every day": timedelta(hours=26),
    "every week": timedelta(days=7, hours=6),
}


def bound_of(contract: Contract, *, stale: timedelta) -> timedelta:
    """The age above which a table is late; what promises nothing of its own is refreshed."""
    promised = (age for words, age in PROMISES.items() if contract.freshness.startswith(words))
    return next(promised, stale)


def judged(
    rows: Iterable[dict[str, Any]],
    contracts: Collection[Contract],
    *,
    now: datetime,
    stale: timedelta,
) -> list[dict[str, Any]]:
    """Each expected table with its age and bound, those that need a look first.

    Days are late by when they were published: a day's data is never younger than its end.
    """
    published = {row["table_name"]: row for row in rows}
    found = []
    for contract in contracts:
        bound = bound_of(contract, stale=stale)
        row = published.get(contract.name)
        since = row and (row["data_as_of"] if bound == stale else row["published_at"])
        age = now - since if since else None
        found.append(
            {
                "table_name": contract.name,
                "state": NEVER if age is None else LATE if age > bound else FRESH,
                "age_minutes": None if age is None else age // timedelta(minutes=1),
                "bound_minutes": bound // timedelta(minutes=1),
                "data_as_of": row and row["data_as_of"],
                "row_count": row and row["row_count"],
                "kept_out_count": row and row["quarantined_count"],
            }
        )
    return sorted(found, key=lambda one: (one["state"] == FRESH, one["table_name"]))
