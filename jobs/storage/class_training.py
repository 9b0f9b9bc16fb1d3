"""A session that loads what jobs load: `python -m jobs.storage.class_training FOLDER TOLD OPTION`.

It runs in a process of its own, since Java writes what it loaded when it ends.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark import SparkContext
from pyspark.sql import functions as F

from jobs.settings import Settings
from jobs.storage.lake import BUCKET, clustered
from jobs.storage.spark import BRIEF, JAVA_OPTIONS, start_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BATCHES = 4


def main(folder: Path, told: Path, option: str) -> None:
    """Load the classes, write what Java was started with to `told`, and wait until it has ended."""
    java_options = f"{JAVA_OPTIONS} {option}"
    settings = Settings(
        home=folder,
        spark_master="local[2]",
        spark_conf={"spark.driver.extraJavaOptions": java_options},
    )
    spark = start_session(settings, name="class-archive", reads_archive=False)
    # Small jobs run with these, large ones without.
    exercise(spark, folder / "with_code")
    for name, value in BRIEF.items():
        if name.startswith("spark.sql."):
            spark.conf.set(name, value)
    exercise(spark, folder / "without_code")
    management = spark._jvm.java.lang.management.ManagementFactory.getRuntimeMXBean()  # type: ignore[union-attr]
    arguments = [str(one) for one in management.getInputArguments()]
    told.write_text("\n".join([*arguments, "-cp", management.getClassPath()]), encoding="utf-8")
    gateway = SparkContext._gateway
    spark.stop()
    gateway.shutdown()  # type: ignore[union-attr]
    gateway.proc.stdin.close()  # type: ignore[union-attr]
    gateway.proc.wait()  # type: ignore[union-attr]


def exercise(spark: SparkSession, folder: Path) -> None:
    """The shapes of the jobs' queries, over a few rows: read, typed, joined, ranked, written."""
    rows = spark.range(200).select(
        F.concat(F.lit("u"), "id").alias("user_id"),
        (F.col("id") % BATCHES).cast("string").alias("batch_id"),
        F.lit("2026-01-05 10:00:00").alias("at"),
        F.lit('{"a":{"b":1},"c":[{"d":"e"}]}').alias("answers"),
        F.expr("map(concat('c', id % 7), int(id % 3))").alias("status"),
    )
    rows.write.json(str(folder / "json"))
    rows.drop("status").write.option("header", True).csv(str(folder / "csv"))
    read = spark.read.schema("user_id string, batch_id string, at string, answers string")
    bucketed = clustered(typed(read.json(str(folder / "json"))), "batch_id", buckets=BATCHES)
    in_order = bucketed.sortWithinPartitions(BUCKET, "batch_id", "user_id")
    in_order.write.partitionBy(BUCKET).parquet(str(folder / "typed"))
    rows.write.parquet(str(folder / "rows"))
    learners = spark.read.parquet(str(folder / "typed"))
    counted = summed(spark.read.parquet(str(folder / "rows")), learners)
    others = spark.read.option("header", True).csv(str(folder / "csv"))
    found = counted.join(F.broadcast(others.select("user_id").distinct()), "user_id", "left")
    found.orderBy("batch_id", "user_id").write.parquet(str(folder / "found"))
    found.createOrReplaceTempView("found")
    spark.sql(
        "SELECT batch_id, COUNT(DISTINCT user_id) AS n, AVG(place) AS place, MAX(at) AS at,"
        " COUNT_IF(place = 1) AS firsts FROM found GROUP BY batch_id ORDER BY n DESC"
    ).collect()


def typed(rows: DataFrame) -> DataFrame:
    parsed = F.from_json("answers", "a map<string, int>, c array<struct<d: string>>")
    return rows.select(
        F.trim("user_id").alias("user_id"),
        F.nullif(F.lower("batch_id"), F.lit("")).alias("batch_id"),
        F.expr("try_cast(at AS timestamp)").alias("at"),
        parsed.alias("answers"),
        F.regexp_replace("answers", r"\s+$", "").rlike("^x").alias("is_odd"),
    ).where("user_id IS NOT NULL AND NOT is_odd")


def summed(rows: DataFrame, learners: DataFrame) -> DataFrame:
    statuses = rows.select("user_id", F.explode("status").alias("content", "status"))
    contents = statuses.groupBy("user_id").agg(
        F.max_by("content", "status").alias("content"),
        F.collect_set("content").alias("contents"),
        F.sum("status").alias("status"),
    )
    joined = learners.join(contents.hint("shuffle_hash"), "user_id", "full").join(
        rows.select("user_id").hint("merge"), "user_id", "left_semi"
    )
    return joined.select(
        "*",
        F.expr("row_number() OVER (PARTITION BY batch_id ORDER BY user_id)").alias("place"),
        F.transform("answers.c", lambda one: F.upper(one["d"])).alias("upper"),
        F.filter("contents", lambda one: one.startswith("c")).alias("own"),
        F.to_json(F.struct("contents", "at")).alias("told"),
        F.from_utc_timestamp("at", "Asia/Kolkata").cast("date").alias("day"),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
