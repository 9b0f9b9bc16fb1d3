"""Staged Parquet into a table of the store, a page at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from psycopg import Connection, sql
from psycopg.rows import DictRow


def take_staged(
    connection: Connection[DictRow], folder: Path, table: str, columns: Sequence[str]
) -> int:
    """Copy the folder's rows into a table that the transaction holds; returns how many."""
    pages = (
        page
        for part in sorted(folder.glob("*.parquet"))
        for page in pq.ParquetFile(part).iter_batches(columns=list(columns))
    )
    return take_rows(connection, pages, table, columns)


def take_rows(
    connection: Connection[DictRow],
    pages: Iterable[pa.RecordBatch],
    table: str,
    columns: Sequence[str],
) -> int:
    """Copy rows into a table that the transaction holds; returns how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), identifiers(columns)
    )
    rows = 0
    with connection.cursor().copy(statement) as sink:
        for page in pages:
            text = io.BytesIO()
            # Only a value is quoted: an empty text stays one, and NULL stays NULL.
            options = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")
            pa_csv.write_csv(page.select(list(columns)), text, options)
            sink.write(text.getvalue())
            rows += page.num_rows
    connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    return rows


def identifiers(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
