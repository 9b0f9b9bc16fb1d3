"""Groups, their members and activities: who is in which group now, and what it works on."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract
from jobs.contracts.raw_groups import GROUP_ACTIVITY_RAW, GROUP_MEMBER, GROUPS
from jobs.sources.raw import REASON, typed, usable

GONE = "inactive"
UNKNOWN_GROUP, DUPLICATE = "unknown_group", "duplicate"


@dataclass(frozen=True)
class Roster:
    """`members` and `activities` of groups that are there, and `kept_out`: rows that are not used.

    `kept_out` holds a row per source table and reason: (source_table, reason, row_count), but for
    the members: their many rows are counted while they are read, see `roster`.
    """

    members: DataFrame
    activities: DataFrame
    kept_out: DataFrame


def unwatched(rows: DataFrame, _counts: list[Column]) -> DataFrame:
    return rows


def roster(
    groups: DataFrame,
    group_member: DataFrame,
    group_activity: DataFrame,
    *,
    watch: Callable[[DataFrame, list[Column]], DataFrame] = unwatched,
) -> Roster:
    """Members who are in a group now and its activities, each once.

    Whoever left and what was deleted is not kept out: it is not there. `watch` is given members and
    what to count of them while they are read, named by the reason: rows that are not used.
    """
    read = typed(groups, GROUPS)
    known = F.broadcast(
        usable(read)
        .groupBy(F.col("id").alias("groupid"))
        .agg(F.min(is_there("status", F.lit(None))).alias("_is_there"))
    )
    members = typed(group_member, GROUP_MEMBER).join(known, on="groupid", how="left")
    activities = typed(group_activity, GROUP_ACTIVITY_RAW).join(known, on="groupid", how="left")

    counted_members = watch(
        members.withColumn("_why", why()),
        [F.count_if(F.col("_why") == one).alias(one) for one in reasons_of(GROUP_MEMBER)],
    )
    current = counted_members.where(
        F.col("_why").isNull() & F.col("_is_there") & is_there("status", F.col("removedon"))
    )
    as_member = F.struct("role", F.col("status"), F.col("createdby").alias("created_by"))
    single = (
        # Where the figures of its learners will be.
        current.repartition("userid")
        .groupBy(F.col("userid").alias("user_id"), F.col("groupid").alias("group_id"))
        # Roles in the order of the alphabet: an admin who is a member too is an admin.
        .agg(F.min(as_member).alias("as_member"), (F.count("*") - 1).alias("_more"))
    )
    watched = watch(single, [F.coalesce(F.sum("_more"), F.lit(0)).alias(DUPLICATE)])
    used = activities.where(F.col(REASON).isNull() & F.col("_is_there"))
    worked_on = used.select(
        F.col("groupid").alias("group_id"),
        F.col("id").alias("activity_id"),
        F.trim("type").alias("activity_type"),
    )
    return Roster(
        members=watched.select("group_id", "user_id", "as_member.*"),
        activities=worked_on.distinct(),
        kept_out=counted(read.withColumn("_why", F.col(REASON)), GROUPS)
        .unionByName(counted(activities.withColumn("_why", why()), GROUP_ACTIVITY_RAW))
        .unionByName(repeated(worked_on, GROUP_ACTIVITY_RAW)),
    )


def is_there(status: str, removed_on: Column) -> Column:
    """What the status says; where there is none, whoever was not removed is there."""
    said = F.lower(F.trim(status))
    return F.coalesce(F.nullif(said, F.lit("")) != GONE, removed_on.isNull())


def why() -> Column:
    """Why a row is not used; NULL where it is, or where its group was deleted."""
    return F.coalesce(F.col(REASON), F.when(F.col("_is_there").isNull(), UNKNOWN_GROUP))


def reasons_of(contract: Contract) -> list[str]:
    named = [f"{what}_{name}" for name in contract.required for what in ("missing", "unreadable")]
    return ["malformed_row", *named, UNKNOWN_GROUP]


def counted(rows: DataFrame, contract: Contract) -> DataFrame:
    return (
        rows.where("_why IS NOT NULL")
        .groupBy(F.lit(contract.name).alias("source_table"), F.col("_why").alias("reason"))
        .agg(F.count("*").alias("row_count"))
    )


def repeated(rows: DataFrame, contract: Contract) -> DataFrame:
    more = rows.groupBy(*rows.columns).agg((F.count("*") - 1).alias("n")).where("n > 0")
    named = more.groupBy(
        F.lit(contract.name).alias("source_table"), F.lit(DUPLICATE).alias("reason")
    )
    return named.agg(F.sum("n").alias("row_count"))
