"""What a refresh need not make again: the buckets in which nothing changed.

A source whose catalogue entry names a column of change times is read for the buckets that changed
since the version before; the files of the others are linked. A row deleted at the source is seen
by the next full refresh only, so one is made when the last is a day old.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.contract import Field
from jobs.contracts.types import INSTANT
from jobs.sources.raw import reading
from jobs.storage.lake import BUCKET, Written, bucket_expression, rows_in
from jobs.storage.snapshots import Snapshot

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

NOTES = "_notes.json"

# A row that was written while the last refresh read its table may carry an older time.
OVERLAP = timedelta(minutes=15)
# Above this share of the buckets a full refresh costs no more, and also sees deletions.
MOST_CHANGED = 0.5

# The batch of a raw row, as Spark SQL.
BATCH_OF = {
    "enrolments": "trim(batchid)",
    "attempts": "trim(batch_id)",
    "activity": "regexp_extract(coalesce(context_id, ''), '^cb:(.+)$', 1)",
}


@dataclass(frozen=True)
class Part:
    """The buckets to make, of all; the files of the others are the version before's."""

    changed: frozenset[int]
    before: Snapshot

    @property
    def kept(self) -> list[int]:
        return sorted(set(range(self.before.buckets)) - self.changed)


def changed_part(
    table: str,
    raw: DataFrame,
    changed_at: str | None,
    before: Snapshot | None,
    *,
    buckets: int,
    now: datetime,
    full_every: timedelta,
) -> Part | None:
    """The buckets with a row that changed since the version before; None: make all of them.

    A row without a change time counts as changed. So does one without a batch, whose bucket
    nobody knows: it makes no bucket new, but is read again.
    """
    batch = BATCH_OF.get(table)
    if changed_at is None or batch is None or before is None or before.buckets != buckets:
        return None
    last_full = notes_of(before.path).get("full_at")
    if last_full is None or now - datetime.fromisoformat(last_full) >= full_every:
        return None
    since = F.lit(before.data_as_of - OVERLAP)
    times = change_times(raw, changed_at)
    found = (
        raw.where(times.isNull() | (times >= since))
        .select(F.expr(bucket_expression(batch, buckets)).alias(BUCKET))
        .distinct()
        .collect()
    )
    changed = frozenset(row[0] for row in found if row[0] is not None)
    return None if len(changed) > buckets * MOST_CHANGED else Part(changed, before)


def change_times(raw: DataFrame, name: str) -> Column:
    """The column as an instant; the latest one of a map of instants."""
    kind = raw.schema[name].dataType
    if isinstance(kind, T.MapType):
        return F.array_max(F.map_values(F.col(name))).cast("timestamp")
    return reading(F.col(name), kind, Field(name, INSTANT, ""))[0]


def rows_of(table: str, raw: DataFrame, part: Part) -> DataFrame:
    """The raw rows of the changed buckets, and those without a batch."""
    bucket = F.expr(bucket_expression(BATCH_OF[table], part.before.buckets))
    return raw.where(bucket.isNull() | bucket.isin([*part.changed]))


def link_kept(written: Written, part: Part) -> Written:
    """Take over the files of the buckets that did not change; a link costs no copy."""
    for bucket in part.kept:
        for folder in (f"{BUCKET}={bucket}", f"_quarantined/{BUCKET}={bucket}"):
            for file in sorted(Path(part.before.path, folder).glob("*.parquet")):
                target = Path(written.path, folder, file.name)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(file, target)
    return Written(written.snapshot_id, written.path, rows_in(Path(written.path)))


def input_fingerprints(inputs: dict[str, Snapshot], settings_of_rules: str) -> dict[str, str]:
    """What each bucket of a table made of others was made of: their files' names, by bucket.

    Spark names each file it writes anew, so equal names are equal rows.
    """
    by_batch = {name: snapshot for name, snapshot in inputs.items() if name in BATCH_OF}
    whole = sorted(
        snapshot.snapshot_id for name, snapshot in inputs.items() if name not in BATCH_OF
    )
    buckets = {snapshot.buckets for snapshot in by_batch.values()}
    if len(buckets) != 1:
        return {}
    prints = {}
    for bucket in range(buckets.pop()):
        names = [
            f"{name}/{file.name}"
            for name, snapshot in sorted(by_batch.items())
            for file in sorted(Path(snapshot.path, f"{BUCKET}={bucket}").glob("*.parquet"))
        ]
        told = json.dumps([names, whole, settings_of_rules])
        prints[str(bucket)] = hashlib.sha256(told.encode()).hexdigest()
    return prints


def part_by_fingerprints(
    fingerprints: dict[str, str], before: Snapshot | None, *, buckets: int
) -> Part | None:
    """The buckets made of other files than before; None: make all of them."""
    if before is None or before.buckets != buckets or len(fingerprints) != buckets:
        return None
    old = notes_of(before.path).get("fingerprints", {})
    changed = frozenset(int(b) for b, told in fingerprints.items() if old.get(b) != told)
    return None if len(changed) == buckets else Part(changed, before)


def notes_of(path: str) -> dict[str, Any]:
    """What a version noted of how it was made; nothing where it noted nothing."""
    file = Path(path, NOTES)
    notes: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return notes


def note(path: str, notes: dict[str, Any]) -> None:
    Path(path, NOTES).write_text(json.dumps(notes), encoding="utf-8")
