"""A real Airflow for one home, on this machine: `make airflow`, and what the demo runs on."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from jobs.errors import BatchError
from jobs.settings import load_settings
from jobs.storage.postgres import using
from tools.airflow_api import AirflowApi, AirflowApiError
from tools.airflow_home import (
    LOGIN,
    ROOT,
    airflow_folder,
    airflow_secrets,
    choose_port,
    prepare_database,
    variables,
)
from tools.leftovers import end_processes
from tools.progress import Progress, ends_cleanly
from tools.running import LocalAirflowError, note_running, only_one, stop_running

# No task here defers, so no triggerer; logs are read from the folder, so no log server.
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
START_SECONDS = 180
STOP_SECONDS = 20
# Airflow takes one gigabyte, and each Spark application up to three.
ROOMY_BYTES = 7 << 30


@dataclass
class LocalAirflow:
    """The components that run, and how to speak with them."""

    home: Path
    api: AirflowApi
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api.port}"

    def log_of(self, component: str) -> Path:
        return airflow_folder(self.home) / "logs" / f"{component}.log"

    def check_alive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = self.log_of(name)
                tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
                raise LocalAirflowError(
                    f"Airflow's {name} ended with {process.returncode}. The end of {log}:\n  "
                    + "\n  ".join(tail)
                )

    def wait_until_ready(self, progress: Progress) -> None:
        """Healthy, all DAG files read, the pool made; says what it waits for as that changes."""
        until = time.monotonic() + START_SECONDS
        said = ""
        while waits_for := self.missing():
            self.check_alive()
            if waits_for != said:
                progress.say(f"Airflow: waits for {waits_for}")
                said = waits_for
            if time.monotonic() > until:
                raise LocalAirflowError(
                    f"Airflow is not ready after {START_SECONDS} seconds: it waits for"
                    f" {waits_for}. Its logs are in {airflow_folder(self.home) / 'logs'}."
                )
            time.sleep(0.5)
        slots = spark_slots(psutil.virtual_memory().total, os.cpu_count() or 1)
        self.api.set_pool("spark", slots, "Spark applications at a time")

    def missing(self) -> str:
        health = self.api.health()
        if not health:
            return "the API server"
        for component in ("scheduler", "dag_processor"):
            if health.get(component) != "healthy":
                return f"the {component.replace('_', ' ')}"
        if errors := self.api.import_errors():
            raise LocalAirflowError("A DAG file cannot be read.\n" + "\n".join(errors))
        wanted = {path.stem for path in (ROOT / "dags").glob("*.py")}
        missing = sorted(wanted - set(self.api.dag_ids()))
        return f"the DAGs {', '.join(missing)}" if missing else ""


def spark_slots(memory_bytes: int, cores: int) -> int:
    """How many Spark applications at once: a small one leaves a good part of two cores idle."""
    return 2 if memory_bytes >= ROOMY_BYTES and cores > 1 else 1


@contextlib.contextmanager
def local_airflow(
    home: Path, progress: Progress, *, runs_schedules: bool = True
) -> Iterator[LocalAirflow]:
    """Airflow's components, starting; stopped at the end with all that they started."""
    with only_one(home), using(home) as store_url:
        end_processes(home)
        port, remark = choose_port()
        if remark:
            progress.say(remark)
        environment = dict(os.environ) | variables(
            home, store_url=store_url, port=port, runs_schedules=runs_schedules
        )
        if prepare_database(store_url, environment):
            progress.say("Airflow: its database is made")
        airflow = LocalAirflow(home, AirflowApi(port, LOGIN, airflow_secrets(home)["password"]))
        note_running(home, airflow.url)
        try:
            for name, arguments in COMPONENTS.items():
                airflow.processes[name] = start(arguments, environment, airflow.log_of(name))
            yield airflow
        finally:
            stop(airflow)


def start(arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(airflow: LocalAirflow) -> None:
    # A second Ctrl-C must not leave half of it behind.
    with ignoring(signal.SIGINT, signal.SIGTERM):
        groups = list(airflow.processes.values())
        for process in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for process in groups:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, until - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        # Jobs run in groups of their own.
        end_processes(airflow.home)
        (airflow_folder(airflow.home) / "running.json").unlink(missing_ok=True)


@contextlib.contextmanager
def ignoring(*signals: signal.Signals) -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve(home: Path) -> None:
    """Runs in the foreground until Ctrl-C."""
    progress = Progress()
    progress.say("Airflow: starts")
    with local_airflow(home, progress) as airflow:
        airflow.wait_until_ready(progress)
        progress.say(
            f"Airflow runs at {airflow.url}  login: {airflow.api.login}"
            f"  password: {airflow.api.password}  (Ctrl-C stops it)"
        )
        try:
            while True:
                airflow.check_alive()
                time.sleep(1)
        except KeyboardInterrupt:
            print()
            progress.say("Airflow: stops")
    progress.say("Airflow is stopped")


def main(arguments: list[str]) -> int:
    ends_cleanly()
    try:
        home = load_settings().home
        if arguments == ["stop"]:
            print(stop_running(home))
        elif arguments == ["run"]:
            serve(home)
        else:
            print("python -m tools.local_airflow run | stop", file=sys.stderr)
            return 2
    except KeyboardInterrupt:
        return 130
    except (LocalAirflowError, AirflowApiError, BatchError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
