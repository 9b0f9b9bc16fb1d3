"""The collection summary of a day, Spark start, publish and export included."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measure import cost_of, seconds_of
from benchmarks.night_platform import AS_OF, BATCHES_OF_A_COURSE, BUCKETS, snapshot, write, written
from benchmarks.night_platform import table_folder as folder_of
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.settings import Settings
from jobs.storage.snapshots import publish
from jobs.storage.store import open_store

SIZES = (1_000_000, 10_000_000)
LEARNERS_OF_A_BATCH = 200
COUNTS = "enrolment_count, completion_count, certificate_count, certificate_lag_count"
# Each batch is of one state and four of its districts; a fiftieth of all tells neither.
ENROLLED = f"""
SELECT
    printf('%019d', n // {LEARNERS_OF_A_BATCH}) AS batch_id,
    printf('%08x-0000-4000-8000-%012d', hash(n) % 4294967296, n) AS user_id,
    printf('do_%d', n // {LEARNERS_OF_A_BATCH} // {BATCHES_OF_A_COURSE}) AS collection_id,
    CASE WHEN hash(n) % 40 = 0 THEN 'left_batch' END AS left_out_reason,
    CASE WHEN hash(n + 1) % 50 > 0
        THEN printf('State %d', (n // {LEARNERS_OF_A_BATCH}) % 36) END AS state,
    CASE WHEN hash(n + 1) % 50 > 0 THEN printf('District %d', hash(n + 2) % 4) END AS district,
    printf('Council %d', hash(n + 3) % 100 // 99) AS org_name,
    CASE WHEN hash(n + 4) % 100 > 0 THEN 'teacher' ELSE 'student' END AS user_type,
    true AS is_known, 'in_progress' AS stage,
    CASE WHEN hash(n + 5) % 100 < 40 THEN DATE '2026-02-01' END AS completed_on,
    hash(n + 5) % 100 < 37 AS has_certificate,
    ((n // {LEARNERS_OF_A_BATCH}) % {BUCKETS})::INT AS bucket
FROM range({{rows}}) AS numbered (n)
"""
IN_DUCKDB = """
CREATE OR REPLACE TABLE found AS
WITH counted AS (
    SELECT batch_id, coalesce(state, 'unknown') AS state, coalesce(district, 'unknown') AS district,
        count(*) AS enrolled, count(completed_on) AS completed,
        count(*) FILTER (has_certificate) AS certified,
        CASE WHEN min(user_type) = max(user_type) THEN min(user_type) END AS user_type
    FROM read_parquet('{progress}', hive_partitioning = false)
    WHERE left_out_reason IS NULL
    GROUP BY ALL
)
SELECT b.batch_id, coalesce(state, 'unknown') AS state, coalesce(district, 'unknown') AS district,
    coalesce(enrolled, 0) AS enrolled, coalesce(completed, 0) AS completed,
    coalesce(certified, 0) AS certified,
    CASE WHEN has_certificate_template THEN coalesce(completed - certified, 0) END AS lag, user_type
FROM read_parquet('{batches}', hive_partitioning = false) AS b
LEFT JOIN counted AS c ON b.batch_id = c.batch_id
"""


def run(folder: Path) -> Iterator[str]:
    for enrolments in SIZES:
        home = folder / f"collection-summary-{enrolments}"
        if not (home / "lake" / "clean" / "MADE").is_file():
            shutil.rmtree(home, ignore_errors=True)
            make(home, enrolments)
        variables = {"SUNBIRD_BATCH_HOME": str(home), "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "3g"}
        command = ["jobs", "collection-summary", "--as-of", AS_OF.isoformat()]
        ours = cost_of(command, variables)
        cost_of(["jobs", "store", "down"], variables)
        rows, seconds = beside_duckdb(home)
        yield f"| collection summary, {enrolments:,} enrolments, {rows:,} rows | {ours} | one run |"
        yield (
            f"| the same rows in DuckDB (all compared), nothing published | {seconds:.2f} s wall,"
            f" {ours.seconds / seconds:.1f} times faster | median of 3 |"
        )


def make(home: Path, enrolments: int) -> None:
    batches = enrolments // LEARNERS_OF_A_BATCH
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET memory_limit = '3GB'")
        write(connection, home, PROGRESS, ENROLLED.format(rows=enrolments))
        (home / "lake" / "content").mkdir(parents=True)
        connection.execute(
            "COPY (SELECT printf('do_%d', n) AS identifier, printf('Course %d', n) AS name,"
            " ['Council'] AS organisation, ['Hindi', 'English'] AS medium FROM range("
            f"{batches // BATCHES_OF_A_COURSE}) AS numbered (n))"
            f" TO '{home / 'lake' / 'content' / 'part-0.parquet'}' (FORMAT parquet)"
        )
    made: list[dict[str, object]] = [
        {"batch_id": f"{number:019}", "collection_id": f"do_{number // BATCHES_OF_A_COURSE}",
         "batch_name": f"Batch {number}", "has_certificate_template": number % 5 < 3}
        for number in range(batches + 10)
    ]  # fmt: skip
    courses: list[dict[str, object]] = [
        {"collection_id": f"do_{number}", "collection_name": f"Course {number}", "status": "Live"}
        for number in range(batches // BATCHES_OF_A_COURSE)
    ]
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        publish(connection, written(home, BATCHES, made), [])
        publish(connection, written(home, COLLECTIONS, courses), [])
        publish(connection, snapshot(home, PROGRESS), [])
    (home / "lake" / "clean" / "MADE").touch()


def beside_duckdb(home: Path) -> tuple[int, float]:
    """The rows that both counted, and DuckDB's seconds; ValueError where they differ."""
    files = {name: f"{folder_of(home, name)}/*/*.parquet" for name in ("progress", "batches")}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        seconds = seconds_of(3, lambda: connection.execute(IN_DUCKDB.format(**files)))
        theirs = connection.execute("SELECT * FROM found").fetchall()
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        ours = {
            tuple(row.values())
            for row in connection.execute(
                f"SELECT batch_id, state, district, {COUNTS}, user_type"
                " FROM metrics.collection_summary_daily"
            )
        }
    if set(theirs) != ours:
        raise ValueError(f"In one alone: {sorted(set(theirs) ^ ours, key=str)[:5]}")
    return len(ours), seconds
