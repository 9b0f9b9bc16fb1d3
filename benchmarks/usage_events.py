"""Usage events: a day's telemetry of a large platform into events, Spark start included.

Beside it DuckDB doing the same, whose rows are compared, and how even the tasks are where one
course has a fifth of all events.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Cost, cost_of
from benchmarks.task_times import logging_to, longest_to_median
from benchmarks.usage_events_by_duckdb import difference, events_by_duckdb
from benchmarks.usage_telemetry import ARRIVAL, AS_PUBLISHED, DENSE, write_telemetry
from jobs.storage import postgres

SIZES = (2_000_000, 20_000_000)
JSON_EVENTS = 2_000_000


def run(folder: Path) -> Iterator[str]:
    costs = {}
    for events in SIZES:
        home = made(folder / f"usage-{events}", events)
        cost, told = measured(home, folder, f"{events:,} events as Parquet", shape=None)
        costs[events] = cost
        yield from told
    small, large = (costs[events].seconds for events in SIZES)
    yield f"| ten times the events cost | {large / small:.1f} times | one run each |"
    home = made(folder / "usage-dense", SIZES[1], shares=DENSE)
    what = f"{SIZES[1]:,} events of which 44 percent are counted"
    yield from measured(home, folder, what, shape=None)[1]
    shape = folder / f"usage-{SIZES[0]}" / "lake" / "telemetry" / ARRIVAL / "part-000.parquet"
    home = made(folder / "usage-json", JSON_EVENTS, is_json=True)
    _, told = measured(home, folder, f"{JSON_EVENTS:,} events as JSON lines", shape=shape)
    yield from told


def made(
    home: Path, events: int, *, is_json: bool = False, shares: dict[str, int] = AS_PUBLISHED
) -> Path:
    if not (home / "lake" / "telemetry").is_dir():
        write_telemetry(home / "lake", events=events, is_json=is_json, shares=shares)
    return home


def measured(home: Path, folder: Path, what: str, *, shape: Path | None) -> tuple[Cost, list[str]]:
    # The store too: what it remembers of the lake would be found done.
    postgres.destroy(home)
    shutil.rmtree(home / "lake" / "clean", ignore_errors=True)
    log = folder / "usage-tasks"
    cost = cost_of(
        ["jobs", "usage", "events", "--from", ARRIVAL, "--to", ARRIVAL],
        {"SUNBIRD_BATCH_HOME": str(home), "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "3g"}
        | logging_to(log),
    )
    target = folder / "duckdb-events"
    shutil.rmtree(target, ignore_errors=True)
    began = perf_counter()
    events_by_duckdb(home / "lake", ARRIVAL, target, shape=shape)
    seconds = perf_counter() - began
    clean = home / "lake" / "clean"
    [run_folder] = (clean / "event_days").glob("run=*")
    rows = difference(clean / "landed_events", run_folder, ARRIVAL, target)
    shutil.rmtree(target)
    return cost, [
        f"| {what}: landed, counted once, published; longest task"
        f" {longest_to_median(log):.1f} times the median | {cost} | one run |",
        f"| the same by DuckDB, {rows} rows differ | {seconds:.1f} s;"
        f" ratio {cost.seconds / seconds:.1f} | one run |",
    ]
