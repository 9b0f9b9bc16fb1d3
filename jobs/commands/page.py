"""What the page in Airflow asks: each command prints one JSON object and changes nothing."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from jobs.commands.arguments import utc_now
from jobs.settings import load_settings

page = typer.Typer(help="What the page in Airflow shows, as JSON; reads only.")


@page.command()
def today() -> None:
    """Today at a glance."""
    from jobs.overview import job

    show(job.today(load_settings(), now=utc_now()))


@page.command()
def trends() -> None:
    """Usage, download ratios, completions and minutes to the mail, by day."""
    from jobs.overview import job

    show(job.figures(load_settings(), now=utc_now()))


@page.command()
def requests() -> None:
    """The newest requests and how long they took."""
    from jobs.overview import job

    show(job.requests(load_settings(), now=utc_now()))


@page.command()
def request(request_id: Annotated[str, typer.Argument(help="the request")]) -> None:
    """One request and how far it is."""
    from jobs.overview import job

    show(job.request(load_settings(), request_id, now=utc_now()))


@page.command()
def held() -> None:
    """The messages that wait for a person."""
    from jobs.overview import job

    show(job.held(load_settings(), now=utc_now()))


@page.command()
def batches(
    search: Annotated[str, typer.Option(help="words of a name or an id; none: the newest")] = "",
) -> None:
    """The batches that a search finds."""
    from jobs.overview import job

    show(job.batches(load_settings(), search))


@page.command()
def batch(batch_id: Annotated[str, typer.Argument(help="the batch")]) -> None:
    """One batch, and who may have its files."""
    from jobs.overview import job

    show(job.batch(load_settings(), batch_id))


@page.command()
def tables() -> None:
    """The data dictionary."""
    from jobs.overview.dictionary import dictionary

    show({"groups": dictionary()})


def show(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, default=plain, ensure_ascii=False))


def plain(value: object) -> Any:
    """What JSON has no word for: instants and days as text, exact numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
