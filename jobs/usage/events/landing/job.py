"""Land a day of arrived telemetry: read once, kept narrow, accounted for to the last line."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING

import structlog

from jobs.contracts.landed_events import MALFORMED
from jobs.quality.job import record
from jobs.quality.verdicts import Verdict, stop_on_failure
from jobs.settings import Settings
from jobs.sources.erased import unnamed
from jobs.storage.crash_points import crash_point
from jobs.storage.erasures import erased
from jobs.storage.event_accounts import Arrival, keep_arrival
from jobs.storage.event_files import EventFiles, landed_counts, write_options
from jobs.storage.store import Store
from jobs.storage.telemetry_files import (
    TelemetryFolder,
    read_lines,
    read_parquet,
    rows_in_parquet,
)
from jobs.usage.events.landed import Landing, landed_events
from jobs.usage.events.lines import telemetry_of, written

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Observation, SparkSession

log = structlog.get_logger()

# A task writes its rows of every day and kind as they come, and need not sort them first.
TUNED = {
    "spark.sql.maxConcurrentOutputFileWriters": "120",
    "spark.sql.files.maxPartitionBytes": "768m",
    # Fewer turns of the reader over many columns: measured, 7 percent.
    "spark.sql.parquet.columnarReaderBatchSize": "16384",
    # A file can have both spellings of a field.
    "spark.sql.caseSensitive": "true",
}


@dataclass(frozen=True)
class Ground:
    """Where a run of the events works."""

    spark: SparkSession
    settings: Settings
    store: Store
    now: datetime

    @property
    def files(self) -> EventFiles:
        return EventFiles(self.settings.clean_lake)


def land(ground: Ground, folder: TelemetryFolder, *, fingerprint: str) -> Arrival:
    """Land one folder and keep its account, in a session that is `tuned`.

    Raises GateError where too much of it is torn.
    """
    version_id = uuid.uuid4().hex
    version = ground.files.version(folder.day, version_id)
    in_parquet = rows_in_parquet(ground.spark, folder)
    frames, lines = frames_of(ground, folder)
    with ground.store.transaction() as connection:
        gone = erased(connection)
    events = unnamed(reduce(lambda one, other: one.unionByName(other), frames), gone)
    events.write.options(**write_options()).partitionBy("part", "kind").parquet(str(version))
    crash_point("events: folder landed")
    in_count = in_parquet + (int(lines.get["row_count"]) if lines else 0)
    by_part, late, rejected = landed_counts(version)
    landed_count = sum(count for kinds in by_part.values() for count in kinds.values())
    arrival = Arrival(
        arrival_day=folder.day,
        version_id=version_id,
        fingerprint=fingerprint,
        file_count=len(folder.json_lines) + len(folder.parquet),
        in_count=in_count,
        not_ours_count=in_count - landed_count - late.total() - rejected.total(),
        rejected_count=rejected.total(),
        late_count=late.total(),
        landed_count=landed_count,
        rejected=dict(rejected),
        late=dict(late),
        landed=by_part,
        landed_at=ground.now,
    )
    judge(ground, arrival)
    with ground.store.transaction() as connection:
        keep_arrival(connection, arrival)
    log.info(
        "telemetry landed", arrival_day=str(folder.day), files=arrival.file_count,
        found=in_count, landed=landed_count, not_ours=arrival.not_ours_count,
        late=arrival.late_count, rejected=arrival.rejected,
    )  # fmt: skip
    return arrival


def frames_of(
    ground: Ground, folder: TelemetryFolder
) -> tuple[list[DataFrame], Observation | None]:
    """The landed rows of each form of file, and the count of lines once they were written."""
    from pyspark.sql import Observation
    from pyspark.sql import functions as F

    settings = ground.settings
    landing = Landing(
        folder.day,
        settings.report_timezone,
        settings.usage_launched_on,
        settings.usage_reopen_days,
    )
    frames = [landed_events(table, landing) for table in read_parquet(ground.spark, folder)]
    if not folder.json_lines:
        return frames, None
    lines = Observation()
    counted = written(read_lines(ground.spark, folder)).observe(
        lines, F.count(F.lit(1)).alias("row_count")
    )
    return [*frames, landed_events(telemetry_of(counted), landing)], lines


def judge(ground: Ground, arrival: Arrival) -> None:
    """Keep the verdicts, and stop where more is torn than a stray line."""
    torn = arrival.rejected.get(MALFORMED, 0)
    limit = ground.settings.usage_malformed_limit_pct
    is_too_much = torn * 100 > limit * arrival.in_count
    subject = f"telemetry {arrival.arrival_day}"
    verdicts = [
        Verdict(
            subject,
            f"torn lines are at most {limit:g} percent",
            "fail",
            "failed" if is_too_much else "passed",
            torn,
            arrival.in_count,
        ),
        Verdict(
            subject,
            "in = not ours + rejected + late + landed",
            "fail",
            "failed" if arrival.not_ours_count < 0 else "passed",
            max(0, -arrival.not_ours_count),
            arrival.in_count,
        ),
    ]
    with ground.store.transaction() as connection:
        record(connection, verdicts, ground.now)
    stop_on_failure(verdicts)


@contextmanager
def tuned(spark: SparkSession) -> Iterator[None]:
    """The session as landing needs it, and as it was afterwards."""
    before = {name: str(spark.conf.get(name)) for name in TUNED}
    for name, value in TUNED.items():
        spark.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)
