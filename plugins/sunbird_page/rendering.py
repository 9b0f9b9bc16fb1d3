"""Templates with their words for instants, ages and counts; every value is escaped."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from airflow.configuration import conf
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from sunbird_page import words

# Each page, its name, and the panels of which one must be the reader's; none: everybody's.
PLACES = (
    ("/", "Today", {"requests", "batches", "missed", "verdicts", "tables", "mail"}),
    ("/trends", "Trends", {"usage", "completions", "requests"}),
    ("/requests", "Requests", {"requests"}),
    ("/messages", "Held messages", {"mail"}),
    ("/tables", "Tables", set()),
    ("/run-books", "Run books", set()),
)


def clock() -> ZoneInfo:
    """The zone in which schedules are written; the server's own would be anybody's guess."""
    return ZoneInfo(conf.get("core", "default_timezone", fallback="UTC"))


def instant(text: str | None) -> str:
    """21 Nov 2026, 18:30, in the zone of the schedules."""
    if not text:
        return "not known"
    then = datetime.fromisoformat(text).astimezone(clock())
    return f"{words.day(then.date().isoformat())}, {then:%H:%M}"


def places(panels: set[str]) -> list[tuple[str, str, bool]]:
    return [(path, name, not wants or bool(wants & panels)) for path, name, wants in PLACES]


def breakable(name: str) -> Markup:
    """A table's name that may break after an underscore where there is no room for it."""
    return escape(name).replace("_", Markup("_<wbr>"))


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "breakable": breakable,
        "instant": instant,
        "day": words.day,
        "grouped": words.grouped,
        "age": words.age,
        "minutes": words.minutes,
        "plural": words.plural,
    }
    made.globals |= {
        "KINDS": words.KINDS,
        "REASONS": words.MOVES,
        "STATUSES": words.STATUSES,
        "TARGETS": words.TARGETS,
        "MESSAGES": words.MESSAGES,
        "days_of": words.days_of,
        "places": places,
        "state_of": words.state_of,
        "zone": clock().key,
    }
    return made


TEMPLATES = environment()


def rendered(
    request: Request, template: str, facts: dict[str, Any], *, status: int = 200
) -> HTMLResponse:
    """A page; its links begin with where this application is mounted."""
    told = {"root": request.scope.get("root_path", ""), "here": request.url.path, **facts}
    return HTMLResponse(TEMPLATES.get_template(template).render(told), status_code=status)
