"""Reading a clustered lake table with Arrow: the bucket, then the row groups, and no Spark."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from psycopg import Connection
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.contract import Contract
from jobs.errors import ContractError, UnavailableError
from jobs.storage.snapshots import Snapshot, latest

ROWS_PER_BATCH = 8192


def bucket_of(key: str, buckets: int) -> int:
    """The bucket of a key: the same in Spark, where the table is written (`crc32`)."""
    return zlib.crc32(key.encode("utf-8")) % buckets


class ClusteredTable:
    """One published version of a table, read by the first column of its key."""

    def __init__(self, snapshot: Snapshot, contract: Contract) -> None:
        self.snapshot = snapshot
        self.contract = contract
        lineage.note_read(lineage.CLEAN, contract.name)

    def batches(self, key: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of one key in the table's order, some thousands at a time.

        Raises ContractError when the files lack a promised column, UnavailableError when they
        are gone.
        """
        is_this_key = ds.field(self.contract.key[0]) == key
        yield from self._pages(self._parts(key), columns or self.contract.columns, is_this_key)

    def scan(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Every row, with these columns: for tables that are small on any platform."""
        yield from self._pages(self._parts(None), columns, None)

    def _pages(
        self, parts: list[str], wanted: list[str], condition: Any
    ) -> Iterator[pa.RecordBatch]:
        # Spark's own notes in the files' schema would make equal pages differ.
        promised = pa.schema([self.contract.arrow_schema().field(name) for name in wanted])
        for part in parts:
            try:
                table = ds.dataset(part, format="parquet")
            except FileNotFoundError:
                # Purged since the folder was listed: a newer version took its place.
                raise self._gone() from None
            missing = [name for name in wanted if name not in table.schema.names]
            if missing:
                raise ContractError(
                    f"The published files of `{self.contract.name}` at {self.snapshot.path} lack"
                    f" {', '.join(missing)}. They were written by another version: run"
                    f" `python -m jobs refresh {self.contract.name}`."
                )
            pages = table.to_batches(
                columns=wanted,
                filter=condition,
                batch_size=ROWS_PER_BATCH,
                batch_readahead=2,
                fragment_readahead=1,
            )
            yield from (page.cast(promised) for page in pages if page.num_rows)

    def among(self, keys: Collection[str], columns: list[str]) -> Iterator[pa.RecordBatch]:
        """The rows of many keys, from those buckets alone that hold any of them."""
        of_bucket: dict[int, list[str]] = {}
        for key in keys:
            of_bucket.setdefault(bucket_of(key, self.snapshot.buckets), []).append(key)
        for members in of_bucket.values():
            is_one = ds.field(self.contract.key[0]).isin(members)
            yield from self._pages(self._parts(members[0]), columns, is_one)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The rows of one key, whole: for tables with a few rows a key."""
        return [
            row
            for batch in self.batches(key)
            for row in pa.Table.from_batches([batch]).to_pylist(maps_as_pydicts="lossy")
        ]

    def _parts(self, key: str | None) -> list[str]:
        folder = Path(self.snapshot.path)
        if not folder.is_dir():
            raise self._gone()
        bucket = "*" if key is None else str(bucket_of(key, self.snapshot.buckets))
        return sorted(str(part) for part in folder.glob(f"bucket={bucket}/*.parquet"))

    def _gone(self) -> UnavailableError:
        return UnavailableError(
            f"The files of `{self.contract.name}` are gone from {self.snapshot.path}. Run"
            f" `python -m jobs refresh {self.contract.name}`."
        )


def open_table(connection: Connection[DictRow], contract: Contract) -> ClusteredTable:
    """The published version of a table; UnavailableError where none was ever published."""
    snapshot = latest(connection, contract.name)
    if snapshot is None:
        raise UnavailableError(
            f"The table `{contract.name}` has no published version yet."
            f" Run `python -m jobs refresh {contract.name}`."
        )
    return ClusteredTable(snapshot, contract)
