"""The archive of attempts: a folder per batch and collection, and CSV files of two writers.

Sunbird's job writes a quote as Spark does, after a backslash; others double it. A file's own text
tells which.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.contract import Contract
from jobs.storage.catalogue import Source
from jobs.storage.lake import MALFORMED

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

FOLDER = "folder"
PIECE = 1 << 16
# The first quote inside a question's JSON tells which of the two wrote the file.
QUOTE_IN_JSON = re.compile(rb'\{\s*(\\"|"")')
GLOB = re.compile(r"([\\{}\[\]*?^])")


@dataclass(frozen=True)
class ArchiveFile:
    """One file, with what tells whether it is still the same; `folder` is empty at the root."""

    path: Path
    folder: str
    size: int
    changed: int

    @property
    def batches(self) -> list[str]:
        """Every batch that the folder can belong to: ids of both parts may hold underscores."""
        ends = [mark.start() for mark in re.finditer("_", self.folder)]
        return [self.folder[:end] for end in ends] or [self.folder]

    @property
    def told(self) -> str:
        return f"{self.folder}/{self.path.name} {self.size} {self.changed}"


@dataclass(frozen=True)
class Form:
    """How a file is written: its columns in order, its escape, its line ends; and whether it is
    in a folder."""

    columns: tuple[str, ...]
    escape: str
    has_long_line_ends: bool
    is_in_folder: bool


def archive_files(source: Source) -> list[ArchiveFile] | None:
    """The archive's files in order; None where it is not a folder of CSV on this machine."""
    if source.format is None:
        return []
    if source.format != "csv" or source.path is None or not Path(source.path).is_dir():
        return None
    root = Path(source.path)
    return [
        ArchiveFile(path, "" if path.parent == root else path.parent.name, *told_of(path))
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.stat().st_size and not path.name.startswith((".", "_"))
    ]


def told_of(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def read_archive(
    spark: SparkSession, files: Iterable[ArchiveFile], contract: Contract
) -> DataFrame | None:
    """The rows of these files as text; None where there are no files.

    A file that cannot be opened, or whose header is not the contract's, is one row in `_malformed`.
    """
    forms: dict[Form | None, list[ArchiveFile]] = {}
    for file in files:
        form = form_of(file)
        is_known = form is not None and set(contract.required) <= set(form.columns)
        forms.setdefault(form if is_known else None, []).append(file)
    tables = [
        unusable_files(spark, found, contract)
        if form is None
        else rows_of(spark, form, found, contract)
        for form, found in forms.items()
    ]
    return reduce(lambda one, other: one.unionByName(other), tables) if tables else None


def form_of(file: ArchiveFile) -> Form | None:
    try:
        with opened(file.path) as stream:
            first = stream.readline()
            header = first.decode("utf-8-sig", "replace").strip("\r\n")
            columns = next(csv.reader([header]), [])
            return Form(
                tuple(name.strip().lower() for name in columns),
                escape_in(stream),
                first.endswith(b"\r\n"),
                bool(file.folder),
            )
    except (OSError, EOFError, zlib.error, csv.Error):
        return None


def escape_in(stream: BinaryIO) -> str:
    kept = b""
    while piece := stream.read(PIECE):
        if found := QUOTE_IN_JSON.search(kept + piece):
            return '"' if found[1] == b'""' else "\\"
        kept = piece[-2:]
    return "\\"


def opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def rows_of(
    spark: SparkSession, form: Form, files: list[ArchiveFile], contract: Contract
) -> DataFrame:
    names = [f"{place}_{name}" for place, name in enumerate(form.columns)]
    schema = T.StructType([T.StructField(name, T.StringType()) for name in [*names, MALFORMED]])
    options = {"header": "true", "multiLine": "true", "mode": "PERMISSIVE", "escape": form.escape}
    if not form.has_long_line_ends:
        # What is not told is guessed, and then line ends inside of quotes are rewritten.
        options["lineSep"] = "\n"
    table = (
        spark.read.options(**options)
        .option("columnNameOfCorruptRecord", MALFORMED)
        .schema(schema)
        .csv([GLOB.sub(r"\\\1", str(file.path)) for file in files])
    )
    # Of a name that stands twice the first column counts.
    at = {name: place for place, name in reversed([*enumerate(form.columns)])}
    folder = folder_of_row() if form.is_in_folder else F.lit(None).cast("string")
    return table.select(
        *(
            (F.col(f"`{names[at[name]]}`") if name in at else F.lit(None).cast("string")).alias(
                name
            )
            for name in contract.columns
            if name != FOLDER
        ),
        folder.alias(FOLDER),
        MALFORMED,
    )


def folder_of_row() -> Column:
    # A path is told with its odd characters escaped, and a plus stays a plus.
    name = F.regexp_extract(F.col("_metadata.file_path"), r"([^/]*)/[^/]*$", 1)
    return F.coalesce(F.try_url_decode(F.replace(name, F.lit("+"), F.lit("%2B"))), name)


def unusable_files(spark: SparkSession, files: list[ArchiveFile], contract: Contract) -> DataFrame:
    names = [*contract.columns, MALFORMED]
    rows = [{FOLDER: file.folder or None, MALFORMED: file.path.name} for file in files]
    schema = T.StructType([T.StructField(name, T.StringType()) for name in names])
    return spark.createDataFrame([tuple(row.get(name) for name in names) for row in rows], schema)
