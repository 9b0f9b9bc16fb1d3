"""Partitions of metric tables: put in the place of what was there, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.contract import Contract
from jobs.storage.staging import identifiers, take_rows, take_staged

SCHEMA = "metrics"


@dataclass(frozen=True)
class Partition:
    """Rows that take the place of those with the same `values`; no values: of the whole table.

    `staged` is a folder of Parquet, or an Arrow table, with the contract's columns.
    """

    contract: Contract
    staged: Path | pa.Table
    data_as_of: datetime
    values: Mapping[str, date | str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As day=2026-11-20; empty for the whole table."""
        return ",".join(f"{column}={value}" for column, value in self.values.items())

    @property
    def subject(self) -> str:
        return f"{SCHEMA}.{self.contract.name}" + (f" {self.name}" if self.name else "")

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(SCHEMA, self.contract.name)

    @property
    def aside(self) -> sql.Identifier:
        """The temporary table that the rows are copied into."""
        return sql.Identifier(f"staged_{self.contract.name}")


def lock_tables(connection: Connection[DictRow], tables: Iterable[str]) -> None:
    """One publisher of a table at a time, in one order; readers wait for nobody."""
    for name in sorted(set(tables)):
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext('publish metrics'), hashtext(%s))", [name]
        )


def stage(connection: Connection[DictRow], partition: Partition) -> int:
    """Copy the rows aside, where the gate can look at them; returns how many."""
    columns = partition.contract.columns
    # Without the table's constraints: what breaks them is the gate's to tell.
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WHERE false").format(
            partition.aside, identifiers(columns), partition.table
        )
    )
    name = partition.aside.as_string().strip('"')
    if isinstance(partition.staged, Path):
        return take_staged(connection, partition.staged, name, columns)
    return take_rows(connection, partition.staged.to_batches(max_chunksize=50_000), name, columns)


def replace(connection: Connection[DictRow], partition: Partition, *, now: datetime) -> int:
    """Take out the partition's rows and put the staged ones in; returns how many.

    Readers see either all of the old or all of the new rows, from the commit on.
    """
    lineage.note_made(lineage.METRICS, partition.contract.name)
    columns = identifiers(partition.contract.columns)
    connection.execute(
        sql.SQL("DELETE FROM {} {}").format(partition.table, rows_of(partition)),
        list(partition.values.values()),
    )
    row_count = connection.execute(
        sql.SQL("INSERT INTO {} ({columns}) SELECT {columns} FROM {} ORDER BY {}").format(
            partition.table, partition.aside, identifiers(partition.contract.key), columns=columns
        )
    ).rowcount
    connection.execute(sql.SQL("DROP TABLE {}").format(partition.aside))
    tell_freshness(connection, partition, row_count, now=now)
    return row_count


def rows_of(partition: Partition) -> sql.Composable:
    if not partition.values:
        return sql.SQL("")
    return sql.SQL("WHERE ") + sql.SQL(" AND ").join(
        sql.SQL("{} = %s").format(sql.Identifier(column)) for column in partition.values
    )


def tell_freshness(
    connection: Connection[DictRow], partition: Partition, row_count: int, *, now: datetime
) -> None:
    told: dict[str, Any] = {
        "table_name": partition.contract.name,
        "partition_name": partition.name,
        "row_count": row_count,
        "data_as_of": partition.data_as_of,
        "published_at": now,
    }
    connection.execute(
        "INSERT INTO operations.metric_partition"
        " (table_name, partition_name, row_count, data_as_of, published_at)"
        " VALUES (%(table_name)s, %(partition_name)s, %(row_count)s, %(data_as_of)s,"
        " %(published_at)s)"
        " ON CONFLICT (table_name, partition_name) DO UPDATE SET row_count = EXCLUDED.row_count,"
        " data_as_of = EXCLUDED.data_as_of, published_at = EXCLUDED.published_at",
        told,
    )
