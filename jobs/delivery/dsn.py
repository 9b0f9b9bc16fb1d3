"""Reads what mail servers send back: delivery status notifications (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

OUR_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """One message that came back: which, for how long (`5.1.1`), and from whose address."""

    delivery_id: str
    status: str
    address: str | None

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5.")


def read_bounce(content: bytes) -> Bounce | None:
    """None where the message is no notification of a failure, or of no message that we know how
    to name: an answer from a person, a receipt, a delay of somebody else's mail."""
    message = message_from_bytes(content, policy=default)
    parts = {part.get_content_type(): part for part in message.walk()}
    report = parts.get("message/delivery-status")
    if report is None:
        return None
    payload: Any = report.get_payload()
    blocks: list[Any] = payload if isinstance(payload, list) else []
    status = next(filter(None, (field(block, "Status", STATUS) for block in blocks)), None)
    original = original_headers(parts)
    named = (
        field(original, "Message-ID", OUR_ID),
        *(field(block, "Original-Envelope-Id", OUR_ID) for block in blocks),
        field(message, "To", OUR_ID),
    )
    delivery_id = next(filter(None, named), None)
    if status is None or status.startswith("2.") or delivery_id is None:
        return None
    return Bounce(delivery_id.lower(), status, address_of(original, blocks))


def original_headers(parts: dict[str, Any]) -> Message | None:
    """The head of the message that came back, whole or as headers only."""
    if "message/rfc822" in parts:
        payload = parts["message/rfc822"].get_payload()
        return payload[0] if isinstance(payload, list) and payload else None
    if "text/rfc822-headers" in parts:
        text = parts["text/rfc822-headers"].get_payload(decode=True) or b""
        return message_from_bytes(text, _class=EmailMessage, policy=default)
    return None


def address_of(original: Message | None, blocks: list[Any]) -> str | None:
    """Where we wrote to: a forwarder's final recipient is somebody else's address."""
    if original is not None and original["To"]:
        return str(original["To"]).strip().strip("<>")
    for name in ("Original-Recipient", "Final-Recipient"):
        for block in blocks:
            if block[name]:
                return str(block[name]).partition(";")[2].strip() or None
    return None


def field(block: Message | None, name: str, pattern: re.Pattern[str]) -> str | None:
    found = pattern.search(str(block[name])) if block is not None and block[name] else None
    return found.group() if found else None
