"""The weekly reports on textbooks."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import instant, utc_now
from jobs.settings import load_settings
from jobs.terminal import told

SHOWN = 20


def reports(
    as_of: Annotated[
        str | None, typer.Option(help="ISO 8601 instant of this week; none: now")
    ] = None,
) -> None:
    """Report how far textbooks are made and which QR codes have content, as tables and files."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.textbooks.reporting.job import FILES, run_textbook_reports

    settings, now = load_settings(), utc_now()
    objects = open_objects(settings)
    with open_store(settings) as store:
        found = run_textbook_reports(
            settings, store, objects, as_of=instant(as_of) if as_of else now, now=now
        )
    week = found.week
    print(f"scans: {week.scans_from} to {week.scans_until}, of {found.scanned_code_count} codes")
    print(f"rows: {told(found.rows)}")
    for version_id in found.not_counted[:SHOWN]:
        print(f"no usable hierarchy, named and not counted: {version_id}")
    if len(found.not_counted) > SHOWN:
        print(f"and {len(found.not_counted) - SHOWN} more, in textbooks_without_hierarchy.csv")
    print(f"files: {found.file_count} below {objects.place(FILES)}")
    print(
        f"result: week of {week.starts_on}: {told(found.by_status)};"
        f" {found.adopted_count} of them adopted"
    )
