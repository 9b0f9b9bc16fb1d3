"""A version of the responses, written aside: the buckets whose attempts or archive files changed.

What the raw tables hold of a bucket is told by a number over its rows, so that a bucket in which
nothing changed is not parsed again, and a row that was deleted is seen as well.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import structlog
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.contract import Contract
from jobs.contracts.raw import ASSESSMENT_AGGREGATOR, ASSESSMENT_ARCHIVE
from jobs.contracts.responses import RESPONSES
from jobs.refresh.incremental import Part, link_kept, note, part_by_fingerprints
from jobs.refresh.making import Bench
from jobs.refresh.quarantine import write
from jobs.refresh.reading import raw_table
from jobs.sources.erased import without_learners
from jobs.sources.keys import first_of_key
from jobs.sources.responses import (
    archived_attempts,
    live_attempts,
    responses,
    without_empty_twins,
)
from jobs.storage.archive_files import ArchiveFile, archive_files, read_archive
from jobs.storage.catalogue import source_in
from jobs.storage.clustered import bucket_of
from jobs.storage.lake import (
    BUCKET,
    RANK,
    Written,
    bucket_expression,
    clustered,
    ranked,
    write_clustered,
)
from jobs.storage.quarantine import counted, folder_of
from jobs.storage.snapshots import Quarantined, latest

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

log = structlog.get_logger()

# Another number makes every bucket anew: raise it when a rule of the answers changes.
RULES = 1
BATCH = "trim(batch_id)"


def make_responses(bench: Bench) -> tuple[Written, list[Quarantined]]:
    """The version aside, and what was kept out of it."""
    buckets = bench.settings.lake_buckets
    live = raw_table(bench.spark, bench.sources, ASSESSMENT_AGGREGATOR)
    source = source_in(bench.sources, ASSESSMENT_ARCHIVE.name)
    files = archive_files(source)
    whole_archive = None
    if files is None:
        whole_archive = raw_table(bench.spark, bench.sources, ASSESSMENT_ARCHIVE)
    with bench.store.transaction() as connection:
        before = latest(connection, RESPONSES.name)
    # Read before the rows: what is written meanwhile is read again the next time.
    numbers = [row_numbers(live, ASSESSMENT_AGGREGATOR, changed_at(bench), buckets=buckets)]
    if whole_archive is not None:
        numbers.append(row_numbers(whole_archive, ASSESSMENT_ARCHIVE, None, buckets=buckets))
    fingerprints = fingerprints_of(numbers, files or [], buckets=buckets)
    part = part_by_fingerprints(fingerprints, before, buckets=buckets)

    archived = whole_archive
    if files is not None:
        archived = read_archive(bench.spark, files_of(files, part, buckets), ASSESSMENT_ARCHIVE)
    if archived is None:
        archived = bench.spark.createDataFrame([], ASSESSMENT_ARCHIVE.spark_schema())
    refined = responses(
        live_attempts(in_part(live, BATCH, part)),
        in_part(archived_attempts(archived), "home", part),
    )
    rows = ranked(clustered(refined.rows, "batch_id", buckets=buckets), RESPONSES.key)
    single = first_of_key(rows, RESPONSES, refined.best_first, within=BUCKET, rank=RANK)
    whole = without_learners(without_empty_twins(single, within=BUCKET), bench.erased)
    written = write_clustered(whole, RESPONSES, bench.settings.clean_lake)
    for table, kept_out in refined.kept_out.items():
        kept_out = without_learners(kept_out, bench.erased)
        write(kept_out.withColumn("n", F.lit(1)), table, folder_of(written.path), buckets=buckets)
    if part is not None:
        written = link_kept(written, part)
        log.info("only changed buckets made", table=RESPONSES.name, buckets=len(part.changed))
    note(written.path, {"fingerprints": fingerprints})
    return written, counted(folder_of(written.path))


def changed_at(bench: Bench) -> str | None:
    source = bench.sources.get(ASSESSMENT_AGGREGATOR.name)
    return source.changed_at if source else None


def row_numbers(
    raw: DataFrame, contract: Contract, changed_at: str | None, *, buckets: int
) -> dict[int, str]:
    """A number over the rows of each bucket; over ids and change times where changes are told."""
    looked_at = {*contract.required, changed_at.lower()} if changed_at else {*contract.columns}
    columns = [hashable(raw, name) for name in sorted(raw.columns) if name.lower() in looked_at]
    number = F.xxhash64(*columns).cast("decimal(20, 0)")
    found = (
        raw.groupBy(F.expr(bucket_expression(BATCH, buckets)).alias(BUCKET))
        # Equal rows would cancel each other out in anything but a sum.
        .agg(F.count("*").alias("rows"), F.sum(number).alias("number"))
        .collect()
    )
    return {row[BUCKET]: f"{row['rows']} {row['number']}" for row in found}


def hashable(raw: DataFrame, name: str) -> Column:
    is_nested = isinstance(raw.schema[name].dataType, (T.ArrayType, T.MapType, T.StructType))
    return F.to_json(f"`{name}`") if is_nested else F.col(f"`{name}`")


def fingerprints_of(
    numbers: list[dict[int, str]], files: list[ArchiveFile], *, buckets: int
) -> dict[str, str]:
    """What each bucket is made of: the numbers over its raw rows, and its archive files."""
    told: dict[int, list[str]] = {bucket: [] for bucket in range(buckets)}
    for file in files:
        for bucket in buckets_of(file, buckets):
            told[bucket].append(file.told)
    return {
        str(bucket): hashlib.sha256(
            json.dumps([RULES, [one.get(bucket) for one in numbers], names]).encode()
        ).hexdigest()
        for bucket, names in told.items()
    }


def buckets_of(file: ArchiveFile, buckets: int) -> set[int]:
    """The buckets that a file can hold rows of: all, where it stands in no folder."""
    if not file.folder:
        return set(range(buckets))
    return {bucket_of(batch_id, buckets) for batch_id in file.batches}


def files_of(files: list[ArchiveFile], part: Part | None, buckets: int) -> list[ArchiveFile]:
    if part is None:
        return files
    return [file for file in files if buckets_of(file, buckets) & part.changed]


def in_part(table: DataFrame, batch: str, part: Part | None) -> DataFrame:
    """The rows of the buckets to make; one without a batch is told by the table of attempts."""
    if part is None:
        return table
    bucket = F.expr(bucket_expression(batch, part.before.buckets))
    return table.where(bucket.isin([*part.changed]))
