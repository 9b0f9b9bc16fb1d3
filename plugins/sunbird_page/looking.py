"""Addresses that only show: today, trends, and the newest requests."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from sunbird_page.answers import Answers
from sunbird_page.plots import trends_of
from sunbird_page.rendering import rendered
from sunbird_page.rights import EXHAUSTS, kinds_of, may_look, may_start, panels_of, sees

router = APIRouter()
answers = Answers()
TODAY = sees("requests", "batches", "missed", "verdicts", "tables", "mail")
TRENDS = sees("usage", "completions", "requests")
REQUESTS = sees("requests")


@router.get("/")
def today(request: Request, user: Any = TODAY) -> HTMLResponse:
    facts = answers.of("today")
    shown = [row for row in facts["requests"]["newest"] if row["job_id"] in seen_kinds(user)]
    return rendered(
        request, "today.html", {**facts, "newest": shown[:6], "panels": panels_of(user)}
    )


@router.get("/trends")
def trends(request: Request, user: Any = TRENDS) -> HTMLResponse:
    panels = panels_of(user)
    plots = trends_of(answers.of("trends"), panels)
    return rendered(request, "trends.html", {"plots": plots, "panels": panels})


@router.get("/requests")
def requests(request: Request, user: Any = REQUESTS) -> HTMLResponse:
    facts = answers.of("requests")
    rows = [row for row in facts["requests"] if row["job_id"] in seen_kinds(user)]
    return rendered(
        request,
        "requests.html",
        {
            **facts,
            "requests": rows,
            "panels": panels_of(user),
            "may_ask": bool(kinds_of(user, may_start)),
        },
    )


def seen_kinds(user: Any) -> set[str]:
    return {kind for kind, dag_id in EXHAUSTS.items() if may_look(user, dag_id)}
