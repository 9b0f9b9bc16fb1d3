"""Enrolments: what could be mended in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.arguments import instant, person
from jobs.settings import load_settings
from jobs.terminal import told

enrolments = typer.Typer(help="Enrolments: what could be mended in them.", no_args_is_help=True)


@enrolments.callback()
def group() -> None:
    """A group of commands, although it has but one yet."""


@enrolments.command()
def repair(
    batch: Annotated[str | None, typer.Option(help="approve and list this batch alone")] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="approve what is proposed, and write what to run")
    ] = False,
    by: Annotated[str | None, typer.Option(help="who approves; none: the account")] = None,
    list_to: Annotated[
        Path | None, typer.Option("--list", help="write all proposals to this CSV file")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="ISO 8601 instant; none: now")] = None,
) -> None:
    """Propose dates that are missing and contents that are stale; writes nothing without --apply.

    The platform itself is written by its own people, with the statements of the file.
    """
    from jobs.certificates.mending.job import repair_enrolments
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    objects = open_objects(settings)
    with open_store(settings) as store:
        done = repair_enrolments(
            settings, store, objects, as_of=instant(as_of), apply=apply, by=person(by),
            batch_id=batch, list_to=list_to,
        )  # fmt: skip
    for name, key in done.files.items():
        print(f"{name}: {objects.place(key)}")
    if list_to is not None:
        print(f"list: {list_to}")
    approved = f"; approved now: {done.approved_count}" if apply else " (nothing was written)"
    print(f"result: {told(done.counts) if done.counts else 'nothing to mend'}{approved}")
