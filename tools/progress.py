"""What a person at a terminal reads while something takes time."""

import signal
import time
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Lines with the seconds since the start in front."""

    started: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:5.1f} s] {text}", flush=True)


def ends_cleanly() -> None:
    """Makes a stop by another program, or a closed terminal, what Ctrl-C is."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
