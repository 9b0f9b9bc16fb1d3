"""Spark in one place: the session that every Spark command uses."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.storage.class_archive import reading_options
from jobs.storage.java import find_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

log = structlog.get_logger()

PROJECT = Path(__file__).resolve().parents[2]

# Java leaves methods of more than 8 kB to its interpreter, and what Spark generates for a wide
# table is larger: measured, a third of the time of reading one. Its usual garbage collector took a
# tenth more time than the parallel one here, and twice the memory.
JAVA_OPTIONS = "-XX:-DontCompileHugeMethods -XX:+UseParallelGC"

SESSION = {
    "spark.sql.session.timeZone": "UTC",
    # A source map that names a key twice is not a reason to lose the table.
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A silent fall-back would turn missing text into the word nan.
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "false",
    # Inferring filters from the typed columns of raw tables takes the optimizer minutes and memory.
    "spark.sql.constraintPropagation.enabled": "false",
    # Tables that meet by batch stay in the partitions of their bucket.
    "spark.sql.requireAllClusterKeysForCoPartition": "false",
    "spark.driver.extraJavaOptions": JAVA_OPTIONS,
    "spark.executor.extraJavaOptions": JAVA_OPTIONS,
    # Rows are in the order that they are to be written in: Spark's own sort would be a second.
    "spark.sql.maxConcurrentOutputFileWriters": "4",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "16",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    # Few and large tasks leave a processor idle at a stage's end: measured, 7 of 70 seconds.
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": "12m",
}


# A few megabytes are done before the second compiler's work pays: measured, half the time. For the
# first one alone Java reserves 48 MB of code; a refresh fills them, and then Java fails. Nor does
# it pay to compile each of many queries over few rows, or to look at each shuffle before the next:
# measured, a quarter of a refresh, and half of the usage.
BRIEF_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"
BRIEF = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": BRIEF_JAVA,
    "spark.executor.extraJavaOptions": BRIEF_JAVA,
}


@contextmanager
def spark_session(
    settings: Settings, *, name: str, is_brief: bool = False
) -> Iterator[SparkSession]:
    """A session on the configured master, stopped at the end; `is_brief` for little data."""
    session = start_session(settings, name=name, is_brief=is_brief)
    try:
        yield session
    finally:
        session.stop()


def start_session(
    settings: Settings, *, name: str, is_brief: bool = False, reads_archive: bool = True
) -> SparkSession:
    prepare_environment(settings)
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName(name).master(settings.spark_master)
    conf = session_conf(settings, is_brief=is_brief)
    if reads_archive:
        conf["spark.driver.extraJavaOptions"] += (
            f" {reading_options(Path(os.environ['JAVA_HOME']))}"
        )
    for key, value in conf.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise UnavailableError(
            f"Spark's Java at {os.environ['JAVA_HOME']} ended before it answered. What it said is"
            " above; Spark's start scripts also need bash, and"
            f" {'it is on the PATH' if shutil.which('bash') else 'there is none on the PATH'}."
            " `python -m jobs doctor` checks Java."
        ) from None
    log.info("spark started", application=name, master=settings.spark_master)
    return session


def session_conf(settings: Settings, *, is_brief: bool) -> dict[str, str]:
    """Every key that a session gets; what the settings say wins."""
    is_local = settings.spark_master.startswith("local")
    kind = (LOCAL if is_local else {}) | (BRIEF if is_brief else {})
    places = {
        "spark.driver.memory": settings.spark_driver_memory,
        "spark.local.dir": str(settings.home / "tmp" / "spark"),
        "spark.sql.warehouse.dir": str(settings.home / "tmp" / "warehouse"),
        # The Python workers of another machine: the project's functions, and where the key is.
        "spark.executorEnv.PYTHONPATH": str(PROJECT),
        "spark.executorEnv.SUNBIRD_BATCH_HOME": str(settings.home),
    }
    return SESSION | kind | places | settings.spark_conf


def prepare_environment(settings: Settings) -> None:
    """What the Java side and Python workers read from the environment."""
    os.environ["JAVA_HOME"] = str(find_java(settings.java_home, settings.home))
    # Workers would run whichever python3 is first on the PATH, without our packages.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    if settings.spark_master.startswith("local"):
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Python workers import this project's own functions.
    paths = [str(PROJECT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in paths if path))
    # Python workers read the platform's key here, never from a plan.
    os.environ["SUNBIRD_BATCH_HOME"] = str(settings.home)
    private = settings.home / "tmp"
    private.mkdir(parents=True, exist_ok=True)
    private.chmod(0o700)
