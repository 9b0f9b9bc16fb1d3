"""Batch status: a run in which one batch in a hundred changes, Spark start included."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import cost_of, seconds_of
from jobs.settings import Settings
from jobs.storage.spark import spark_session

SIZES = (1_000_000, 10_000_000)
FILE_ROWS = 500_000
EVE, MORNING = "2026-11-21T12:00:00Z", "2026-11-21T18:30:00Z"
FIRST_DAY = date(2026, 11, 22)
BATCHES_OF_A_COURSE = 5
COURSES_TRIED = 20

IN_DUCKDB = """
CREATE OR REPLACE TABLE moved AS
SELECT b.batchid, b.courseid, b.status AS from_status,
    CASE WHEN DATE '2026-11-22' > e THEN 2 WHEN DATE '2026-11-22' >= s THEN 1 ELSE 0 END AS status
FROM (
    SELECT *, TRY_CAST(startdate AS DATE) AS s, TRY_CAST(enddate AS DATE) AS e
    FROM read_parquet('{files}')
    QUALIFY row_number() OVER (PARTITION BY batchid ORDER BY updateddate DESC) = 1
) AS b
WHERE b.status IS DISTINCT FROM
    CASE WHEN DATE '2026-11-22' > e THEN 2 WHEN DATE '2026-11-22' >= s THEN 1 ELSE 0 END
"""


def run(folder: Path) -> Iterator[str]:
    for batches in SIZES:
        found = measure(folder, batches)
        yield (
            f"| batch status, {batches:,} batches, 1 % changing, LMS not told | {found['ours']} |"
            " one run |"
        )
        yield (
            f"| the same rule in DuckDB, read and compared, nothing published |"
            f" {found['duckdb_seconds']:.1f} s wall, {found['times_duckdb']:.1f} times faster |"
            " median of 3 |"
        )
        if "loop_seconds" in found:
            yield (
                f"| the same by two Spark actions a course, {found['courses']:,} courses | about"
                f" {found['loop_seconds']:.0f} s wall, {found['times_loop']:.0f} times slower |"
                f" {COURSES_TRIED} courses, extrapolated |"
            )


def measure(folder: Path, batches: int) -> dict[str, object]:
    """The cost of the second of two runs, and of the two other ways."""
    home = folder / f"batch-status-{batches}"
    files = home / "lake" / "course_batch"
    if not files.is_dir():
        write_batches(files, batches)
    variables = {
        "SUNBIRD_BATCH_HOME": str(home),
        "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "4g",
    }
    cost_of(["jobs", "batch-status", "--at", EVE], variables)
    ours = cost_of(["jobs", "batch-status", "--at", MORNING], variables)
    cost_of(["jobs", "store", "down"], variables)
    query = IN_DUCKDB.format(files=files / "*.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        beside = seconds_of(3, lambda: connection.execute(query))
    found: dict[str, object] = {
        "ours": ours,
        "duckdb_seconds": beside,
        "times_duckdb": ours.seconds / beside,
    }
    if batches == SIZES[0]:
        courses = batches // 100 // BATCHES_OF_A_COURSE
        looped = loop_seconds(home, files) * courses
        found |= {
            "courses": courses,
            "loop_seconds": looped,
            "times_loop": looped / ours.seconds,
        }
    return found


def loop_seconds(home: Path, files: Path) -> float:
    """What one course costs when its batches are looked up one course after another."""
    settings = Settings(home=home, spark_driver_memory="4g")
    with spark_session(settings, name="loop") as spark:
        cached = spark.read.parquet(str(files)).select("courseid", "batchid", "status").cache()
        cached.count()
        began = time.perf_counter()
        for number in range(COURSES_TRIED):
            of_course = cached.where(cached.courseid == f"do_{number}")
            if not of_course.isEmpty():
                of_course.collect()
        return (time.perf_counter() - began) / COURSES_TRIED


def write_batches(folder: Path, batches: int) -> None:
    """Every hundredth course's batches begin on the day; of the others, half have ended."""
    folder.mkdir(parents=True)
    for start in range(0, batches, FILE_ROWS):
        rows = [batch(number) for number in range(start, min(start + FILE_ROWS, batches))]
        pq.write_table(pa.Table.from_pylist(rows), folder / f"part-{start:09}.parquet")


def batch(number: int) -> dict[str, object]:
    course = number // BATCHES_OF_A_COURSE
    begins = course % 100 == 0
    starts = FIRST_DAY if begins else FIRST_DAY - timedelta(days=30 + number % 300)
    has_ended = not begins and number % 2 == 0
    ends = starts + timedelta(days=20 if has_ended else 400)
    return {
        "courseid": f"do_{course}",
        "batchid": f"{number:019}",
        "name": f"Batch {number}",
        "startdate": starts.isoformat(),
        "enddate": ends.isoformat(),
        "status": 0 if begins else 2 if has_ended else 1,
        "enrollmenttype": "open",
        "createdfor": ["0130107621805015041"],
        "updateddate": "2026-11-01 00:00:00",
        "updated_date": datetime(2026, 11, 1, tzinfo=UTC),
    }
