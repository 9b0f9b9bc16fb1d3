"""What a certificate says, and of which template version it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

NAMESPACE = UUID("b6f0c1f4-6c0e-5d6c-9d39-6f4f6d7a2f10")


@dataclass(frozen=True)
class Facts:
    """What is told of one learner; `user_id` goes into the credential as a salted hash only."""

    certificate_id: UUID
    user_id: str
    recipient_name: str
    course_id: str
    course_name: str
    batch_id: str
    completed_at: datetime


@dataclass(frozen=True)
class Issuer:
    """Who issues: its name is printed, the rest is in the credential."""

    name: str
    url: str | None = None
    email: str | None = None
    issuer_id: str | None = None


@dataclass(frozen=True)
class Signatory:
    """Who signs, as printed below the signature."""

    name: str
    designation: str


@dataclass(frozen=True)
class Template:
    """One version of a template: what is the same for all who earned it."""

    template_id: str
    version_id: str
    name: str
    certificate_type: Literal["completion", "merit"]
    issuer: Issuer
    signatory: Signatory | None = None
    description: str | None = None
    narrative: str | None = None
    language: Literal["en", "hi"] = "en"


@dataclass(frozen=True)
class Assets:
    """The pictures of a template version; without artwork the page is drawn by us."""

    artwork: bytes | None = None
    signature: bytes | None = None


def certificate_id_of(user_id: str, course_id: str, batch_id: str, template_id: str) -> UUID:
    """The same for the same four, so that nothing is issued twice under two ids."""
    # Each part with its length: no two lists of parts are the same text.
    parts = (user_id, course_id, batch_id, template_id)
    return uuid5(NAMESPACE, "|".join(f"{len(part)}:{part}" for part in parts))
