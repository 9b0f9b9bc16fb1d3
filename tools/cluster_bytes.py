"""The published tables of a home as hashes, to be held against those of another."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

# What folders of landed events are called after: drawn anew by each run.
OF_THE_RUN = re.compile(r"\b(version|run)=\w+")
# Days beside each other, not versions of one table.
EVENTS = ("landed_events", "event_days")
# Parquet's magic word and the length of its footer.
TAIL = 8


def tables_of(home: Path) -> dict[tuple[str, str], list[str]]:
    """Table and bucket of each latest version to its files' hashes, whatever Spark called them."""
    found: dict[tuple[str, str], list[str]] = {}
    for table, folder in latest_versions(home).items():
        for file in folder.rglob("*.parquet"):
            place = (table, OF_THE_RUN.sub(r"\1", str(file.parent.relative_to(folder))))
            found.setdefault(place, []).append(digest(file))
    return {place: sorted(digests) for place, digests in found.items()}


def latest_versions(home: Path) -> dict[str, Path]:
    tables = sorted((home / "lake" / "clean").iterdir())
    return {
        table.name: table
        if table.name in EVENTS
        else max(table.iterdir(), key=lambda version: version.stat().st_mtime)
        for table in tables
        if any(table.iterdir())
    }


def digest(file: Path) -> str:
    """Every byte of the rows, and what the footer says of them.

    The footer lists a column's encodings in the order of hash codes that each Java process chooses
    anew, so that the very same command writes another list the second time: it is put in order.
    """
    content = file.read_bytes()
    footer = int.from_bytes(content[-TAIL:-4], "little")
    told = ordered(pq.ParquetFile(file).metadata.to_dict())
    rows = hashlib.sha256(content[: -TAIL - footer])
    rows.update(json.dumps(told, default=str, sort_keys=True).encode())
    return rows.hexdigest()


def ordered(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: sorted(value) if key == "encodings" else ordered(value)
            for key, value in node.items()
        }
    return [ordered(one) for one in node] if isinstance(node, list) else node
