"""What is read about the tables and the DAGs: the data dictionary and the run books."""

from typing import Annotated, Any

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse
from orchestration.job_process import project_root

from sunbird_page.looking import answers
from sunbird_page.rendering import rendered
from sunbird_page.rights import Line, may_look, panels_of, refuse_unless
from sunbird_page.run_book import html_of

router = APIRouter()
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


@router.get("/tables")
def tables(request: Request, user: GetUserDep, search: Annotated[str, Line] = "") -> HTMLResponse:
    groups = answers.of("tables")["groups"]
    found = [
        group | {"tables": kept}
        for group in groups
        if (kept := [one for one in group["tables"] if mentions(one, search)])
    ]
    facts = {"groups": found, "search": search, "panels": panels_of(user)}
    return rendered(request, "tables.html", facts)


@router.get("/tables/{name}")
def table(request: Request, name: Name, user: GetUserDep) -> HTMLResponse:
    groups = answers.of("tables")["groups"]
    found = [(group, one) for group in groups for one in group["tables"] if one["name"] == name]
    if not found:
        raise HTTPException(404, f"There is no table {name}.")
    facts = {"found": found, "name": name, "panels": panels_of(user)}
    return rendered(request, "table.html", facts)


def mentions(table: dict[str, Any], search: str) -> bool:
    told = " ".join([table["name"], table["grain"], *(one["name"] for one in table["columns"])])
    return all(word in told.casefold() for word in search.casefold().split())


@router.get("/run-books")
def run_books(request: Request, user: GetUserDep) -> HTMLResponse:
    books = [(name, title_of(name)) for name in sorted(names()) if may_look(user, name)]
    return rendered(request, "run_books.html", {"books": books, "panels": panels_of(user)})


@router.get("/run-books/{name}")
def run_book(request: Request, name: Name, user: GetUserDep) -> HTMLResponse:
    """The page of docs/runbooks for a DAG."""
    refuse_unless(may_look(user, name), "see this run book")
    if name not in names():
        raise HTTPException(404, f"There is no run book of {name}.")
    text = (folder() / f"{name}.md").read_text(encoding="utf-8")
    html = html_of(text, root=request.scope["root_path"], books=names())
    facts = {"name": name, "html": html, "panels": panels_of(user)}
    return rendered(request, "run_book.html", facts)


def folder() -> Any:
    return project_root() / "docs" / "runbooks"


def names() -> set[str]:
    return {file.stem for file in folder().glob("*.md")}


def title_of(name: str) -> str:
    with (folder() / f"{name}.md").open(encoding="utf-8") as text:
        return text.readline().lstrip("# ").strip()
