"""Where landed events, dropped rows and clicks are in the lake, and how they are read."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from jobs import lineage
from jobs.contracts.contract import Contract
from jobs.contracts.landed_events import LANDED_EVENTS, LATE, REJECTED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# What the folders tell of a landed row.
PLACES = ("arrival", "version", "part", "kind")
# Values of which a file holds most but once or a few times: no dictionary of them pays.
SELDOM_TWICE = (
    "row_id", "event_hash", "payload_hash", "row_hash", "event_id", "event_at", "arrived_at",
    "session_id", "device_id", "user_id",
)  # fmt: skip


@dataclass(frozen=True)
class EventFiles:
    """The folders of one lake."""

    lake: Path

    @property
    def landed(self) -> Path:
        return self.lake / "landed_events"

    @property
    def made(self) -> Path:
        """What is made of the landed rows, a folder per run."""
        return self.lake / "event_days"

    def version(self, arrival: date, version_id: str) -> Path:
        return self.landed / f"arrival={arrival}" / f"version={version_id}"

    def dropped(self, run_id: str) -> Path:
        return self.made / f"run={run_id}" / "rows=dropped"

    def clicks(self, run_id: str) -> Path:
        return self.made / f"run={run_id}" / "rows=clicks"


def write_options() -> dict[str, str]:
    """Dictionaries for what comes often, alone."""
    return {f"parquet.enable.dictionary#{name}": "false" for name in SELDOM_TWICE}


def read_landed(spark: SparkSession, files: EventFiles, paths: Iterable[Path]) -> DataFrame:
    """Landed rows below these folders, with what the folders tell."""
    from pyspark.sql import types as T

    inner = [field for field in LANDED_EVENTS.spark_schema() if field.name != "kind"]
    told = [T.StructField("arrival", T.DateType())]
    told += [T.StructField(name, T.StringType()) for name in PLACES[1:]]
    schema, there = T.StructType([*inner, *told]), [str(path) for path in paths if path.is_dir()]
    if not there:
        return spark.createDataFrame([], schema)
    lineage.note_read(lineage.CLEAN, LANDED_EVENTS.name)
    return spark.read.schema(schema).option("basePath", str(files.landed)).parquet(*there)


def read_made(
    spark: SparkSession, contract: Contract, root: Path, paths: Iterable[Path]
) -> DataFrame:
    """Rows of folders by day or kind, in the contract's shape."""
    there = [str(path) for path in paths if path.is_dir()]
    if not there:
        return spark.createDataFrame([], contract.spark_schema())
    lineage.note_read(lineage.CLEAN, contract.name)
    reader = spark.read.schema(contract.spark_schema()).option("basePath", str(root))
    return reader.parquet(*there).select(*contract.columns)


def landed_counts(version: Path) -> tuple[dict[str, dict[str, int]], Counter[str], Counter[str]]:
    """Rows by part and kind, late ones by day, and rejected ones by reason; footers tell most."""
    by_part: dict[str, dict[str, int]] = defaultdict(dict)
    for part in sorted(version.glob("part=*")):
        name = part.name.removeprefix("part=")
        for folder in part.glob("kind=*"):
            count = sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))
            by_part[name][folder.name.removeprefix("kind=")] = count
    late = values_of(version / f"part={LATE}", "day")
    rejected = values_of(version / f"part={REJECTED}", "reason")
    by_part.pop(LATE, None)
    by_part.pop(REJECTED, None)
    return dict(by_part), late, rejected


def values_of(folder: Path, column: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for page in pages(folder, [column]):
        for row in page.column(0).value_counts():
            found[str(row["values"].as_py())] += row["counts"].as_py()
    return found


def pages(folder: Path, columns: list[str]) -> Iterator:  # type: ignore[type-arg]
    parts = sorted(str(part) for part in folder.rglob("*.parquet"))
    return ds.dataset(parts, format="parquet").to_batches(columns=columns) if parts else iter(())


def dropped_counts(folder: Path) -> Counter[tuple[str, str]]:
    """Dropped rows of a day by kind and reason."""
    found: Counter[tuple[str, str]] = Counter()
    for page in pages(folder, ["kind", "reason"]):
        table = pa.Table.from_batches([page]).group_by(["kind", "reason"])
        for row in table.aggregate([([], "count_all")]).to_pylist():
            found[row["kind"], row["reason"]] += row["count_all"]
    return found


def rows_below(folder: Path) -> int:
    return sum(pq.read_metadata(part).num_rows for part in folder.rglob("*.parquet"))


def remove_unused(files: EventFiles, used: set[str], now: datetime) -> int:
    """Remove versions and runs that nothing names and that are older than a day."""
    folders = [*files.landed.glob("arrival=*/version=*"), *files.made.glob("run=*")]
    unused = [
        folder
        for folder in folders
        if folder.name.partition("=")[2] not in used
        and now.timestamp() - folder.stat().st_mtime > 86_400
    ]
    for folder in unused:
        shutil.rmtree(folder, ignore_errors=True)
    return len(unused)
