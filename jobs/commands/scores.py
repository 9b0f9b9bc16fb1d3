"""Scores: attempts that cannot be right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.arguments import person, utc_now
from jobs.settings import load_settings
from jobs.terminal import told

scores = typer.Typer(help="Scores: attempts that cannot be right.", no_args_is_help=True)


@scores.callback()
def group() -> None:
    """A group of commands, although it has but one yet."""


@scores.command()
def check(
    batch: Annotated[str, typer.Option(help="the batch")],
    apply: Annotated[
        bool, typer.Option("--apply", help="keep copies, count the scores anew, write what to run")
    ] = False,
    by: Annotated[str | None, typer.Option(help="who decided; none: the account")] = None,
    list_to: Annotated[
        Path | None, typer.Option("--list", help="write the reports to this folder")
    ] = None,
) -> None:
    """Find attempts with another number of questions than their assessment has.

    The platform itself is written by its own people, with the statements of the report.
    """
    from jobs.certificates.rescoring.job import check_scores
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    objects = open_objects(settings)
    with open_store(settings) as store:
        done = check_scores(
            settings, store, objects, batch_id=batch, now=utc_now(), apply=apply, by=person(by),
            list_to=list_to,
        )  # fmt: skip
    print(f"attempts: {told(done.named) if done.named else 'none'}")
    for name, key in done.files.items():
        print(f"{name}: {objects.place(key)}")
    if list_to is not None:
        print(f"reports: {list_to}")
    print(
        f"result: {done.learner_count} learners with another score,"
        f" {done.certificate_count} certificates of theirs to look at"
        f"{'; copies are kept' if apply else ' (nothing was written)'}"
    )
