"""What the page knows, it asks of `python -m jobs page …`: the store's role that only reads."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from orchestration.job_process import project_root, without_airflow

# An answer takes about a second; what takes this long stands behind a store that does not answer.
SECONDS = 30
# A page and what it loads again ask the same within seconds.
KEPT_SECONDS = 4.0
# Each is a process of its own: a crowd of readers waits in line instead of crowding the server.
AT_ONCE = threading.BoundedSemaphore(3)
WAIT_SECONDS = 10.0


class JobError(Exception):
    """A command did not do what was asked; the message is its own sentence, made for people."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


class Answers:
    """Answers of commands, kept for some seconds; who asks what is being asked waits for that."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], tuple[float, Any]] = {}
        self.asking: dict[tuple[str, ...], threading.Lock] = {}
        self.lock = threading.Lock()

    def of(self, *arguments: str) -> Any:
        """The JSON object that `python -m jobs page …` prints."""
        with self.lock:
            asking = self.asking.setdefault(arguments, threading.Lock())
        with taken(asking):
            with self.lock:
                until, known = self.kept.get(arguments, (0.0, None))
            if time.monotonic() < until:
                return known
            answer = json.loads(run(["page", *arguments]))
            self.keep(arguments, answer)
        return answer

    def keep(self, arguments: tuple[str, ...], answer: Any) -> None:
        now = time.monotonic()
        with self.lock:
            self.kept = {key: old for key, old in self.kept.items() if old[0] > now}
            self.kept[arguments] = (now + KEPT_SECONDS, answer)
            self.asking = {
                key: lock for key, lock in self.asking.items() if key in self.kept or lock.locked()
            }

    def forget(self) -> None:
        """Whatever was kept, since something was changed."""
        with self.lock:
            self.kept = {}


@contextlib.contextmanager
def taken(lock: threading.Lock | threading.Semaphore) -> Iterator[None]:
    """The lock, or JobError: whoever waits here holds a thread that Airflow's own pages need."""
    if not lock.acquire(timeout=WAIT_SECONDS):
        raise JobError("Many people look at this page now. Open it again in a minute.", 14)
    try:
        yield
    finally:
        lock.release()


def run(arguments: Sequence[str], *, given: str = "") -> str:
    """The output of a command; JobError holds the sentence with which it refused."""
    with taken(AT_ONCE):
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "jobs", *arguments],
                cwd=project_root(),
                env=without_airflow(dict(os.environ)),
                input=given,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise JobError(
                f"No answer within {SECONDS} seconds. `python -m jobs doctor` says what is in the"
                " way.",
                14,
            ) from None
    if ended.returncode:
        raise JobError(sentence(ended.stderr), ended.returncode)
    return ended.stdout


def sentence(errors: str) -> str:
    """The last line of an expected failure without its class; a crash is not shown to readers."""
    last = next((line for line in reversed(errors.splitlines()) if line.strip()), "")
    kind, _, said = last.partition(": ")
    if said and kind.endswith("Error") and kind.isidentifier() and "Traceback" not in errors:
        return said
    return "The command ended unexpectedly. The log of Airflow's API server says more."
