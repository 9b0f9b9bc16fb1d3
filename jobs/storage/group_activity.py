"""The groups' figures: SQL of what is published, and the order that members are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import Connection
from psycopg.rows import DictRow
from pyspark.sql import functions as F

from jobs.storage.lake import RANK, beginning

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def by_group(members: DataFrame) -> DataFrame:
    """The same rows with `RANK`: nearly in the order of the groups, those of one group together.

    Two members hardly ever have the same rank: comparing their texts was half of the write.
    """
    group = F.hash("group_id").bitwiseAND(0x7FFF).cast("long")
    member = F.hash("activity_type", "activity_id", "user_id").bitwiseAND(0xFFFFFF).cast("long")
    rank = F.shiftleft(beginning("group_id", 3), 39) + F.shiftleft(group, 24) + member
    return members.withColumn(RANK, rank)


def activities_of(connection: Connection[DictRow], group_id: str) -> list[DictRow]:
    """The figures of a group's activities."""
    return connection.execute(
        "SELECT * FROM metrics.group_activity WHERE group_id = %s"
        " ORDER BY activity_id, activity_type",
        [group_id],
    ).fetchall()
