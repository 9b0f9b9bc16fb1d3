"""Keeping the parts in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.errors import RequestError
from jobs.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]


def doctor() -> None:
    """Check each part and say what to do."""
    from jobs.doctor import examine

    findings = examine(load_settings())
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.part}: {finding.says}")
        if not finding.ok and finding.do:
            print(f"     do: {finding.do}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def class_archive() -> None:
    """Make Java's archive of Spark's classes, once for this environment: jobs start sooner."""
    from jobs.storage.class_archive import make_archive
    from jobs.storage.java import find_java

    settings = load_settings()
    print(f"Spark's classes are in {make_archive(find_java(settings.java_home, settings.home))}")


def store(
    action: Annotated[str, typer.Argument(help="up, down, status or destroy")],
    yes: Annotated[
        bool, typer.Option("--yes", help="destroy: all requests, ledgers and the audit log go")
    ] = False,
) -> None:
    """Start, stop, look at or destroy the embedded PostgreSQL."""
    from jobs.storage import postgres

    home = load_settings().home
    actions = {"up": postgres.up, "down": postgres.down, "status": postgres.status}
    if action == "destroy":
        if not yes:
            raise RequestError(
                f"The embedded store of {home} holds every request, ledger and the audit log."
                " Nothing was removed; add --yes to remove it for good."
            )
        postgres.destroy(home)
        print("The store is gone.")
    elif action in actions:
        print(actions[action](home))
    else:
        raise RequestError(
            f"There is no action {action!r}; the actions are up, down, status and destroy."
        )


def docs(
    check: Annotated[bool, typer.Option("--check", help="only tell what is stale")] = False,
    plots: Annotated[
        bool, typer.Option("--plots", help="draw the plots too, of what the metric tables hold")
    ] = False,
) -> None:
    """Write the pages that are made from the code."""
    from jobs.documentation.pages import pages, stale_pages

    if plots:
        draw_plots()
    stale = stale_pages(ROOT)
    if check:
        for name in stale:
            print(f"{name} is stale: run `python -m jobs docs`.")
        raise typer.Exit(1 if stale else 0)
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(pages()[name], encoding="utf-8")
        print(f"{name} written")


def draw_plots() -> None:
    from jobs.documentation.drawing import drawn_plots
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        for name, png in drawn_plots(store):
            path = ROOT / "docs" / "pictures" / "metrics" / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png)
            print(f"{path.relative_to(ROOT)} drawn")
