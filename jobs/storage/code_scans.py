"""Scans of QR codes, added up by whom they are credited to, for Spark to read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import Connection, sql
from psycopg.rows import DictRow

PAGE_ROWS = 50_000
SCHEMA = pa.schema(
    [
        ("owner_scope", pa.string()),
        ("owner_channel", pa.string()),
        ("code", pa.string()),
        ("scan_count", pa.int64()),
    ]
)


def export_code_scans(
    connection: Connection[DictRow], file: Path, *, first_on: date, last_on: date
) -> int:
    """Write the sums of these days as Parquet, a page at a time; returns how many rows."""
    file.parent.mkdir(parents=True, exist_ok=True)
    query = sql.SQL(
        "SELECT owner_scope, owner_channel, code, sum(scan_count)::bigint AS scan_count"
        " FROM metrics.scans_by_code_daily WHERE day BETWEEN {} AND {} AND code <> ''"
        " GROUP BY owner_scope, owner_channel, code"
    ).format(first_on, last_on)
    written = 0
    with (
        connection.cursor("code_scans") as rows,
        pq.ParquetWriter(file, SCHEMA) as writer,
    ):
        rows.execute(query)
        while page := rows.fetchmany(PAGE_ROWS):
            writer.write_table(pa.Table.from_pylist(page, schema=SCHEMA))
            written += len(page)
    return written
