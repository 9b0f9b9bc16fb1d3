"""Named places at which a test ends this process as a power cut would; off, each is one look."""

from __future__ import annotations

import os
import signal

armed: list[str] = []


def arm(name: str | None) -> None:
    """End this process the next time that it comes to the place of this name."""
    armed[:] = [name] if name else []


def crash_point(name: str) -> None:
    if armed and armed[0] == name:
        os.kill(os.getpid(), signal.SIGKILL)
