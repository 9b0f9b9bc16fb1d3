"""How even the tasks of a Spark application were, of the events that it logged."""

import json
import shutil
import statistics
from collections import defaultdict
from pathlib import Path

# Tasks so short are told apart by chance and not by their rows.
BRIEF_MS = 500


def logging_to(folder: Path) -> dict[str, str]:
    """The variables that make an application log its tasks into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {
        "SUNBIRD_BATCH_SPARK_CONF": json.dumps(
            {
                "spark.eventLog.enabled": "true",
                "spark.eventLog.dir": folder.as_uri(),
                "spark.eventLog.compress": "false",
                "spark.eventLog.rolling.enabled": "false",
            }
        )
    }


def longest_to_median(folder: Path) -> float:
    """The longest task of a stage in medians of its tasks, at worst over all stages."""
    tasks: dict[int, list[int]] = defaultdict(list)
    for log in folder.iterdir():
        with log.open(encoding="utf-8") as lines:
            for line in lines:
                if '"SparkListenerTaskEnd"' in line:
                    event = json.loads(line)
                    info = event["Task Info"]
                    tasks[event["Stage ID"]].append(info["Finish Time"] - info["Launch Time"])
    return max(
        (max(spent) / statistics.median(spent) for spent in tasks.values() if is_told(spent)),
        default=1.0,
    )


def is_told(spent: list[int]) -> bool:
    return len(spent) > 2 and statistics.median(spent) >= BRIEF_MS
