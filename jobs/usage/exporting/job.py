"""Writes the files of daily usage anew from the table: nothing of an earlier file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.storage.aside import folder_aside
from jobs.storage.objects import Objects
from jobs.storage.store import Store
from jobs.usage.daily_metrics import (
    OVERALL_CELLS,
    TENANT_CELLS,
    Cell,
    as_csv,
    as_json,
    daily_metrics,
)

log = structlog.get_logger()

FOLDER = "portal_dashboards"
OVERALL_FOLDER = "overall"
# A part of a path and of an address, and nothing that could lead out of the folder.
SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")

# Of a tenant all days, under the slug of its last one.
HISTORY = """
SELECT usage_daily.*
FROM metrics.usage_daily
WHERE usage_daily.owner_scope IN ('overall', 'tenant')
ORDER BY usage_daily.owner_scope, usage_daily.owner_channel, usage_daily.day
"""


def export_daily_metrics(store: Store, objects: Objects) -> int:
    """Two files per tenant and two of the whole; returns how many were written."""
    taken: dict[str, str] = {OVERALL_FOLDER: ""}
    written = 0
    with store.transaction() as connection:
        for channel, rows in histories(connection):
            folder = str(rows[-1]["owner_slug"]) if channel else OVERALL_FOLDER
            if not SLUG.match(folder) or taken.setdefault(folder, channel) != channel:
                log.warning("no files: the slug names no folder of the tenant's own", owner=channel)
                continue
            put(objects, folder, rows, TENANT_CELLS if channel else OVERALL_CELLS)
            written += 2
    return written


def histories(connection: Connection[DictRow]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A tenant's channel, empty for the whole, with all of its rows: one tenant at a time."""
    # Read as it is needed: the history of all tenants grows with the years.
    with connection.cursor("history") as rows:
        rows.execute(HISTORY)
        for channel, own in groupby(rows, key=itemgetter("owner_channel")):
            yield channel, list(own)


def put(
    objects: Objects, folder: str, rows: list[dict[str, Any]], cells: Mapping[str, Cell]
) -> None:
    header, lines, last_day = daily_metrics(rows, cells)
    forms = {"csv": as_csv(header, lines), "json": as_json(header, lines, last_day)}
    with folder_aside() as aside:
        for ending, content in forms.items():
            path = aside / f"daily_metrics.{ending}"
            path.write_bytes(content)
            objects.put(f"{FOLDER}/{folder}/{path.name}", path)
