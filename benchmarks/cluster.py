"""Refresh on Spark's two workers, beside the same in one process; the bytes are compared.

On one machine this shows what a cluster costs, not what it gains: both have the same processors.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Cost
from benchmarks.refresh import make_lake, refreshed
from tools.cluster import SPARK, local_cluster, spark_settings
from tools.cluster_bytes import latest_versions, tables_of
from tools.progress import Progress

SIZES = (1_000_000, 10_000_000)
# Without the answers, as the refresh of ten million is measured elsewhere.
TABLES = ("batches", "enrolments", "activity", "attempts", "learners", "collections", "progress")
MEMORY = {"SPARK_EXECUTOR_MEMORY": "5g", "SPARK_WORKER_MEMORY": "6g", "SPARK_DRIVER_MEMORY": "3g"}


class Silent(Progress):
    """What is printed here is a table."""

    def say(self, text: str) -> None:
        return


def run(folder: Path) -> Iterator[str]:
    for enrolments in SIZES:
        home = folder / f"refresh-{enrolments}"
        make_lake(home, enrolments)
        told = f"refresh of {enrolments:,} enrolments, without responses"
        here = refreshed(home, *TABLES)
        yield f"| {told}, local[*] | {here} | one run |"
        before = tables_of(home)
        there = on_cluster(home)
        after = tables_of(home)
        share = there.seconds / here.seconds
        yield (
            f"| the same on a master and two workers of one core, ratio {share:.2f},"
            f" {differences(before, after)} files differ | {there}, of the driver | one run |"
        )
        yield from (line for line in sizes_of(home))


def on_cluster(home: Path) -> Cost:
    os.environ.update({name: os.environ.get(name, size) for name, size in MEMORY.items()})
    shutil.rmtree(home / "cluster" / "spark", ignore_errors=True)
    with local_cluster(home / "cluster", Silent(), parts=SPARK) as cluster:
        return refreshed(home, *TABLES, **spark_settings(cluster))


def differences(
    one: dict[tuple[str, str], list[str]], other: dict[tuple[str, str], list[str]]
) -> int:
    return sum(one.get(place) != other.get(place) for place in {*one, *other})


def sizes_of(home: Path) -> Iterator[str]:
    for table, folder in latest_versions(home).items():
        files = [file.stat().st_size for file in folder.rglob("*.parquet")]
        told = f"{len(files)} files, {sum(files) / 2**20:.0f} MiB, largest {max(files) / 2**20:.0f}"
        yield f"| its table {table} | {told} | |"
