"""The application that Airflow's server mounts: every address asks for a user first."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse

from sunbird_page import asking, deciding, looking, reading
from sunbird_page.answers import JobError
from sunbird_page.rendering import rendered

STATIC = Path(__file__).parent / "static"
FILES = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
HEADERS = {
    "Cache-Control": "no-store, private",
    # Nothing but this page's own files, also where a name from the store were to hold markup.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'self';"
    " base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def application() -> FastAPI:
    """Without generated documentation pages: those would answer anybody."""
    app = FastAPI(
        title="Sunbird Batch",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(get_user)],
    )
    for part in (looking, asking, deciding, reading):
        app.include_router(part.router)
    app.get("/static/{name}")(static)
    app.middleware("http")(with_headers)
    app.exception_handler(HTTPException)(refused)
    app.exception_handler(RequestValidationError)(not_understood)
    app.exception_handler(JobError)(not_answered)
    return app


def static(name: str) -> FileResponse:
    if name not in FILES:
        raise HTTPException(404, "There is no such page.")
    return FileResponse(STATIC / name, media_type=FILES[name])


async def with_headers(
    request: Request, go_on: Callable[[Request], Awaitable[Response]]
) -> Response:
    answer = await go_on(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def refused(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    said = str(getattr(error, "detail", ""))
    if status == 401:
        said = "Sign in to Airflow first; then open this page again."
    return told(request, status, said)


def not_understood(request: Request, _: Exception) -> Response:
    return told(request, 422, "The form or address is not complete. Open the page and try again.")


def not_answered(request: Request, error: Exception) -> Response:
    """What a command refused to do is the reader's to mend; anything else is the store's."""
    code = getattr(error, "code", 0)
    return told(request, 409 if code in (12, 13) else 503, str(error))


def told(request: Request, status: int, said: str) -> Response:
    # To somebody unknown the page tells of nothing, not even of its other pages.
    panels = None if status == 401 else set()
    facts: dict[str, Any] = {"status": status, "said": said, "panels": panels}
    return rendered(request, "told.html", facts, status=status)
