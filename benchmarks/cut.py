"""The cut alone, clean table to CSV bytes, beside DuckDB that writes the same rows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import BinaryIO

import duckdb

from benchmarks.measure import seconds_of
from benchmarks.platform import COURSE, KEY, SALT, batch_id, make_platform
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.exhausts.cut import columns_read, write_csv
from jobs.exhausts.kinds import PROGRESS_EXHAUST
from jobs.exhausts.layout import Column, columns_of
from jobs.settings import Settings
from jobs.sources.cipher import decrypt_many
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.store import open_store

LEARNERS, REPEATS = 100_000, 5
HIDDEN = ("email", "mobile")


def run(folder: Path) -> Iterator[str]:
    """Interleaved runs of both, without the two enciphered columns; their rows are compared."""
    home = folder / "cut"
    make_platform(home, learners=LEARNERS, batches=1, modules=20, assessments=20)
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        table = open_table(connection, PROGRESS)
        (course,) = open_table(connection, COLLECTIONS).rows(COURSE)
        (batch,) = open_table(connection, BATCHES).rows(batch_id(0))
    whole = columns_of("dashboard", course, batch)
    columns = [column for column in whole if column.kind not in HIDDEN]
    sql = duckdb_query(table.snapshot.path, [(c.kind, c.source, c.header) for c in columns])
    target = home / "duckdb.csv"
    ours_at, theirs_at, whole_at = [], [], []
    ours = io.BytesIO()
    for _ in range(REPEATS):
        ours_at.append(seconds_of(1, lambda: written(table, columns, ours)))
        theirs_at.append(seconds_of(1, lambda: duckdb_writes(sql, target)))
        whole_at.append(seconds_of(1, lambda: written(table, whole, io.BytesIO())))
    compare(ours.getvalue(), target.read_bytes())
    mine, theirs = median(ours_at), median(theirs_at)
    yield (
        f"| cut of 100,000 rows x {len(columns)} columns, beside DuckDB | {mine:.2f} s; DuckDB"
        f" {theirs:.2f} s; ratio {mine / theirs:.1f} | median of {REPEATS}, interleaved |"
    )
    yield (
        f"| the same with e-mail and mobile deciphered and masked ({len(whole)} columns) |"
        f" {median(whole_at):.2f} s | median of {REPEATS} |"
    )


def written(table: ClusteredTable, columns: list[Column], target: BinaryIO) -> None:
    target.seek(0)
    target.truncate()
    write_csv(
        target,
        table.batches(batch_id(0), columns_read(columns, PROGRESS_EXHAUST.needed)),
        columns,
        decipher_many=lambda texts: decrypt_many(texts, key=KEY, salt=SALT),
    )


def duckdb_writes(sql: str, target: Path) -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"COPY ({sql}) TO '{target}' (HEADER, DELIMITER ',')")


def duckdb_query(path: str, columns: list[tuple[str, str, str]]) -> str:
    """What an expert would write: one SELECT over the files, pruned by bucket and batch."""
    cell = {
        "text": "{0}", "day": "strftime({0}, '%d/%m/%Y')", "number": "{0}",
        "percent": "{0} || '%'", "email": "{0}", "mobile": "{0}",
        "module": "module_progress['{0}']", "score": "score_pct['{0}'] || '%'",
    }  # fmt: skip
    shown = ", ".join(
        f'{cell[kind].format(source)} AS "{header}"' for kind, source, header in columns
    )
    return (
        f"SELECT {shown} FROM read_parquet('{path}/*/*.parquet', hive_partitioning = true)"
        f" WHERE batch_id = '{batch_id(0)}' AND left_out_reason IS NULL ORDER BY user_id"
    )


def compare(ours: bytes, theirs: bytes) -> None:
    mine, other = (
        list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
        for text in (ours, theirs)
    )
    assert mine == other, "the two files differ"
