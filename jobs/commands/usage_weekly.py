"""The weekly summary of usage, by hand or on its schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.commands.usage import one_day
from jobs.settings import load_settings


def weekly(
    week: Annotated[
        str | None, typer.Option(help="its Monday, 2026-11-16; none: of the last whole week")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="write the PDF here to look at it, and tell nobody")
    ] = None,
) -> None:
    """Draw the two pages of a week and mail them to the analysts, each once a week."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.usage.weekly.job import counted_week, drawn, last_week, run_weekly

    settings, now = load_settings(), utc_now()
    first_on = one_day(week) or last_week(settings, now)
    with open_store(settings) as store:
        if out is not None:
            with store.transaction() as connection:
                found = counted_week(connection, first_on)
            out.write_bytes(drawn(settings, found, now))
            print(f"result: {out}")
            return
        summary = run_weekly(settings, store, open_objects(settings), first_on=first_on, now=now)
    print(f"result: week {summary.first_on}, {summary.analyst_count} analysts, {summary.key}")
