"""Writing raw tables the way platforms export them: Parquet, JSON lines and CSV."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.contracts.raw import RAW_TABLES

Row = Mapping[str, Any]


def write_parquet(folder: Path, rows: Sequence[Row], schema: pa.Schema) -> None:
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    pq.write_table(table, folder / "part-00000.parquet", compression="zstd")


def write_json_lines(folder: Path, rows: Sequence[Row]) -> None:
    with (folder / "part-00000.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False, default=as_text) + "\n")


def write_csv(folder: Path, rows: Sequence[Row]) -> None:
    with (folder / "part-00000.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)


def as_cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    raise TypeError(f"A raw table cannot hold a {type(value).__name__}.")


def raw_schema(table: str) -> pa.Schema:
    return RAW_TABLES[table].arrow_schema()
