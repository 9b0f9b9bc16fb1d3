"""What people took out of the scores, for the two clean tables that hold scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog
from pyspark.sql import types as T

from jobs.contracts.contract import Contract
from jobs.contracts.learning import ACTIVITY, ATTEMPTS
from jobs.contracts.repairs import INVALID_ATTEMPT, SCORE_CORRECTION
from jobs.refresh.incremental import OVERLAP, Part
from jobs.sources.corrections import with_corrected_scores, without_invalid
from jobs.sources.raw import Refined
from jobs.storage import score_checks
from jobs.storage.clustered import bucket_of
from jobs.storage.store import Store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

log = structlog.get_logger()

LISTS = {
    ATTEMPTS.name: (INVALID_ATTEMPT, without_invalid),
    ACTIVITY.name: (SCORE_CORRECTION, with_corrected_scores),
}


@dataclass(frozen=True)
class Corrections:
    """The applied rows that concern one table; of all other tables none."""

    table: str
    rows: list[dict[str, Any]]

    def widened(self, part: Part | None, *, buckets: int) -> Part | None:
        """With the buckets of what was applied since the version before, whatever changed there."""
        if part is None:
            return None
        since = {
            bucket_of(row["batch_id"], buckets)
            for row in self.rows
            if row["applied_at"] >= part.before.data_as_of - OVERLAP
        }
        return replace(part, changed=part.changed | since)

    def applied(self, spark: SparkSession, refined: Refined) -> Refined:
        if not self.rows:
            return refined
        contract, correct = LISTS[self.table]
        schema = contract.spark_schema()
        listed = spark.createDataFrame(
            [tuple(row.values()) for row in self.rows],
            T.StructType([schema[name] for name in self.rows[0]]),
        )
        log.info("corrections of scores", table=self.table, rows=len(self.rows))
        return correct(refined, listed)


def corrections_of(store: Store, contract: Contract) -> Corrections:
    if contract.name not in LISTS:
        return Corrections(contract.name, [])
    listed, _ = LISTS[contract.name]
    with store.transaction() as connection:
        return Corrections(contract.name, score_checks.applied(connection, listed))
