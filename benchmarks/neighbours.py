"""The same batch among ten million enrolments and among one million: a cut reads its own rows."""

import io
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measure import seconds_of
from benchmarks.refresh import SIZES, make_lake, progress_of, refreshed
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.errors import UnavailableError
from jobs.exhausts.cut import columns_read, write_csv
from jobs.exhausts.kinds import PROGRESS_EXHAUST
from jobs.exhausts.layout import Column, columns_of
from jobs.samples.batches import BIG
from jobs.samples.scale_tables import SCALE_KEY, SCALE_SALT
from jobs.settings import Settings
from jobs.sources.cipher import decrypt_many
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.store import open_store

REPEATS = 5


def run(folder: Path) -> Iterator[str]:
    platforms = [opened(folder / f"refresh-{size}", size) for size in SIZES]
    spent: list[list[float]] = [[], []]
    for _ in range(REPEATS):
        for (table, columns), times in zip(platforms, spent, strict=True):
            times.append(seconds_of(1, lambda t=table, c=columns: cut(t, c)))
    among_few, among_many = map(median, spent)
    yield (
        f"| the batch of 100,000, clean table to CSV, among {SIZES[0]:,} enrolments and among"
        f" {SIZES[1]:,} | {among_few:.2f} s and {among_many:.2f} s;"
        f" ratio {among_many / among_few:.2f} | median of {REPEATS}, interleaved |"
    )


def opened(home: Path, enrolments: int) -> tuple[ClusteredTable, list[Column]]:
    make_lake(home, enrolments)
    try:
        progress_of(home)
    except UnavailableError:
        refreshed(home)
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        table = open_table(connection, PROGRESS)
        (batch,) = open_table(connection, BATCHES).rows(BIG.batch_id)
        (course,) = open_table(connection, COLLECTIONS).rows(batch["collection_id"])
    return table, columns_of("dashboard", course, batch)


def cut(table: ClusteredTable, columns: list[Column]) -> None:
    write_csv(
        io.BytesIO(),
        table.batches(BIG.batch_id, columns_read(columns, PROGRESS_EXHAUST.needed)),
        columns,
        decipher_many=lambda texts: decrypt_many(texts, key=SCALE_KEY, salt=SCALE_SALT),
    )
