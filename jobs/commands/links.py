"""Giving out the files behind mailed links."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.errors import RequestError
from jobs.settings import load_settings


def links(
    action: Annotated[str, typer.Argument(help="serve")],
    host: Annotated[str, typer.Option(help="address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen at", min=1, max=65535)] = 8090,
) -> None:
    """Serve the links of mails and the pages of certificates, until a signal ends it."""
    from jobs.certificates.public.job import routes
    from jobs.links.job import serve
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    if action != "serve":
        raise RequestError(f"There is no action {action!r}; the action is serve.")
    settings = load_settings()
    with open_store(settings) as store:
        objects = open_objects(settings)
        others = routes(settings, store, objects)
        serve(settings, store, objects, host=host, port=port, clock=utc_now, others=others)
