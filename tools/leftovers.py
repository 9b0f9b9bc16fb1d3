"""Processes of a home's local Airflow, found by the mark that they carry, and their end."""

from collections.abc import Callable
from pathlib import Path

import psutil

from tools.airflow_home import MARK


def marked_processes(home: Path) -> list[psutil.Process]:
    """Components, task runners and the jobs that they started; never this process."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(home) and process.pid != psutil.Process().pid:
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


def end_processes(home: Path, *, grace_seconds: float = 15) -> int:
    """How many there were: asked to end, and after the grace forced."""
    count = 0
    for _ in range(3):
        # A process that ends may still have started another.
        processes = marked_processes(home)
        if not processes:
            break
        count += len(processes)
        for process in processes:
            send(process.terminate)
        _, alive = psutil.wait_procs(processes, timeout=grace_seconds)
        for process in alive:
            send(process.kill)
        psutil.wait_procs(alive, timeout=5)
    return count


def send(signal: Callable[[], None]) -> None:
    try:
        signal()
    except psutil.NoSuchProcess:
        return
