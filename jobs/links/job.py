"""Gives out the files behind mailed links, counts each download, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from jobs.errors import BatchError, SettingsError
from jobs.links.pages import SECURITY_HEADERS, page
from jobs.links.signing import Ticket, digest, is_ours
from jobs.settings import Settings
from jobs.storage.link_secret import link_secret
from jobs.storage.links import Link, count_opening, find
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

DIGITS = re.compile(r"[0-9]{1,11}")
PATH = "/{link_id}/{until}/{signature}"
YEAR_SECONDS = 31_536_000


@dataclass(frozen=True)
class Door:
    """What the server works with; `clock` says when a link is opened."""

    secret: bytes
    store: Store
    objects: Objects
    clock: Callable[[], datetime]
    is_https: bool

    def open(self, request: Request) -> Response:
        """The file; HTTPException with 403 altered, 410 expired, 404 not there."""
        ticket = Ticket(**request.path_params)
        if not DIGITS.fullmatch(ticket.until) or not is_ours(self.secret, ticket):
            raise HTTPException(403)
        now = self.clock()
        if now >= ticket.expires_at:
            raise HTTPException(410)
        with self.store.transaction() as connection:
            link = find(connection, digest(ticket.link_id))
        if link is None or not self.objects.exists(link.object_key):
            raise HTTPException(404)
        if request.method == "HEAD":
            return Response(headers=self.headers(link))
        return self.give_out(link, now)

    def give_out(self, link: Link, now: datetime) -> Response:
        size, pieces = self.objects.stream(link.object_key)
        if size != link.file_bytes:
            # Made anew since: what the mail says of the file does not hold for this one.
            log.warning("link_to_another_file", request_id=link.request_id)
            raise HTTPException(404)
        with self.store.transaction() as connection:
            openings = count_opening(connection, link, now)
        log.info("link_opened", request_id=link.request_id, openings=openings)
        return StreamingResponse(pieces, headers=self.headers(link))

    def headers(self, link: Link) -> dict[str, str]:
        name = re.sub(r"[^A-Za-z0-9._-]", "_", link.file_name)
        return self.shared_headers() | {
            "Content-Type": "application/zip",
            "Content-Length": str(link.file_bytes),
            "Content-Disposition": f'attachment; filename="{name}"',
        }

    def shared_headers(self) -> dict[str, str]:
        told = {"Strict-Transport-Security": f"max-age={YEAR_SECONDS}"} if self.is_https else {}
        return SECURITY_HEADERS | told

    def in_words(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 503
        if isinstance(error, BatchError):
            log.error("link_not_answered", reason=str(error))
        headers = self.shared_headers() | ({"Allow": "GET, HEAD"} if status == 405 else {})
        return HTMLResponse(page(status), status, headers)


def make_app(
    settings: Settings, store: Store, objects: Objects, clock: Callable[[], datetime]
) -> Starlette:
    """The server's one page, also where a proxy passes on the path of the public address."""
    public = urlsplit(public_url(settings))
    door = Door(link_secret(settings), store, objects, clock, public.scheme == "https")
    prefixes = dict.fromkeys(["", public.path.rstrip("/")])
    app = Starlette(
        routes=[Route(prefix + PATH, door.open, methods=["GET"]) for prefix in prefixes],
        exception_handlers={HTTPException: door.in_words, BatchError: door.in_words},
    )
    app.router.redirect_slashes = False
    return app


def public_url(settings: Settings) -> str:
    if settings.links_url is None:
        raise SettingsError(
            "The links in mails begin with SUNBIRD_BATCH_LINKS_URL, and it is not set: no mail"
            " would hold one. Set it to the address under which this server is reached."
        )
    return settings.links_url


def server(app: Starlette, *, host: str, port: int) -> uvicorn.Server:
    """A server that logs no address: whoever reads a link in a log could open it."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            lifespan="off",
        )
    )


def serve(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    host: str,
    port: int,
    clock: Callable[[], datetime],
) -> None:
    """Answer until a signal ends it."""
    app = make_app(settings, store, objects, clock)
    log.info("links_served", host=host, port=port)
    server(app, host=host, port=port).run()
