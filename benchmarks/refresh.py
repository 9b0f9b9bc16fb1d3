"""Refresh: raw tables of a large platform into clustered exhaust tables, Spark start included."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import cost_of
from jobs.samples.scale import write_scaled
from jobs.samples.scale_tables import SCALE_KEY, SCALE_SALT

SIZES = (1_000_000, 10_000_000)


def run(folder: Path) -> Iterator[str]:
    for enrolments in SIZES:
        home = folder / f"refresh-{enrolments}"
        if not (home / "lake" / "user_enrolments").is_dir():
            write_scaled(
                home / "lake",
                enrolments=enrolments,
                batches=enrolments // 500,
                users=enrolments // 5,
                big_batch=100_000,
            )
        variables = {
            "SUNBIRD_BATCH_HOME": str(home),
            "SUNBIRD_BATCH_PLATFORM_KEY": SCALE_KEY,
            "SUNBIRD_BATCH_PLATFORM_SALT": SCALE_SALT,
            "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "5g",
        }
        cost = cost_of(["jobs", "refresh"], variables)
        yield f"| refresh of {enrolments:,} enrolments, all tables | {cost} | one run |"
