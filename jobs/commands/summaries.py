"""What batches have come to, and how far the members of groups are."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import instant, utc_now
from jobs.errors import RequestError
from jobs.settings import load_settings
from jobs.terminal import told


def collection_summary(
    as_of: Annotated[
        str | None, typer.Option(help="ISO 8601 instant, whose day is counted; none: now")
    ] = None,
) -> None:
    """Count every batch by its learners' place, publish the day and export its file."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.summaries.job import run_collection_summary

    settings, now = load_settings(), utc_now()
    objects = open_objects(settings)
    with open_store(settings) as store:
        summary = run_collection_summary(
            settings, store, objects, as_of=instant(as_of) if as_of else now, now=now
        )
    for name in summary.files:
        print(f"file: {objects.place(name)}")
    unknown = f", {summary.unknown_batches} enrolments of unknown batches left out"
    print(
        f"result: {summary.day.isoformat()}: {summary.row_count} rows"
        f"{unknown if summary.unknown_batches else ''}"
    )


def group_activity(
    group: Annotated[str | None, typer.Option(help="the group; with --activity")] = None,
    activity: Annotated[str | None, typer.Option(help="the activity's id")] = None,
    type: Annotated[str | None, typer.Option("--type", help="where it has several")] = None,
) -> None:
    """Print what the portal shows of a group's activity as JSON; of no group: aggregate all."""
    import json

    from jobs.groups.job import portal_answer, run_group_activity
    from jobs.storage.store import open_store

    if (group is None) != (activity is None):
        raise RequestError("A group and an activity are needed: --group G --activity A.")
    settings = load_settings()
    with open_store(settings) as store:
        if group is not None and activity is not None:
            answer = portal_answer(store, group_id=group, activity_id=activity, activity_type=type)
            print(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        made = run_group_activity(settings, store, now=utc_now())
    kept_out = f"; kept out: {told(made.kept_out)}" if made.kept_out else ""
    print(f"result: {told(made.rows)}{kept_out}")
