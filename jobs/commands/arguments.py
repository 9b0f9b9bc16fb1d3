"""What the commands' arguments have in common."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime

import typer

from jobs.errors import NOTHING_TO_DO, RequestError


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(text: str | None, option: str = "--as-of") -> datetime:
    """An ISO 8601 instant; now where none is given."""
    if text is None:
        return utc_now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(
            f"{option} {text!r} is not an ISO 8601 instant such as 2026-11-21T18:30:00Z."
        ) from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def done(count: int) -> None:
    """End with the exit code that tells a scheduler whether anything was there to do."""
    if count == 0:
        raise typer.Exit(NOTHING_TO_DO)


def person(named: str | None) -> str:
    """Who is at the terminal: the name given, or else the one of the account."""
    if named and named.strip():
        return named.strip()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"
