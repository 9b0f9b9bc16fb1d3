"""What a command shows: logs on standard error, results as text on standard output."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog


def configure_logging() -> None:
    """One line an event, with its counts and ids; results alone go to standard output."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
    )


def print_table(rows: list[dict[str, Any]]) -> None:
    """Columns side by side, each as wide as its widest value."""
    if not rows:
        sys.stdout.write("none\n")
        return
    texts = [[str(name) for name in rows[0]]]
    texts += [["" if value is None else str(value) for value in row.values()] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(*texts, strict=True)]
    for row in texts:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def told(counts: Mapping[str, int]) -> str:
    """Counts by name as a phrase."""
    return ", ".join(f"{name} {n}" for name, n in counts.items() if n) or "nothing to do"
