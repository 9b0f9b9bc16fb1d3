"""The nightly reconciliation: what was earned, less what was issued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.certificates.entitlements import entitlements
from jobs.certificates.facts import facts
from jobs.certificates.findings import findings, judged, problems, tally, unfinished
from jobs.certificates.offers import batch_offers, course_offers, versions
from jobs.certificates.registry import KEY, of_learners, unregistered
from jobs.certificates.rules.model import keys_of

# A frame that is used more than once is kept under a name: as files at night, in memory in tests.
Keep = Callable[[DataFrame, str], DataFrame]


@dataclass(frozen=True)
class Tables:
    """What is compared; a platform may have no registry."""

    associations: DataFrame
    enrolments: DataFrame
    progress: DataFrame
    batches: DataFrame
    learners: DataFrame
    collections: DataFrame
    attempts: DataFrame
    activity: DataFrame
    consumption: DataFrame
    failures: DataFrame
    registry: DataFrame | None


@dataclass(frozen=True)
class Reconciled:
    """The findings, what is unclear, and how many learners each rule left without."""

    findings: DataFrame
    problems: DataFrame
    tally: DataFrame


def reconciliation(tables: Tables, *, as_of: datetime, timezone: str, keep: Keep) -> Reconciled:
    offered = keep(versions(tables.associations), "versions")
    of_batches = keep(batch_offers(offered, tables.batches), "offers")
    entitled = keep(
        entitlements(
            tables.enrolments,
            of_batches,
            course_offers(offered),
            as_of=as_of,
            keeps_issued=tables.registry is not None,
        ).where(
            # Without a registry nothing is asked about those who have one, unless learners rank.
            F.lit(tables.registry is not None) | needs_a_look()
        ),
        "entitled",
    )
    if tables.registry is None:
        registered = entitled.limit(0).select(
            "user_id", "batch_id", "course_id",
            F.expr("cast(array() AS array<string>)").alias("active_templates"),
            F.expr("cast(array() AS array<string>)").alias("revoked_templates"),
        )  # fmt: skip
    else:
        entitled = without_unregistered(entitled, tables.registry)
        registered = of_learners(entitled, tables.registry)
    shapes = sorted(
        row.rule_shape
        for row in offered.where("rule_shape IS NOT NULL").select("rule_shape").distinct().collect()
    )
    known = facts(
        entitled.where("problem IS NULL"),
        offered,
        tables.learners,
        tables.batches,
        tables.collections,
        tables.attempts,
        tables.activity,
        tables.consumption,
        tables.enrolments,
        keys=frozenset().union(*map(keys_of, shapes)),
        as_of=as_of,
        timezone=timezone,
    )
    said = keep(judged(known, shapes=shapes), "judged")
    return Reconciled(
        findings(said, registered, tables.failures, timezone=timezone),
        problems(entitled, said, unfinished(tables.progress, of_batches)),
        tally(said),
    )


def needs_a_look() -> Column:
    return F.expr("NOT is_issued OR has_rank OR problem IS NOT NULL")


def without_unregistered(entitled: DataFrame, registry: DataFrame) -> DataFrame:
    """A certificate that the registry does not know is a broken one."""
    marked = entitled.join(unregistered(entitled, registry), on=list(KEY), how="left")
    is_unknown = F.coalesce("is_unregistered", F.lit(False))
    return marked.withColumns(
        {
            "is_broken": F.col("is_broken") | is_unknown,
            "is_issued": F.col("is_issued") & ~is_unknown,
        }
    ).where(needs_a_look())
