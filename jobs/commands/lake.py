"""From raw tables to published ones, and looking at what is there."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobs.commands.arguments import done, instant, utc_now
from jobs.settings import Settings, load_settings
from jobs.storage.store import Reader, Store


def refresh(
    tables: Annotated[list[str] | None, typer.Argument(help="none: all")] = None,
    due: Annotated[bool, typer.Option("--due", help="only tables that are old enough")] = False,
) -> None:
    """Turn raw tables into published snapshots, in one Spark application."""
    from jobs.refresh.job import run_refresh
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        made = run_refresh(settings, store, tables=tables or [], due_only=due, clock=utc_now)
    for table in made:
        kept_out = ", ".join(f"{n} {reason}" for reason, n in table.quarantined.items())
        print(
            f"{table.table}: {table.row_count} rows{f'; kept out: {kept_out}' if kept_out else ''}"
        )
    done(len(made))


def query(
    sql: Annotated[str, typer.Argument(help="one SELECT")],
    role: Annotated[
        Reader, typer.Option("--as", help="the role that reads; an analyst the metrics alone")
    ] = Reader.OPERATOR,
) -> None:
    """Print the rows of a read-only query as CSV."""
    from jobs.storage.query import query_csv
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        query_csv(store, sql, sys.stdout, role=role)


def samples(
    learners: Annotated[int, typer.Option(help="how many learners", min=1)] = 5000,
    as_of: Annotated[str | None, typer.Option(help="the day that the dates are around")] = None,
) -> None:
    """Write a small Sunbird into the lake."""
    from jobs.samples.job import run_samples

    settings = load_settings()
    run_samples(settings, learners=learners, as_of=instant(as_of))
    print(f"A small Sunbird is in {settings.lake}.")


def refresh_missing(settings: Settings, store: Store) -> None:
    """Refresh what an exhaust reads and was never published: the first run of a new lake."""
    from jobs.refresh.plan import TABLES
    from jobs.storage.snapshots import latest

    with store.transaction() as connection:
        missing = [name for name in TABLES if latest(connection, name) is None]
    if missing:
        from jobs.refresh.job import run_refresh

        run_refresh(settings, store, tables=missing, due_only=False, clock=utc_now)
