"""The nightly reconciliation: Spark stages what it found, then it is checked and published."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.certificates.exporting.job import export_associations
from jobs.certificates.findings import FOUND, UNCLEAR
from jobs.certificates.reconciliation import Tables, reconciliation
from jobs.certificates.repairs import REPAIRS, repairs
from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.raw_certificates import (
    CERTIFICATE_ISSUE_FAILURE,
    CERTIFICATE_REGISTRY,
    USER_CONTENT_CONSUMPTION,
)
from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.sources.raw import typed, usable
from jobs.storage.catalogue import load_catalogue, source_in
from jobs.storage.lake import read_clustered, read_raw
from jobs.storage.snapshots import Snapshot, needed
from jobs.storage.spark import spark_session
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = structlog.get_logger()

READ = ("enrolments", "batches", "learners", "collections", "attempts", "activity", "progress")
CONTRACTS = CLEAN_TABLES | {PROGRESS.name: PROGRESS}
MANIFEST = "manifest.json"
# Below this many enrolments the second compiler's work does not pay.
FEW_ENROLMENTS = 200_000


@dataclass(frozen=True)
class Staged:
    """What a night's build left: the age of its data, and the learners by rule's outcome."""

    as_of: datetime
    data_as_of: datetime
    tally: dict[str, int] = field(default_factory=dict)


def staging_folder(settings: Settings, as_of: datetime) -> Path:
    """One per night: a second build of a night takes the place of the first."""
    return settings.clean_lake / "missed_certificate" / f"{as_of:%Y%m%dT%H%M%S}"


def build(settings: Settings, store: Store, *, as_of: datetime) -> Staged:
    """Stage the findings of a night.

    Raises UnavailableError where a table was never refreshed.
    """
    snapshots = published(store)
    folder = staging_folder(settings, as_of)
    aside = folder.with_name(f".{uuid.uuid4().hex}")
    try:
        with store.transaction() as connection:
            versions = export_associations(connection, aside / "associations.parquet")
        if not versions:
            log.warning("the ledger holds no template: nothing can have been earned")
        tally = compare(settings, snapshots, aside, as_of=as_of, has_versions=versions > 0)
        staged = Staged(as_of, min(one.data_as_of for one in snapshots.values()), tally)
        (aside / MANIFEST).write_text(json.dumps(asdict(staged), default=str), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    log.info("missed certificates staged", as_of=as_of.isoformat(), versions=versions, **tally)
    return staged


def published(store: Store) -> dict[str, Snapshot]:
    with store.transaction() as connection:
        return needed(connection, READ, what="Missed certificates are looked for in")


def compare(
    settings: Settings,
    snapshots: dict[str, Snapshot],
    aside: Path,
    *,
    as_of: datetime,
    has_versions: bool,
) -> dict[str, int]:
    """Write aside what was found; returns the learners without a certificate by outcome."""
    is_brief = snapshots["enrolments"].row_count < FEW_ENROLMENTS
    with spark_session(settings, name="missed-certificates", is_brief=is_brief) as spark:

        def keep(frame: DataFrame, name: str) -> DataFrame:
            frame.write.parquet(str(aside / "kept" / name))
            return spark.read.schema(frame.schema).parquet(str(aside / "kept" / name))

        tables = read_tables(spark, settings, snapshots, aside)
        write_repairs(tables, aside / "repairs", as_of=as_of, timezone=settings.report_timezone)
        if not has_versions:
            return {}
        result = reconciliation(tables, as_of=as_of, timezone=settings.report_timezone, keep=keep)
        found = result.findings.withColumn("flags", postgres_array("flags"))
        found.select(*FOUND).write.parquet(str(aside / "found"))
        result.problems.select(*UNCLEAR).write.parquet(str(aside / "unclear"))
        counted = result.tally.groupBy("outcome", "why").agg(
            F.sum("learner_count").cast("long").alias("n")
        )
        tally = {
            row.outcome + (f": {row.why}" if row.why else ""): row.n
            for row in counted.orderBy("outcome", "why").collect()
        }
    shutil.rmtree(aside / "kept", ignore_errors=True)
    return tally


def stage_repairs(
    settings: Settings, snapshots: dict[str, Snapshot], folder: Path, *, as_of: datetime
) -> None:
    """The proposals to mend enrolments alone, in a Spark application of their own."""
    is_brief = snapshots["enrolments"].row_count < FEW_ENROLMENTS
    with spark_session(settings, name="enrolment-repairs", is_brief=is_brief) as spark:
        tables = read_tables(spark, settings, snapshots, None)
        write_repairs(tables, folder, as_of=as_of, timezone=settings.report_timezone)


def write_repairs(tables: Tables, folder: Path, *, as_of: datetime, timezone: str) -> None:
    found = repairs(
        tables.enrolments,
        tables.batches,
        tables.collections,
        tables.activity,
        tables.consumption,
        as_of=as_of,
        timezone=timezone,
    )
    found.select(*REPAIRS).write.parquet(str(folder))


def postgres_array(name: str) -> Column:
    # The codes hold neither commas nor quotes.
    return F.concat(F.lit("{"), F.array_join(name, ","), F.lit("}"))


def read_tables(
    spark: SparkSession, settings: Settings, snapshots: dict[str, Snapshot], aside: Path | None
) -> Tables:
    sources = load_catalogue(settings.lake_catalogue, settings.lake)

    def raw(contract: Contract) -> DataFrame | None:
        table = read_raw(spark, source_in(sources, contract.name), contract)
        return None if table is None else usable(typed(table, contract))

    def raw_or_empty(contract: Contract) -> DataFrame:
        table = raw(contract)
        return spark.createDataFrame([], contract.spark_schema()) if table is None else table

    return Tables(
        associations=(
            spark.createDataFrame([], "version_id STRING")
            if aside is None
            else spark.read.parquet(str(aside / "associations.parquet"))
        ),
        **{name: read_clustered(spark, CONTRACTS[name], snapshots[name].path) for name in READ},
        consumption=raw_or_empty(USER_CONTENT_CONSUMPTION),
        failures=raw_or_empty(CERTIFICATE_ISSUE_FAILURE),
        registry=raw(CERTIFICATE_REGISTRY),
    )


def read_staged(settings: Settings, as_of: datetime) -> tuple[Staged, Path]:
    """What the build of this night left; UnavailableError where it left nothing."""
    folder = staging_folder(settings, as_of)
    try:
        noted = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise UnavailableError(
            f"The findings of {as_of.isoformat()} are not in {folder}: {error.strerror}. Run"
            f" `python -m jobs missed-certificates --as-of {as_of.isoformat()} --step build`."
        ) from error
    instants = {name: datetime.fromisoformat(noted[name]) for name in ("as_of", "data_as_of")}
    return Staged(**instants, tally=noted["tally"]), folder


def remove_staged(settings: Settings, as_of: datetime) -> None:
    shutil.rmtree(staging_folder(settings, as_of), ignore_errors=True)
