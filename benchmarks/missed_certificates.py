"""Missed certificates: a night over all enrolments, Spark start and publish included."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
from pyspark.sql import functions as F

from benchmarks.measure import cost_of, seconds_of
from benchmarks.night_platform import AS_OF, LEARNERS_OF_A_BATCH, make_night, table_folder
from jobs.settings import Settings
from jobs.storage.spark import spark_session

SIZES = (1_000_000, 10_000_000)

# What somebody who knows the data would write for one night: the same rules, no life of findings.
IN_DUCKDB = """
CREATE OR REPLACE TABLE found AS
WITH completed AS (
    SELECT user_id, batch_id, completed_at, certificates
    FROM read_parquet('{enrolments}')
    WHERE status = 2 AND is_active AND completed_at <= TIMESTAMPTZ '{as_of}'
), earned AS (
    SELECT c.user_id, c.batch_id, v.template_id, v.least_score
    FROM completed AS c
    INNER JOIN versions AS v
        ON c.batch_id = v.batch_id AND c.completed_at >= v.valid_from
        AND (v.valid_to IS NULL OR c.completed_at < v.valid_to)
    WHERE len(list_filter(c.certificates, lambda one: lower(regexp_replace(
        one['name'], '\\s+', ' ', 'g')) = v.name_key)) = 0
), scored AS (
    SELECT a.user_id, a.batch_id, max(a.score / a.max_score) AS best
    FROM read_parquet('{attempts}') AS a
    SEMI JOIN earned AS e ON a.batch_id = e.batch_id AND a.user_id = e.user_id
    WHERE a.content_id LIKE 'quiz%' AND a.max_score > 0
    GROUP BY ALL
)
SELECT e.user_id, e.batch_id, e.template_id
FROM earned AS e
INNER JOIN read_parquet('{learners}') AS l ON e.user_id = l.user_id AND l.is_active
LEFT JOIN scored AS s ON e.batch_id = s.batch_id AND e.user_id = s.user_id
WHERE e.least_score IS NULL OR s.best * 100 >= e.least_score
"""


def run(folder: Path) -> Iterator[str]:
    for enrolments in SIZES:
        found = measure(folder, enrolments)
        batches = enrolments // LEARNERS_OF_A_BATCH
        yield (
            f"| missed certificates, {enrolments:,} enrolments of {batches:,} batches |"
            f" {found['ours']} | one run |"
        )
        yield (
            f"| the same findings in DuckDB ({found['rows']:,}, compared), nothing published |"
            f" {found['duckdb_seconds']:.1f} s wall, {found['times_duckdb']:.1f} times faster |"
            " median of 3 |"
        )
        yield (
            f"| the rules of Sunbird's own reconciliation, in Spark ({found['peer_rows']:,}"
            f" learners) | {found['peer_seconds']:.1f} s wall, Spark start included | one run |"
        )


def measure(folder: Path, enrolments: int) -> dict[str, float]:
    home = folder / f"missed-certificates-{enrolments}"
    if not (home / "lake" / "clean" / "MADE").is_file():
        shutil.rmtree(home, ignore_errors=True)
        make_night(home, enrolments=enrolments)
    variables = {"SUNBIRD_BATCH_HOME": str(home), "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "3g"}
    # A night later each time: the store keeps the findings of the last run.
    night = AS_OF + timedelta(minutes=len(list(home.glob("ran-*"))))
    ours = cost_of(["jobs", "missed-certificates", "--as-of", night.isoformat()], variables)
    (home / f"ran-{night:%H%M}").touch()
    cost_of(["jobs", "store", "down"], variables)
    rows, seconds = beside_duckdb(home)
    peer_rows, peer_seconds = peer(home)
    return {
        "ours": ours,
        "rows": rows,
        "duckdb_seconds": seconds,
        "times_duckdb": ours.seconds / seconds,
        "peer_rows": peer_rows,
        "peer_seconds": peer_seconds,
    }


def beside_duckdb(home: Path) -> tuple[int, float]:
    """The rows that both found, and DuckDB's seconds; ValueError where they differ."""
    files = {
        name: f"{table_folder(home, name)}/*/*.parquet"
        for name in ("enrolments", "attempts", "learners")
    }
    query = IN_DUCKDB.format(as_of=AS_OF.isoformat(), **files)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE TABLE versions AS SELECT * FROM read_parquet(?)",
            [str(home / "versions.parquet")],
        )
        seconds = seconds_of(3, lambda: connection.execute(query))
        theirs = connection.execute("SELECT user_id, batch_id FROM found").fetchall()
    ours = ours_found(home)
    if set(theirs) != ours:
        raise ValueError(
            f"DuckDB found {len(set(theirs))} and the night {len(ours)}; in one alone:"
            f" {sorted(set(theirs) ^ ours)[:5]}"
        )
    return len(ours), seconds


def ours_found(home: Path) -> set[tuple[str, str]]:
    from jobs.storage.store import open_store

    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        rows = connection.execute(
            "SELECT user_id, batch_id FROM operations.missed_certificate"
            " WHERE state IN ('new', 'pending')"
        ).fetchall()
    return {(row["user_id"], row["batch_id"]) for row in rows}


def peer(home: Path) -> tuple[int, float]:
    """Completed, the batch has any template now, and no certificate of any kind is listed."""
    began = time.perf_counter()
    with spark_session(Settings(home=home, spark_driver_memory="3g"), name="peer") as spark:
        enrolments = spark.read.parquet(table_folder(home, "enrolments"))
        batches = spark.read.parquet(table_folder(home, "batches"))
        missed = (
            enrolments.where("completed_at IS NOT NULL")
            .join(batches.where("has_certificate_template"), on="batch_id", how="inner")
            .where(F.coalesce(F.size("certificates"), F.lit(0)) <= 0)
            .select("batch_id", "user_id")
        )
        # It counts what it has written, and so reads everything twice.
        missed.write.mode("overwrite").parquet(str(home / "peer"))
        rows = missed.count()
    return rows, time.perf_counter() - began
