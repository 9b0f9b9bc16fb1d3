"""Spark's own cluster out of the wheel: `python -m tools.cluster_spark master | worker | executor`.

The wheel has the programs and no start scripts for them. Ports, cores and memory are Spark's own
variables (SPARK_MASTER_PORT, SPARK_WORKER_MEMORY, ...). `executor` is what Kubernetes starts: it
reads the variables that a driver writes into its pods.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import NoReturn

from jobs.storage.java import find_java

CLASSES = {
    "master": "org.apache.spark.deploy.master.Master",
    "worker": "org.apache.spark.deploy.worker.Worker",
}
BACKEND = "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend"
# What the backend is asked for, by the variable of the pod that has it.
TOLD = {
    "--driver-url": "SPARK_DRIVER_URL",
    "--executor-id": "SPARK_EXECUTOR_ID",
    "--cores": "SPARK_EXECUTOR_CORES",
    "--app-id": "SPARK_APPLICATION_ID",
    "--hostname": "SPARK_EXECUTOR_POD_IP",
    "--resourceProfileId": "SPARK_RESOURCE_PROFILE_ID",
    "--podName": "SPARK_EXECUTOR_POD_NAME",
}
OPTION = "SPARK_JAVA_OPT_"


def command(part: str, java: Path) -> list[str]:
    if part == "executor":
        return executor(java)
    master = f"spark://{os.environ['SPARK_MASTER_HOST']}:{os.environ['SPARK_MASTER_PORT']}"
    program = str(spark_home() / "bin" / "spark-class")
    return [program, CLASSES[part], *([master] if part == "worker" else [])]


def executor(java: Path) -> list[str]:
    numbers = sorted(int(name.removeprefix(OPTION)) for name in os.environ if OPTION in name)
    options = [os.environ[f"{OPTION}{number}"] for number in numbers]
    classes = f"{os.environ.get('SPARK_CONF_DIR', '')}:{spark_home() / 'jars' / '*'}"
    told = [word for name, variable in TOLD.items() for word in (name, os.environ[variable])]
    memory = f"-Xmx{os.environ['SPARK_EXECUTOR_MEMORY']}"
    return [str(java / "bin" / "java"), *options, memory, "-cp", classes, BACKEND, *told]


def spark_home() -> Path:
    # Found without importing it, which takes a second.
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise SystemExit("pyspark is not installed in this environment.")
    return Path(found.origin).parent


def main(arguments: list[str]) -> NoReturn:
    if len(arguments) != 1 or arguments[0] not in (*CLASSES, "executor"):
        sys.exit("python -m tools.cluster_spark master | worker | executor")
    configured = os.environ.get("JAVA_HOME")
    java = find_java(
        Path(configured) if configured else None, Path(os.environ["SUNBIRD_BATCH_HOME"])
    )
    for name in ("SPARK_WORKER_DIR", "SPARK_LOCAL_DIRS"):
        if name in os.environ:
            Path(os.environ[name]).mkdir(parents=True, exist_ok=True)
    line = command(arguments[0], java)
    os.execve(  # noqa: S606 -- signals of whoever started this reach the program itself
        line[0], line, os.environ | {"JAVA_HOME": str(java), "SPARK_HOME": str(spark_home())}
    )


if __name__ == "__main__":
    main(sys.argv[1:])
