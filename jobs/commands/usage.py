"""Usage of the platform: what is counted of a day's telemetry."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.errors import RequestError
from jobs.settings import load_settings
from jobs.terminal import told

usage = typer.Typer(help="Usage: the metrics of a day, or of a range of days.")


@usage.callback(invoke_without_command=True)
def count(
    context: typer.Context,
    day: Annotated[
        str | None, typer.Option(help="the day, 2026-11-20; none: yesterday. Late events too")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="first day of a range to count anew")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="its last day; none: the first")] = None,
) -> None:
    """Make the events of a day, and of earlier ones that got late events, and all their metrics."""
    if context.invoked_subcommand is not None:
        return
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.usage.job import run_usage
    from jobs.usage.keeping.job import last_whole_day

    settings, now = load_settings(), utc_now()
    if day and (first or last):
        raise RequestError("usage takes --day, or --from and --to, and was given both.")
    if last and not first:
        raise RequestError("usage was given --to without --from: say where the range begins.")
    asked = one_day(day or first) or last_whole_day(settings, now)
    until = one_day(last) or asked
    if until < asked:
        raise RequestError(f"The range ends on {until} before it begins, on {asked}.")
    with open_store(settings) as store:
        run = run_usage(
            settings,
            store,
            open_objects(settings),
            first_day=asked,
            last_day=until,
            with_earlier=not first,
            now=now,
        )
    print(f"rows: {told(run.rows)}")
    print(f"result: {len(run.days)} days counted, {run.file_count} files written")


def one_day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{text!r} is not a day such as 2026-11-20.") from None
