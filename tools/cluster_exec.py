"""A command among the services of `make cluster`, as `docker compose exec` has it.

`python -m tools.cluster_exec airflow-scheduler python -m jobs samples`
"""

import subprocess
import sys
from pathlib import Path

from jobs.errors import BatchError
from jobs.settings import load_settings
from tools.airflow_home import ROOT
from tools.cluster import Cluster, log_in
from tools.cluster_compose import ComposeError, read_services
from tools.cluster_places import read_places
from tools.cluster_standins import make_secrets
from tools.running import LocalAirflowError, read_running


def running_cluster(home: Path) -> Cluster:
    """The services of the cluster that runs for this home, with the ports that it has chosen."""
    if not read_running(home):
        raise LocalAirflowError(f"No cluster runs for {home}: `make cluster` starts one.")
    secrets = make_secrets(home)
    described = read_services(secrets)
    places = read_places(home, described)
    services = {name: places.here(one) for name, one in described.items()}
    return Cluster(home, log_in(places, secrets), services=services, places=places)


def main(arguments: list[str]) -> int:
    try:
        cluster = running_cluster(load_settings().home / "cluster")
    except (LocalAirflowError, ComposeError, BatchError) as error:
        print(error, file=sys.stderr)
        return 1
    if len(arguments) < 2 or arguments[0] not in cluster.services:
        services = ", ".join(cluster.services)
        print(f"python -m tools.cluster_exec SERVICE COMMAND ...: {services}", file=sys.stderr)
        return 2
    name, *words = arguments
    command = [sys.executable if word == "python" else word for word in words]
    return subprocess.run(command, env=cluster.environment(name), cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
