"""Run a command and say what it cost, its child processes among it."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
GROWN_SECONDS = 0.3
EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """Wall seconds, processor seconds and the peak of the tree's resident memory."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s wall, {self.cpu_seconds:.1f} s processor,"
            f" {self.peak_bytes / 2**30:.2f} GiB"
        )


def cost_of(arguments: Sequence[str], variables: Mapping[str, str]) -> Cost:
    """Run `python -m …` with these variables; RuntimeError with its output when it fails."""
    environment = {**os.environ, **variables}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    tree = Tree(process.pid)
    watcher = threading.Thread(target=tree.watch, daemon=True)
    watcher.start()
    output = process.communicate()[0]
    seconds = time.perf_counter() - began
    tree.is_over = True
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{output}")
    return Cost(seconds, sum(tree.cpu.values()), tree.peak)


class Tree:
    """A process and all that it started, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self.root = psutil.Process(pid)
        self.is_over = False
        self.peak = 0
        self.cpu: dict[int, float] = {}

    def watch(self) -> None:
        while not self.is_over:
            resident = 0
            try:
                members = [self.root, *self.root.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            for member in members:
                try:
                    # Until it runs its own program it shows its parent's memory as its own.
                    if member == self.root or time.time() - member.create_time() > GROWN_SECONDS:
                        resident += member.memory_info().rss
                    spent = member.cpu_times()
                    self.cpu[member.pid] = spent.user + spent.system
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, resident)
            time.sleep(EVERY_SECONDS)


def median_of(times: int, run: Callable[[], Cost]) -> Cost:
    """The run with the median wall time, with the highest peak of all."""
    costs = sorted((run() for _ in range(times)), key=lambda cost: cost.seconds)
    middle = costs[len(costs) // 2]
    return Cost(middle.seconds, middle.cpu_seconds, max(cost.peak_bytes for cost in costs))


def seconds_of(times: int, run: Callable[[], object]) -> float:
    """The median wall seconds of a function."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)
