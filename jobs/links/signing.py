"""The address of a link: an id that cannot be guessed, until when it opens, and a signature."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

ID_BYTES = 24


@dataclass(frozen=True)
class Ticket:
    """What an address holds, as the browser gave it back."""

    link_id: str
    until: str
    signature: str

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.until), UTC)


def link_id(secret: bytes, *, delivery_id: str, object_key: str) -> str:
    """The same for the same file of the same message: one that is tried again has one link."""
    return urlsafe(mac(secret, "id", delivery_id, object_key)[:ID_BYTES])


def address(base_url: str, secret: bytes, link_id: str, expires_at: datetime) -> str:
    until = str(int(expires_at.timestamp()))
    return f"{base_url.rstrip('/')}/{link_id}/{until}/{signature(secret, link_id, until)}"


def is_ours(secret: bytes, ticket: Ticket) -> bool:
    """Whether nothing of the address was altered."""
    expected = signature(secret, ticket.link_id, ticket.until)
    return hmac.compare_digest(expected.encode(), ticket.signature.encode())


def digest(link_id: str) -> str:
    """What is kept of an id: whoever reads the store cannot open the file."""
    return hashlib.sha256(link_id.encode()).hexdigest()


def signature(secret: bytes, link_id: str, until: str) -> str:
    return urlsafe(mac(secret, "open", link_id, until))


def mac(secret: bytes, purpose: str, *parts: str) -> bytes:
    # Each part with its length: no two lists of parts are the same text.
    text = "|".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()


def urlsafe(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
