"""Removes the versions of a lake table that are not kept any more, and what was never published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jobs.contracts.contract import Contract
from jobs.storage.crash_points import crash_point
from jobs.storage.lake import remove_unpublished, remove_version
from jobs.storage.snapshots import forget, versions
from jobs.storage.store import Store


def purge(store: Store, lake: Path, contract: Contract, *, kept: int, now: datetime) -> None:
    """Keep the newest so many; the store forgets the others before their files go."""
    with store.transaction() as connection:
        published = versions(connection, contract.name)
        for version in published[kept:]:
            forget(connection, version)
    crash_point("purge: forgotten, not removed")
    for version in published[kept:]:
        remove_version(version.path)
    remove_unpublished(lake, contract, {one.snapshot_id for one in published[:kept]}, now)
