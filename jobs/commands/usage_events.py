"""Usage events: what is counted of the telemetry, a day at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.commands.usage import one_day
from jobs.errors import RequestError
from jobs.settings import load_settings
from jobs.terminal import print_table, told


def events(
    first: Annotated[
        str | None, typer.Option("--from", help="first day; none: the earliest that is still open")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="last day, 2026-11-20; none: yesterday")
    ] = None,
) -> None:
    """Land the telemetry that is new, and bring the events of the days up to date."""
    from jobs.storage.store import open_store
    from jobs.usage.events.job import list_days, run_events

    settings, now = load_settings(), utc_now()
    first_day, last_day = (one_day(text) for text in (first, last))
    if first_day and last_day and last_day < first_day:
        raise RequestError(f"The range ends on {last_day} before it begins, on {first_day}.")
    with open_store(settings) as store:
        run = run_events(settings, store, first_day=first_day, last_day=last_day, now=now)
        print_table(list_days(store, [*run.changed, *run.unchanged]))
    for one in run.landed:
        print(
            f"arrived {one.arrival_day}: {one.in_count} events,"
            f" {one.landed_count} landed, {one.not_ours_count} not counted,"
            f" {one.late_count} late, {one.rejected_count} rejected"
            f"{f' ({told(one.rejected)})' if one.rejected else ''}"
        )
    print(f"result: {len(run.changed)} days made, {len(run.unchanged)} as they were")
