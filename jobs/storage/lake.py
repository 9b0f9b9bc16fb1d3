"""The lake: raw tables read through the catalogue, clean tables written clustered by their key."""

from __future__ import annotations

import functools
import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import structlog
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs import lineage
from jobs.contracts.contract import Contract
from jobs.errors import UnavailableError
from jobs.storage.catalogue import Source

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

log = structlog.get_logger()

# About 1 MiB: a batch's rows are a few row groups, so a cut reads little beside them.
ROW_GROUP_BYTES = 1 << 20

PAGE_ROWS = 1 << 16

MALFORMED = "_malformed"
BUCKET = "bucket"
# A number that nearly sorts a version's rows: comparing texts was a quarter of a refresh.
RANK = "_rank"
# A hash leaves some partitions empty and gives others several buckets, unless there are spare ones.
FEW_BUCKETS, SPARE = 64, 4


@dataclass(frozen=True)
class Written:
    """A version that was written aside and is not visible yet."""

    snapshot_id: str
    path: str
    row_count: int


def read_raw(spark: SparkSession, source: Source, contract: Contract) -> DataFrame | None:
    """A raw table as its source has it, text where the source has text; None where absent.

    A line that cannot be split into columns stays as a row with its text in `_malformed`.
    """
    if source.format is None:
        return None
    lineage.note_read(lineage.RAW, contract.name)
    reader = spark.read.format(source.format).options(**source.options)
    try:
        if source.format == "json":
            return _read_json(reader, source, contract)
        if source.format == "csv":
            return _read_csv(spark, source)
        return reader.load(source.path) if source.path else reader.load()
    except AnalysisException as error:
        raise UnavailableError(
            f"The raw table `{source.table}` cannot be read as {source.format}"
            f"{f' from {source.path}' if source.path else ''}:"
            f" {error.getCondition() or error}. Check its entry in the lake catalogue."
        ) from error


def _read_json(reader, source: Source, contract: Contract) -> DataFrame:  # type: ignore[no-untyped-def]
    # Every column as text: an object in a text column is its JSON, and nothing is inferred.
    fields = [T.StructField(name, T.StringType()) for name in [*contract.columns, MALFORMED]]
    options = {"columnNameOfCorruptRecord": MALFORMED, "mode": "PERMISSIVE"}
    return reader.schema(T.StructType(fields)).options(**options).load(source.path)  # type: ignore[no-any-return]


def _read_csv(spark: SparkSession, source: Source) -> DataFrame:
    path = source.path or source.options.get("path", "")
    # One kind of line end, or those inside of quotes would be rewritten to what was guessed.
    options = {"header": "true", "escape": '"', "multiLine": "true", "mode": "PERMISSIVE"}
    options["lineSep"] = "\n"
    header = spark.read.options(**(options | source.options)).csv(path).columns
    fields = [T.StructField(name.strip().lower(), T.StringType()) for name in [*header, MALFORMED]]
    table = (
        spark.read.options(**(options | source.options))
        .option("columnNameOfCorruptRecord", MALFORMED)
        .option("enforceSchema", "true")
        .schema(T.StructType(fields))
        .csv(path)
    )
    # Of a line end of two characters the first is left at the line's last value.
    last = fields[-2].name
    return table.withColumn(last, F.regexp_replace(f"`{last}`", "\r$", ""))


def clustered(table: DataFrame, key: str, *, buckets: int) -> DataFrame:
    """The same rows, each in the partition of its key's `bucket`."""
    bucket = F.expr(bucket_expression(f"`{key}`", buckets))
    partitions = buckets * SPARE if buckets <= FEW_BUCKETS else buckets
    return table.withColumn(BUCKET, bucket).repartition(partitions, BUCKET)


def ranked(table: DataFrame, key: tuple[str, ...]) -> DataFrame:
    """The same rows with `RANK`: those of one first key are together, in order by the second.

    Where the first key is a number, that is followed by the beginning of the second, else there is
    the beginning of the first. Rows of equal rank are still to be compared by their keys.
    """
    number = F.expr(f"try_cast(`{key[0]}` AS bigint) & {(1 << 39) - 1}")
    within = beginning(key[1], 3) if len(key) > 1 else F.lit(0)
    rank = F.coalesce(F.shiftleft(number, 24) + within, beginning(key[0], 4))
    return table.withColumn(RANK, rank)


def beginning(text: str, letters: int) -> Column:
    """The first letters of a text column as a number, in the order of the texts."""
    number, is_foreign = F.lit(0).cast("long"), F.lit(False)
    for place in range(1, letters + 1):
        code = F.least(F.ascii(F.substring(text, place, 1)), F.lit(255))
        # A letter that needs more bits ends what can be told: texts from there on count as equal.
        number = number * 256 + F.when(is_foreign, 255).otherwise(code)
        is_foreign = is_foreign | (code == 255)
    return number


def bucket_expression(key: str, buckets: int) -> str:
    """The bucket of a key as Spark SQL; `jobs.storage.clustered.bucket_of` says the same."""
    return f"cast(pmod(crc32(cast({key} AS BINARY)), {buckets}) AS INT)"


def write_clustered(table: DataFrame, contract: Contract, root: Path) -> Written:
    """Write a version aside, of a table that is `clustered` by the first column of its key.

    Raises ContractError where the rest of the table is not what the contract promises.
    """
    snapshot_id = uuid.uuid4().hex
    path = root / contract.name / snapshot_id
    contract.conform(table.drop(BUCKET, RANK))
    known = table if RANK in table.columns else ranked(table, contract.key)
    in_order = known.sortWithinPartitions(RANK, BUCKET, *contract.key)
    writer = in_order.select(BUCKET, *contract.columns).write.options(**parquet_options(contract))
    writer.partitionBy(BUCKET).parquet(str(path))
    return Written(snapshot_id, str(path), rows_in(path))


def parquet_options(contract: Contract) -> dict[str, str]:
    """Small row groups, and no dictionaries of values that hardly come twice in one."""
    own = [field.name for field in contract.fields if field.personal]
    return {"parquet.block.size": str(ROW_GROUP_BYTES)} | {
        f"parquet.enable.dictionary#{name}": "false" for name in (*contract.key[1:], *own)
    }


def has_repeated_key(path: Path, contract: Contract, *, page_rows: int = PAGE_ROWS) -> bool:
    """Whether a key stands more than once in a version, whose rows are in the order of the key."""
    parts = path.glob(f"{BUCKET}=*/*.parquet")
    return any(_repeats(part, contract.key, page_rows) for part in parts)


def _repeats(part: Path, key: tuple[str, ...], page_rows: int) -> bool:
    last: pa.RecordBatch | None = None
    for page in pq.ParquetFile(part).iter_batches(columns=list(key), batch_size=page_rows):
        rows = pa.Table.from_batches([page] if last is None else [last, page]).combine_chunks()
        same = [pc.equal(rows[name][1:], rows[name][:-1]) for name in key]
        if pc.any(functools.reduce(pc.and_, same)).as_py():
            return True
        last = page.slice(page.num_rows - 1)
    return False


def rows_in(path: Path) -> int:
    """The rows of a version: its files' footers tell, without another Spark job."""
    parts = path.glob(f"{BUCKET}=*/*.parquet")
    return sum(pq.read_metadata(part).num_rows for part in parts)


def read_clustered(
    spark: SparkSession, contract: Contract, path: str, *, buckets: list[int] | None = None
) -> DataFrame:
    """A version's rows, of all buckets or some; the contract tells the schema of an empty one."""
    lineage.note_read(lineage.CLEAN, contract.name)
    reader = spark.read.schema(contract.spark_schema())
    if buckets is None:
        return reader.parquet(path).select(*contract.columns)
    folders = [f"{path}/{BUCKET}={bucket}" for bucket in buckets]
    present = [folder for folder in folders if Path(folder).is_dir()]
    if not present:
        return spark.createDataFrame([], contract.spark_schema())
    return reader.parquet(*present).select(*contract.columns)


def remove_version(path: str) -> None:
    shutil.rmtree(path, ignore_errors=True)


def remove_unpublished(root: Path, contract: Contract, published: set[str], now: datetime) -> int:
    """Remove what a killed refresh left aside more than a day ago; returns how many."""
    removed = 0
    folder = root / contract.name
    for version in folder.iterdir() if folder.is_dir() else ():
        if version.name not in published and now.timestamp() - version.stat().st_mtime > 86_400:
            remove_version(str(version))
            removed += 1
    return removed
