"""What the commands' arguments have in common."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from jobs.errors import NOTHING_TO_DO, RequestError


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(text: str | None) -> datetime:
    """An ISO 8601 instant; now where none is given."""
    if text is None:
        return utc_now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(
            f"--as-of {text!r} is not an ISO 8601 instant such as 2026-11-21T18:30:00Z."
        ) from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def done(count: int) -> None:
    """End with the exit code that tells a scheduler whether anything was there to do."""
    if count == 0:
        raise typer.Exit(NOTHING_TO_DO)
