"""Gives out the files behind mailed links, counts each download, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import structlog
import uvicorn
from psycopg import Connection
from psycopg.rows import DictRow
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from jobs.delivery.attachments import media_type
from jobs.errors import BatchError, SettingsError
from jobs.links.pages import SECURITY_HEADERS, page
from jobs.links.signing import Ticket, digest, is_ours
from jobs.settings import Settings
from jobs.storage.audit import Entry, append
from jobs.storage.exhaust_files import kept
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
            is_another = link is not None and is_replaced(connection, link)
        if link is None or is_another or not self.objects.exists(link.object_key):
            raise HTTPException(404)
        if now >= link.expires_at:
            raise HTTPException(410)
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
            audit_opening(connection, link, openings, now)
        log.info("link_opened", request_id=link.request_id, openings=openings)
        return StreamingResponse(pieces, headers=self.headers(link))

    def headers(self, link: Link) -> dict[str, str]:
        name = re.sub(r"[^A-Za-z0-9._-]", "_", link.file_name)
        return self.shared_headers() | {
            "Content-Type": media_type(link.file_name),
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


def is_replaced(connection: Connection[DictRow], link: Link) -> bool:
    """Whether another file is under the key by now than the one that was mailed."""
    held = kept(connection, link.object_key)
    return bool(held and link.file_sha256 and held["file_sha256"] != link.file_sha256)


def audit_opening(
    connection: Connection[DictRow], link: Link, openings: int, now: datetime
) -> None:
    held = kept(connection, link.object_key) or {}
    opened = Entry(
        event="link_opened",
        tag=link.tag,
        request_id=link.request_id,
        job_id=held.get("job_id"),
        batch_id=held.get("batch_id"),
        file_id=held.get("file_id"),
        file_sha256=link.file_sha256,
        recipient_role=link.recipient_role,
        delivery_id=link.delivery_id,
        details={"openings": openings},
    )
    append(connection, opened, now)


def make_app(
    settings: Settings,
    store: Store,
    objects: Objects,
    clock: Callable[[], datetime],
    others: Sequence[Route] = (),
) -> Starlette:
    """The server's one page, also where a proxy passes on the path of the public address.

    `others` are pages of other domains under the same address; they are looked at first.
    """
    public = urlsplit(public_url(settings))
    door = Door(link_secret(settings), store, objects, clock, public.scheme == "https")
    prefixes = dict.fromkeys(["", public.path.rstrip("/")])
    app = Starlette(
        routes=[
            *others,
            *(Route(prefix + PATH, door.open, methods=["GET"]) for prefix in prefixes),
        ],
        exception_handlers={HTTPException: door.in_words, BatchError: door.in_words},
    )
    app.router.redirect_slashes = False
    return app


def public_url(settings: Settings) -> str:
    url = settings.links_url or settings.certificates_url
    if url is None:
        raise SettingsError(
            "The links in mails begin with SUNBIRD_BATCH_LINKS_URL, and it is not set: no mail"
            " would hold one. Set it to the address under which this server is reached."
        )
    return url


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
    others: Sequence[Route] = (),
) -> None:
    """Answer until a signal ends it."""
    app = make_app(settings, store, objects, clock, others)
    log.info("links_served", host=host, port=port)
    server(app, host=host, port=port).run()
