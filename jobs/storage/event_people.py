"""People in landed events: looked for, and taken out of rows that stay, so that counts do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from jobs.contracts.landed_events import CLICKS, REJECTED
from jobs.storage.event_files import SELDOM_TWICE, EventFiles
from jobs.storage.rewriting import in_utc

# A portal tells a click's user as the object that was clicked, too.
USER, OBJECT, OBJECT_TYPE = "user_id", "object_id", "object_type"
# What a killed process leaves: Spark's half-made files, and ours.
HALF_MADE, ASIDE = "_temporary", ".unnamed"
# A version whose rows name nobody any more; Spark does not read names like this.
NAMELESS = "_names_nobody"


def files_naming(files: EventFiles, user_id: str) -> dict[Path, int]:
    """The rows that name a user, by file, of everything that was landed and made of it."""
    is_theirs = (ds.field(USER) == user_id) | (ds.field(OBJECT) == user_id)
    counted = {
        path: ds.dataset(path, format="parquet").count_rows(filter=is_theirs)
        for root in (files.landed, *files.made.glob("run=*/rows=clicks"))
        for path in whole_files(root)
    }
    return {path: count for path, count in counted.items() if count}


def take_out(files: EventFiles, user_id: str) -> int:
    """Nobody's from now on; returns how many rows. Only while no run makes events."""
    remove_half_made(files)
    found = files_naming(files, user_id)
    for path in found:
        write_unnamed(path, user_id)
    return sum(found.values())


def naming_versions(files: EventFiles, before: date) -> list[Path]:
    """Landed versions of arrival days before one, whose rows can still name their users."""
    return [
        version
        for arrival in sorted(files.landed.glob("arrival=*"))
        if date.fromisoformat(arrival.name.removeprefix("arrival=")) < before
        for version in sorted(arrival.glob("version=*"))
        if not (version / NAMELESS).exists()
    ]


def make_nameless(version: Path) -> None:
    """Take all users out of a landed version but out of the clicks that figures to date count."""
    for path in whole_files(version):
        kind = path.parent.name.removeprefix("kind=")
        is_rejected = path.parent.parent.name == f"part={REJECTED}"
        if kind not in CLICKS or is_rejected:
            write_unnamed(path)
    (version / NAMELESS).touch()


def whole_files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.parquet")):
        if HALF_MADE not in path.parts:
            yield path


def remove_half_made(files: EventFiles) -> None:
    for root in (files.landed, files.made):
        for folder in sorted(root.rglob(HALF_MADE)):
            shutil.rmtree(folder, ignore_errors=True)
        for path in sorted(root.rglob(f".*{ASIDE}")):
            path.unlink()


def write_unnamed(path: Path, user_id: str | None = None) -> None:
    """The same rows in the place of a file, without a user, or without any."""
    aside = path.with_name(f".{path.name}{ASIDE}")
    with pq.ParquetFile(path) as file, aside.open("wb") as target:
        schema = in_utc(file.schema_arrow)
        common = [name for name in schema.names if name not in SELDOM_TWICE]
        with pq.ParquetWriter(target, schema, use_dictionary=common) as writer:
            for number in range(file.num_row_groups):
                rows = unnamed(file.read_row_group(number), user_id)
                writer.write_table(rows.cast(schema))
        target.flush()
        os.fsync(target.fileno())
    # Hadoop's checksum of the rows before would refuse these.
    path.with_name(f".{path.name}.crc").unlink(missing_ok=True)
    aside.replace(path)


def unnamed(rows: pa.Table, user_id: str | None) -> pa.Table:
    for name in (USER, OBJECT):
        column = rows.column(name)
        if user_id is not None:
            is_named = pc.equal(column, user_id)
        elif name == USER:
            is_named = pc.is_valid(column)
        else:
            is_named = pc.equal(pc.utf8_lower(rows.column(OBJECT_TYPE)), "user")
        nobody = pa.scalar(None, column.type)
        changed = pc.if_else(pc.fill_null(is_named, False), nobody, column)
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), changed)
    return rows
