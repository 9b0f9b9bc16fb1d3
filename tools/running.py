"""Whether a home's local Airflow runs, where, and how to stop it from elsewhere."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tools.airflow_home import LOGIN, airflow_folder, airflow_secrets, write_private
from tools.leftovers import end_processes

STOP_SECONDS = 60


class LocalAirflowError(Exception):
    """It does not start, or runs already; the sentence says what to do."""


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """The kernel lets go of the lock when its holder dies, however it dies."""
    with (airflow_folder(home) / "supervisor.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            url = read_running(home).get("url", "it is starting")
            raise LocalAirflowError(
                f"Airflow runs already for {home}: {url}  login: {LOGIN}  password:"
                f" {airflow_secrets(home)['password']}  Stop it with Ctrl-C where it runs, or with"
                " `make down`."
            ) from None
        yield


def note_running(home: Path, url: str) -> None:
    told = json.dumps({"pid": os.getpid(), "url": url})
    write_private(airflow_folder(home) / "running.json", told)


def read_running(home: Path) -> dict[str, Any]:
    try:
        text = (airflow_folder(home) / "running.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    told: dict[str, Any] = json.loads(text)
    return told


def stop_running(home: Path) -> str:
    """Ends the Airflow of a home, wherever it was started; a sentence about what was found."""
    try:
        with only_one(home):
            count = end_processes(home)
            return f"Airflow had left processes; ended: {count}." if count else "No Airflow runs."
    except LocalAirflowError:
        pid = read_running(home).get("pid")
    if pid is None:
        raise LocalAirflowError("Airflow is just starting; try again in a moment.")
    supervisor = psutil.Process(pid)
    supervisor.terminate()
    supervisor.wait(timeout=STOP_SECONDS)
    return "Airflow is stopped."
