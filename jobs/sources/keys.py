"""One row per key: which one stays, and how many do not."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract


def first_of_key(
    rows: DataFrame, contract: Contract, best_first: list[Column], *, within: str, rank: str = ""
) -> DataFrame:
    """One row per key; rows of one key are in one partition by the column `within` already.

    `rank` is a column that is equal where keys are: sorting by it first costs less.
    """
    ahead = [rank, within] if rank else [within]
    order = Window.partitionBy(*ahead, *contract.key).orderBy(*best_first)
    numbered = rows.withColumn("_number", F.row_number().over(order))
    return numbered.where("_number = 1").select(*ahead, *contract.columns)


def duplicates(rows: DataFrame, contract: Contract) -> DataFrame:
    """(reason, batch_id, user_id, n): how many rows are a key's second or later one."""
    batch, user = (
        F.col(name) if name in contract.key else F.lit("") for name in ("batch_id", "user_id")
    )
    repeated = rows.groupBy(*contract.key).agg((F.count("*") - 1).alias("n")).where("n > 0")
    return repeated.select(
        F.lit("duplicate").alias("reason"), batch.alias("batch_id"), user.alias("user_id"), "n"
    )
