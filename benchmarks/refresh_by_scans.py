"""The way of Sunbird's own jobs: for each batch one scan of every raw table, and a file."""

from pathlib import Path
from statistics import median

from benchmarks.measure import seconds_of
from jobs.samples.batches import batch_id
from jobs.settings import Settings
from jobs.storage.spark import spark_session

BATCHES_MEASURED = 3


def seconds_a_batch(home: Path, target: Path) -> float:
    """The median of some batches, after one that warms the session up."""
    with spark_session(Settings(home=home, spark_driver_memory="5g"), name="scans") as spark:

        def scan(number: int) -> None:
            wanted = batch_id(number)
            seats, users, agg, attempts = (
                spark.read.parquet(f"{home}/lake/{table}")
                for table in (
                    "user_enrolments", "users", "user_activity_agg", "assessment_aggregator",
                )
            )  # fmt: skip
            of_batch = seats.where(seats.batchid == wanted)
            counts = agg.where(agg.context_id == f"cb:{wanted}").select("user_id", "aggregates")
            scores = attempts.where(attempts.batch_id == wanted)
            best = scores.groupBy("user_id", "content_id").agg({"total_score": "max"})
            (
                of_batch.join(users, "userid", "left")
                .join(counts.withColumnRenamed("user_id", "userid"), "userid", "left")
                .join(best.withColumnRenamed("user_id", "userid"), "userid", "left")
                .select("userid", "firstname", "lastname", "progress", "max(total_score)")
                .write.mode("overwrite")
                .csv(str(target))
            )

        scan(2)
        return median(seconds_of(1, lambda n=n: scan(n)) for n in range(3, 3 + BATCHES_MEASURED))
