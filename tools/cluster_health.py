"""Whether a part of the cluster works; what the containers' health checks run.

`python -m tools.cluster_health PART`: spark-master, spark-worker, an address, or a part of Airflow
(metadatabase, scheduler, dag_processor, triggerer). It ends with 0 for yes, and says why not.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

SECONDS = 4
SPARK = ("spark-master", "spark-worker")
AIRFLOW = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def why_not(part: str) -> str:
    """A sentence; empty where the part is well."""
    if part.startswith("http"):
        return unanswered(part)
    if part == "spark-master":
        return "" if master()["status"] == "ALIVE" else "The master is not the leader yet."
    if part == "spark-worker":
        return unregistered(worker()["id"])
    state = (airflow().get(part) or {}).get("status")
    return "" if state == "healthy" else f"Airflow's {part} is {state or 'not known yet'}."


def unanswered(address: str) -> str:
    try:
        urllib.request.urlopen(address, timeout=SECONDS).close()  # noqa: S310 -- given by compose.yaml
    except urllib.error.HTTPError as error:
        # It answers; that there is nothing at this address is its answer.
        return "" if error.code < 500 else f"{address} answers {error.code}."
    return ""


def unregistered(worker_id: str) -> str:
    known = {one["id"]: one["state"] for one in master()["workers"]}
    state = known.get(worker_id, "UNKNOWN")
    return "" if state == "ALIVE" else f"The master knows this worker as {state}."


def master() -> dict[str, Any]:
    host, port = os.environ["SPARK_MASTER_HOST"], os.environ["SPARK_MASTER_WEBUI_PORT"]
    return asked(f"http://{host}:{port}/json/")


def worker() -> dict[str, Any]:
    host = os.environ.get("SPARK_LOCAL_IP", "127.0.0.1")
    return asked(f"http://{host}:{os.environ['SPARK_WORKER_WEBUI_PORT']}/json/")


def airflow() -> dict[str, Any]:
    api = urlsplit(os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"])
    return asked(f"http://{api.netloc}/api/v2/monitor/health")


def asked(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 -- ours alone
        told: dict[str, Any] = json.load(answer)
    return told


def main(arguments: list[str]) -> int:
    known = len(arguments) == 1 and arguments[0].startswith(("http:", "https:", *SPARK, *AIRFLOW))
    if not known:
        parts = " | ".join((*SPARK, *AIRFLOW, "ADDRESS"))
        print(f"python -m tools.cluster_health {parts}", file=sys.stderr)
        return 2
    try:
        problem = why_not(arguments[0])
    except (OSError, ValueError, KeyError) as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
