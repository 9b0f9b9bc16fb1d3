"""Telemetry in folders by the day of arrival: which files there are, and their rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F

from jobs.errors import UnavailableError
from jobs.storage.catalogue import FORMATS, Source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BY_ENDING = "folders"


@dataclass(frozen=True)
class TelemetryFile:
    """One file; the size and the time tell whether it is still the same."""

    path: str
    byte_count: int
    changed_ms: int


@dataclass(frozen=True)
class TelemetryFolder:
    """What arrived on one day."""

    day: date
    json_lines: tuple[str, ...]
    parquet: tuple[str, ...]
    fingerprint: str
    byte_count: int = 0


def arrival_folders(
    spark: SparkSession, source: Source, days: Iterable[date]
) -> list[TelemetryFolder]:
    """The folders of these days that are there and hold files.

    Raises UnavailableError where a file's ending tells no format.
    """
    root = source.path or ""
    if "://" in root:
        found = listed_by_spark(spark, root, list(days))
    else:
        found = {day: listed(Path(root) / day.isoformat()) for day in days}
    return [folder_of(source, day, files) for day, files in sorted(found.items()) if files]


def listed(folder: Path) -> list[TelemetryFile]:
    parts = sorted(part for part in folder.rglob("*") if part.is_file())
    return [
        TelemetryFile(str(part), stat.st_size, stat.st_mtime_ns // 1_000_000)
        for part in parts
        if not part.name.startswith((".", "_"))
        for stat in [part.stat()]
    ]


def listed_by_spark(
    spark: SparkSession, root: str, days: list[date]
) -> dict[date, list[TelemetryFile]]:
    """The files of a store that only Spark reaches, by day; their contents are not read."""
    found: dict[date, list[TelemetryFile]] = defaultdict(list)
    glob = f"{root.rstrip('/')}/{{{','.join(day.isoformat() for day in days)}}}"
    try:
        reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        rows = reader.load(glob).select("path", "length", "modificationTime").collect()
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return found
        raise UnavailableError(
            f"The telemetry at {root} cannot be listed: {error.getCondition() or error}. Check its"
            " entry in the lake catalogue."
        ) from error
    for row in sorted(rows):
        inner = row.path[row.path.index(root.split("://", 1)[1].strip("/")) :]
        day = date.fromisoformat(inner[len(root.split("://", 1)[1].strip("/")) + 1 :][:10])
        changed = int(row.modificationTime.timestamp() * 1000)
        found[day].append(TelemetryFile(row.path, row.length, changed))
    return found


def folder_of(source: Source, day: date, files: list[TelemetryFile]) -> TelemetryFolder:
    by_format: dict[str, list[str]] = {"json": [], "parquet": []}
    for file in files:
        kind = source.format if source.format != BY_ENDING else format_of(file.path)
        if kind not in by_format:
            raise UnavailableError(
                f"The telemetry of {day} has the file {file.path}; promised are .jsonl, .json (.gz"
                " too) and .parquet. Move it away, or say the format in the lake catalogue."
            )
        by_format[kind].append(file.path)
    told = "\n".join(f"{file.path} {file.byte_count} {file.changed_ms}" for file in files)
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    return TelemetryFolder(
        day,
        tuple(by_format["json"]),
        tuple(by_format["parquet"]),
        fingerprint,
        sum(file.byte_count for file in files),
    )


def format_of(path: str) -> str:
    name = path.removesuffix(".gz")
    return FORMATS.get(f".{name.rsplit('.', 1)[-1]}", "")


def read_lines(spark: SparkSession, folder: TelemetryFolder) -> DataFrame:
    """The lines of the folder's JSON files as `value`, each with its `_file`."""
    lines = spark.read.text(list(folder.json_lines))
    return lines.select("value", F.col("_metadata.file_name").alias("_file"))


def read_parquet(spark: SparkSession, folder: TelemetryFolder) -> list[DataFrame]:
    """The folder's Parquet files, those of one shape together: a file says its own types."""
    shapes: dict[str, list[str]] = defaultdict(list)
    for path in folder.parquet:
        shapes["" if "://" in path else str(pq.read_schema(path))].append(path)
    return [
        spark.read.parquet(*paths).select(
            "*", F.col("_metadata.file_name").alias("_file"), F.lit(False).alias("_torn")
        )
        for paths in shapes.values()
    ]


def rows_in_parquet(spark: SparkSession, folder: TelemetryFolder) -> int:
    """The events of the folder's Parquet files: their footers tell."""
    here = [path for path in folder.parquet if "://" not in path]
    there = [path for path in folder.parquet if "://" in path]
    rows: int = sum(pq.read_metadata(path).num_rows for path in here)
    return rows + (spark.read.parquet(*there).count() if there else 0)
