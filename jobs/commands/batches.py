"""The status of batches, and whether the LMS agrees with it."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import instant, utc_now
from jobs.settings import load_settings
from jobs.terminal import print_table, told

SHOWN = 200


def batch_status(
    at: Annotated[str | None, typer.Option(help="ISO 8601 instant to judge for; none: now")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write and tell nothing")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="tell the LMS although the instant is not now")
    ] = False,
) -> None:
    """Bring the status of every batch up to date, and tell the LMS what changed."""
    from jobs.batches.job import run_batch_status
    from jobs.storage.store import open_store

    settings, now = load_settings(), utc_now()
    judged_for = instant(at) if at else now
    with open_store(settings) as store:
        run = run_batch_status(
            settings, store, at=judged_for, clock=utc_now, dry_run=dry_run, force=force
        )
    print(f"batches by status: {told(run.by_status) if run.by_status else 'none'}")
    if run.problems or run.moved.get("start_moved"):
        reported = run.problems | {
            name: n for name, n in run.moved.items() if name == "start_moved"
        }
        print(f"reported: {told(reported)}")
    if run.kept_out:
        print(f"rows kept out: {told(run.kept_out)}")
    for target, counts in run.told.items():
        print(f"{target}: told {counts.done}, refused {counts.refused}, failed {counts.failed}")
    moved = f"{sum(run.moved.values())} moved" + (f" ({told(run.moved)})" if run.moved else "")
    drifts = told(run.drift) if run.drift else "nothing"
    print(f"result: {'would be: ' if dry_run else ''}{moved}; drifts: {drifts}")


def drift() -> None:
    """List what the LMS has not taken yet, the oldest first."""
    from jobs.batches.job import list_drift
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        counts, rows = list_drift(store, limit=SHOWN)
    print_table(rows)
    if counts:
        print(f"open: {told(counts)}")
