"""Refresh: raw tables of a large platform into clustered exhaust tables, Spark start included.

Beside it DuckDB doing the same, whose rows are compared; one with 1 % changed; and the way of one
scan of everything for each batch.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.measure import Cost, cost_of
from benchmarks.refresh_by_duckdb import difference, refresh_by_duckdb
from benchmarks.refresh_by_scans import BATCHES_MEASURED, seconds_a_batch
from jobs.contracts.exhausts import PROGRESS
from jobs.samples.scale import write_scaled
from jobs.samples.scale_tables import SCALE_KEY, SCALE_SALT
from jobs.settings import Settings
from jobs.storage.clustered import open_table
from jobs.storage.store import open_store

SIZES = (1_000_000, 10_000_000)
BATCH_ROWS = 500
# The column of change times that the measured platform keeps, and how a row's becomes now.
CHANGE_TIMES = {
    "user_enrolments": ("batchid", "datetime", "now()"),
    "assessment_aggregator": ("batch_id", "updated_on", "now()"),
    "user_activity_agg": (
        "context_id[4:]",
        "agg_last_updated",
        "map_from_entries(list_transform(map_keys(agg_last_updated), lambda k: row(k, now())))",
    ),
}
MANY_BUCKETS = "512"
FAST_TABLES = ("enrolments", "activity", "attempts", "progress")


def run(folder: Path) -> Iterator[str]:
    for enrolments in SIZES:
        home = folder / f"refresh-{enrolments}"
        make_lake(home, enrolments)
        told = f"refresh of {enrolments:,} enrolments"
        cost = refreshed(home)
        yield f"| {told}, all tables | {cost} | one run |"
        target = folder / "duckdb-progress"
        shutil.rmtree(target, ignore_errors=True)
        began = perf_counter()
        refresh_by_duckdb(home / "lake", target)
        seconds = perf_counter() - began
        rows = difference(progress_of(home), target)
        yield (
            f"| the same by DuckDB, {rows} rows differ | {seconds:.1f} s;"
            f" ratio {cost.seconds / seconds:.1f} | one run |"
        )
        shutil.rmtree(target)
        a_batch = seconds_a_batch(home, target)
        hours = a_batch * enrolments / BATCH_ROWS / 3600
        yield (
            f"| one scan of everything for each batch, {a_batch:.1f} s a batch |"
            f" about {hours:.1f} hours | {BATCHES_MEASURED} batches, extrapolated |"
        )
        shutil.rmtree(target)
    yield from partial(folder / f"refresh-{SIZES[-1]}", folder / "refresh-partial")


def make_lake(home: Path, enrolments: int) -> None:
    if not (home / "lake" / "user_enrolments").is_dir():
        write_scaled(
            home / "lake",
            enrolments=enrolments,
            batches=enrolments // BATCH_ROWS,
            users=enrolments // 5,
            big_batch=100_000,
        )


def refreshed(home: Path, *tables: str, **variables: str) -> Cost:
    return cost_of(["jobs", "refresh", *tables], platform(home) | variables)


def platform(home: Path) -> dict[str, str]:
    return {
        "SUNBIRD_BATCH_HOME": str(home),
        "SUNBIRD_BATCH_PLATFORM_KEY": SCALE_KEY,
        "SUNBIRD_BATCH_PLATFORM_SALT": SCALE_SALT,
        "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "5g",
    }


def progress_of(home: Path) -> str:
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        return open_table(connection, PROGRESS).snapshot.path


def partial(source: Path, home: Path) -> Iterator[str]:
    """A full refresh of the fast tables, then one after every hundredth batch changed."""
    shutil.rmtree(home, ignore_errors=True)
    lake = home / "lake"
    lake.mkdir(parents=True)
    for folder in (source / "lake").iterdir():
        if folder.name != "clean":
            (lake / folder.name).symlink_to(folder.resolve())
    catalogue = home / "lake.toml"
    catalogue.write_text(
        "".join(
            f"[{table.name}]\npath = {json.dumps('{lake}/' + table.name)}\n"
            + (
                f'changed_at = "{CHANGE_TIMES[table.name][1]}"\n'
                if table.name in CHANGE_TIMES
                else ""
            )
            for table in lake.iterdir()
        )
    )
    variables = {
        "SUNBIRD_BATCH_LAKE_CATALOGUE": str(catalogue),
        "SUNBIRD_BATCH_LAKE_BUCKETS": MANY_BUCKETS,
    }
    refreshed(home, "batches", "learners", "collections", **variables)
    whole = refreshed(home, *FAST_TABLES, **variables)
    yield f"| the tables by batch, {MANY_BUCKETS} buckets, all of them | {whole} | one run |"
    for table, (batch, column, changed) in CHANGE_TIMES.items():
        change(lake / table, batch, column, changed)
    some = refreshed(home, *FAST_TABLES, **variables)
    share = some.seconds / whole.seconds
    yield f"| the same with 1 % changed, ratio {share:.2f} | {some} | one run |"
    shutil.rmtree(home)


def change(table: Path, batch: str, column: str, changed: str) -> None:
    """Give the rows of every hundredth batch another time of change."""
    source, parts = table.resolve(), sorted(table.resolve().glob("*.parquet"))
    table.unlink()
    table.mkdir()
    for part in parts:
        duckdb.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN ({batch})[-4:] LIKE '__00' THEN {changed}"
            f" ELSE {column} END AS {column}) FROM '{source / part.name}')"
            f" TO '{table / part.name}' (FORMAT parquet)"
        )
