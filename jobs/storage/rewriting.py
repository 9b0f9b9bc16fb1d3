"""Takes one learner out of a published version: a new version, only their buckets written anew."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobs.contracts.contract import Contract
from jobs.storage.clustered import bucket_of
from jobs.storage.quarantine import folder_of
from jobs.storage.snapshots import Snapshot

USER = "user_id"


@dataclass(frozen=True)
class Found:
    """Where a learner is in one version: rows by file, of the table and of what was kept out."""

    snapshot: Snapshot
    rows: dict[Path, int]
    kept_out: dict[Path, int]

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def kept_out_count(self) -> int:
        return sum(self.kept_out.values())


def find_learner(snapshot: Snapshot, contract: Contract, user_id: str) -> Found:
    """The rows of a version that are a learner's; only the column of ids is read."""
    root = Path(snapshot.path)
    bucket = "*"
    if contract.key[0] == USER:
        bucket = str(bucket_of(user_id, snapshot.buckets))
    rows = files_with(root, bucket, user_id) if USER in contract.columns else {}
    return Found(snapshot, rows, files_with(folder_of(snapshot.path), "*", user_id))


def files_with(root: Path, bucket: str, user_id: str) -> dict[Path, int]:
    counted = {
        path: sum(
            pc.sum(pc.equal(page.column(0), user_id)).as_py() or 0
            for file in [pq.ParquetFile(path)]
            if USER in file.schema_arrow.names
            for page in file.iter_batches(columns=[USER])
        )
        for path in sorted(root.glob(f"bucket={bucket}/*.parquet"))
    }
    return {path: count for path, count in counted.items() if count}


def left_aside(published: list[Snapshot], user_id: str) -> list[Path]:
    """Folders beside a table's versions that nothing names any more and that hold the learner: a
    process was killed before it removed or published them."""
    named = {Path(version.path) for version in published}
    beside = {folder for path in named for folder in path.parent.iterdir() if folder.is_dir()}
    return sorted(folder for folder in beside - named if may_hold(folder, user_id))


def may_hold(folder: Path, user_id: str) -> bool:
    try:
        return bool(
            files_with(folder, "*", user_id) or files_with(folder_of(str(folder)), "*", user_id)
        )
    except (pa.ArrowInvalid, FileNotFoundError):
        # Half a file, or one that is just going away: nobody can say who is in it.
        return True


def write_without(found: Found, user_id: str) -> str:
    """Write the version aside without the learner; its path. Files without them are linked."""
    before = Path(found.snapshot.path)
    after = before.with_name(uuid.uuid4().hex)
    spoiled = found.rows.keys() | found.kept_out.keys()
    for path in sorted(before.rglob("*")):
        target = after / path.relative_to(before)
        if path.is_dir() or path.name.endswith(".crc"):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path in spoiled:
            # What is made of a table knows its files by their names: other rows, another name.
            write_others(path, target.with_name(f"part-{uuid.uuid4().hex}.parquet"), user_id)
        elif path.suffix == ".parquet":
            os.link(path, target)
        else:
            shutil.copyfile(path, target)
    return str(after)


def write_others(source: Path, target: Path, user_id: str) -> None:
    """The rows of everybody else, a row group at a time, as the file has them."""
    file = pq.ParquetFile(source)
    schema = in_utc(file.schema_arrow)
    with pq.ParquetWriter(target, schema) as writer:
        for rows in others(file, user_id):
            if rows.num_rows:
                writer.write_table(rows.cast(schema))


def others(file: pq.ParquetFile, user_id: str) -> Iterator[pa.Table]:
    for number in range(file.num_row_groups):
        rows = file.read_row_group(number)
        # A row without an id is nobody's and stays.
        yield rows.filter(pc.fill_null(pc.not_equal(rows.column(USER), user_id), True))


def in_utc(schema: pa.Schema) -> pa.Schema:
    """The same schema, with instants as every version holds them."""
    fields = [
        field.with_type(pa.timestamp("us", tz="UTC"))
        if pa.types.is_timestamp(field.type)
        else field
        for field in schema
    ]
    return pa.schema(fields, metadata=schema.metadata)
