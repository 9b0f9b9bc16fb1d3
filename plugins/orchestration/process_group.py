"""A program in a process group of its own: its lines as they come, and its end as a whole."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

READ_SIZE = 65_536
# Airflow gives a task five seconds between its own signals.
GRACE_SECONDS = 3.0


class ProcessGroup:
    """A started program and everything that it starts."""

    def __init__(self, command: list[str], *, folder: Path, environment: dict[str, str]) -> None:
        reads, writes = os.pipe()
        self.output = os.fdopen(reads, "rb", buffering=0)
        try:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=writes,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(writes)

    def lines(self) -> Iterator[str]:
        """What the program prints, until it ends; a child that it left behind is not waited for."""
        rest = b""
        ended = False
        with self.output, selectors.DefaultSelector() as selector:
            selector.register(self.output, selectors.EVENT_READ)
            while True:
                if selector.select(timeout=0 if ended else 0.5):
                    chunk = os.read(self.output.fileno(), READ_SIZE)
                    if not chunk:
                        break
                    *whole, rest = (rest + chunk).split(b"\n")
                    yield from (readable(line) for line in whole)
                elif ended:
                    break
                else:
                    ended = self.process.poll() is not None
        if rest:
            yield readable(rest)

    def exit_code(self) -> int:
        # Not wait(): it holds a lock that stop(), called by a signal meanwhile, would wait for.
        while (code := self.process.poll()) is None:
            time.sleep(0.05)
        return code

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Ends all of the group: asked first, and after the grace forced."""
        self.signal(signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def is_alive(self) -> bool:
        """Whether any process of the group is left; the program itself is reaped on the way."""
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


def readable(line: bytes) -> str:
    return line.decode(errors="replace").rstrip()
