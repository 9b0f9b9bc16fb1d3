"""Offers a link to each file that a mail has no room for, where anything can answer it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from jobs.delivery.facts import Attachment
from jobs.delivery.links import FileLink
from jobs.links.signing import address, digest, link_id
from jobs.settings import Settings
from jobs.storage.deliveries import Delivery
from jobs.storage.link_secret import link_secret
from jobs.storage.links import Link, offer
from jobs.storage.objects import Objects
from jobs.storage.presigned import LONGEST, presigned
from jobs.storage.store import Store

REQUESTER = "requester"


def links_to(
    settings: Settings,
    store: Store,
    objects: Objects,
    delivery: Delivery,
    too_large: Sequence[Attachment],
    *,
    now: datetime,
) -> dict[str, FileLink]:
    """A link by file name: ours, which is counted, or else the bucket's; none from a folder."""
    lasts = timedelta(hours=settings.link_hours)
    if settings.links_url is not None:
        return {
            file.file_name: own_link(settings, store, delivery, file, now=now, until=now + lasts)
            for file in too_large
        }
    found = {
        file.file_name: presigned(objects, file.key, file_name=file.file_name, lasts=lasts)
        for file in too_large
    }
    until = now + min(lasts, LONGEST)
    return {name: FileLink(url, until) for name, url in found.items() if url}


def own_link(
    settings: Settings,
    store: Store,
    delivery: Delivery,
    file: Attachment,
    *,
    now: datetime,
    until: datetime,
) -> FileLink:
    secret = link_secret(settings)
    id = link_id(secret, delivery_id=delivery.delivery_id, object_key=file.key)
    # The address holds whole seconds.
    until = until.replace(microsecond=0)
    with store.transaction() as connection:
        offer(
            connection,
            Link(
                link_sha256=digest(id),
                object_key=file.key,
                file_name=file.file_name,
                file_bytes=file.bytes,
                delivery_id=delivery.delivery_id,
                tag=delivery.tag,
                request_id=delivery.request_id,
                recipient_role=delivery.recipient_role or REQUESTER,
                expires_at=until,
                file_sha256=file.sha256,
            ),
            now,
        )
    return FileLink(address(settings.links_url or "", secret, id, until), until)
