"""`make cluster`: the services of compose.yaml as processes of this machine, without docker."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from jobs.errors import BatchError
from jobs.settings import load_settings
from jobs.storage.postgres import swap_database, using
from tools.airflow_api import AirflowApi, AirflowApiError
from tools.airflow_home import LOGIN, MARK, ROOT
from tools.cluster_compose import ComposeError, Service, read_services
from tools.cluster_places import LOOPBACK, Places, choose_places, keep_places
from tools.cluster_setup import write_spark_defaults
from tools.cluster_standins import make_secrets, stood_in
from tools.leftovers import end_processes
from tools.local_airflow import LocalAirflow, stop
from tools.progress import Progress, ends_cleanly
from tools.running import LocalAirflowError, note_running, only_one, stop_running

SPARK = frozenset({"spark-master", "spark-worker-1", "spark-worker-2"})
HEALTH_SECONDS = 180
# Of compose.yaml; docker compose takes them from its environment too.
SIZES = ("SPARK_DRIVER_MEMORY", "SPARK_EXECUTOR_MEMORY", "SPARK_WORKER_MEMORY")
# What a process needs of this machine; everything else is what compose.yaml says.
INHERITED = ("HOME", "JAVA_HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER")


@dataclass
class Cluster(LocalAirflow):
    """The services that run here, and how to run a command among them."""

    services: dict[str, Service] = field(kw_only=True)
    places: Places = field(kw_only=True)

    def environment(self, name: str, **more: str) -> dict[str, str]:
        """What a process of the service sees."""
        kept = {key: os.environ[key] for key in INHERITED if key in os.environ}
        kept["PATH"] = f"{Path(sys.executable).parent}:{kept.get('PATH', os.defpath)}"
        here = {MARK: str(self.home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        # Without it Spark looks up this machine's name, which loopback need not answer to.
        here["SPARK_LOCAL_IP"] = LOOPBACK
        return kept | here | self.services[name].environment | more

    def start(self, name: str) -> None:
        service = self.services[name]
        with self.log_of(name).open("wb") as output:
            self.processes[name] = subprocess.Popen(
                service.command,
                env=self.environment(name),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, name: str, condition: str) -> None:
        """Returns when the service has come to the condition; says whose log tells why not."""
        until = time.monotonic() + HEALTH_SECONDS
        while not self.has_come_to(name, condition):
            if time.monotonic() > until:
                raise LocalAirflowError(
                    f"{name} is not well after {HEALTH_SECONDS} seconds; see {self.log_of(name)}."
                )
            time.sleep(0.5)

    def has_come_to(self, name: str, condition: str) -> bool:
        if name not in self.processes:
            # The embedded PostgreSQL answers already.
            return True
        if condition == "service_completed_successfully":
            ended = self.processes[name].poll()
            if ended == 0:
                return True
        if condition != "service_completed_successfully" or ended is not None:
            self.check_alive()
        return condition == "service_started" or (
            condition == "service_healthy" and self.is_healthy(name)
        )

    def check_alive(self) -> None:
        """Nothing for what runs, and for what has done its work."""
        done = [name for name, process in self.processes.items() if process.poll() == 0]
        for name in done:
            if name in ("setup", "certificate"):
                del self.processes[name]
        super().check_alive()

    def is_healthy(self, name: str) -> bool:
        command = self.services[name].health
        asked = subprocess.run(command, env=self.environment(name), cwd=ROOT, capture_output=True)
        return asked.returncode == 0

    def run(self, name: str, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """What `docker compose exec <name> <command>` would do."""
        return subprocess.run(
            [sys.executable if word == "python" else word for word in command],
            env=self.environment(name, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
        )


@contextlib.contextmanager
def local_cluster(
    home: Path,
    progress: Progress,
    *,
    parts: Set[str] = frozenset(),
    scheduler: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Cluster]:
    """The services, each started when those before it are well; stopped at the end with all that
    they started. `parts` names those that are wanted; none: all. `scheduler` has more settings for
    the one that runs the tasks.
    """
    with only_one(home), using(home) as store_url:
        end_processes(home)
        secrets = make_secrets(home)
        sizes = {name: os.environ[name] for name in SIZES if name in os.environ}
        described = read_services(secrets | sizes)
        port = int(store_url.rpartition(":")[2].partition("/")[0])
        places = choose_places(home, described, store_port=port)
        services = {name: places.here(one) for name, one in described.items()}
        services = stood_in(services, places, admin_url=swap_database(store_url, "postgres"))
        runs_tasks = services["airflow-scheduler"]
        told = runs_tasks.environment | scheduler
        services[runs_tasks.name] = replace(runs_tasks, environment=told)
        cluster = Cluster(home, log_in(places, secrets), services=services, places=places)
        keep_places(places)
        # A part alone has no setup before it.
        write_spark_defaults(home, secrets["SPARK_SECRET"])
        note_running(home, cluster.url)
        try:
            start_all(cluster, parts or frozenset(services), progress)
            yield cluster
        finally:
            stop(cluster)


def log_in(places: Places, secrets: Mapping[str, str]) -> AirflowApi:
    return AirflowApi(places.ports["8080"], LOGIN, secrets["AIRFLOW_ADMIN_PASSWORD"])


def start_all(cluster: Cluster, parts: Set[str], progress: Progress) -> None:
    wanted = [name for name in cluster.services if name in parts and name != "postgres"]
    for name in wanted:
        for other, condition in cluster.services[name].waits_for.items():
            cluster.wait_for(other, condition)
        cluster.start(name)
        progress.say(f"{name}: starts")
    for name in wanted:
        if cluster.services[name].health:
            cluster.wait_for(name, "service_healthy")
    progress.say(f"Healthy: {', '.join(wanted)}")


def serve(home: Path) -> None:
    """Runs in the foreground until Ctrl-C."""
    progress = Progress()
    with local_cluster(home, progress) as cluster:
        cluster.wait_until_ready(progress)
        ports = cluster.places.ports
        progress.say(
            f"Airflow: {cluster.url}  login: {LOGIN}  password: {cluster.api.password}\n"
            f"  Spark: http://{LOOPBACK}:{ports['8180']}  links: http://{LOOPBACK}:{ports['8090']}"
            f"  mails: {home / 'mailbox'}  (Ctrl-C stops all; the files in S3 are then gone)\n"
            "  A small Sunbird to try it with: .venv/bin/python -m tools.cluster_exec"
            " airflow-scheduler python -m jobs samples"
        )
        try:
            while True:
                cluster.check_alive()
                time.sleep(1)
        except KeyboardInterrupt:
            print()
    progress.say("The cluster is stopped")


def run_on_spark(home: Path, command: list[str]) -> int:
    """One command with Spark's master and workers alone, as a task of the cluster would run it."""
    with local_cluster(home, Progress(), parts=SPARK) as cluster:
        environment = dict(os.environ) | spark_settings(cluster)
        return subprocess.run(command, env=environment, cwd=ROOT).returncode


def spark_settings(cluster: Cluster) -> dict[str, str]:
    """What sends a command's Spark to this cluster: the scheduler's connection, as variables."""
    told = cluster.services["airflow-scheduler"].environment
    connection = json.loads(told["AIRFLOW_CONN_SPARK_DEFAULT"])
    return {
        "SUNBIRD_BATCH_SPARK_MASTER": connection["host"],
        "SUNBIRD_BATCH_SPARK_CONF": json.dumps(connection["extra"]["conf"]),
        "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": told["SUNBIRD_BATCH_SPARK_DRIVER_MEMORY"],
        "SPARK_CONF_DIR": told["SPARK_CONF_DIR"],
        "SPARK_LOCAL_IP": LOOPBACK,
    }


def main(arguments: list[str]) -> int:
    ends_cleanly()
    try:
        home = load_settings().home / "cluster"
        if arguments == ["stop"]:
            print(stop_running(home))
        elif arguments == ["run"]:
            serve(home)
        elif arguments[:1] == ["spark"] and len(arguments) > 1:
            return run_on_spark(home, arguments[1:])
        else:
            print("python -m tools.cluster run | stop | spark COMMAND ...", file=sys.stderr)
            return 2
    except KeyboardInterrupt:
        return 130
    except (LocalAirflowError, AirflowApiError, ComposeError, BatchError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
