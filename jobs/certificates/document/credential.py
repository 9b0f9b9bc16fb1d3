"""The credential: what the paper says, as an Open Badges 2.0 assertion that anybody can check."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid5

from jobs.certificates.document.desk import Desk
from jobs.certificates.document.facts import NAMESPACE, Facts, Template
from jobs.certificates.document.wording import clean, course_name, recipient_name

CONTEXT = "https://w3id.org/openbadges/v2"
ALGORITHM = "RS256"
# A badge must show a picture: a plain seal that needs no server.
SEAL = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMC"
    "AzMiAzMiI+PGNpcmNsZSBjeD0iMTYiIGN5PSIxNiIgcj0iMTUiIGZpbGw9IiNhODg0M2MiLz48cGF0aCBkPSJNOCAxNmw1"
    "IDUgMTEtMTEiIGZpbGw9Im5vbmUiIHN0cm9rZT0iI2ZmZiIgc3Ryb2tlLXdpZHRoPSIzIi8+PC9zdmc+"
)


def assertion(facts: Facts, template: Template, desk: Desk) -> dict[str, object]:
    """No more of the learner than the paper shows; the account is a salted hash."""
    salt = hmac.new(desk.private_pem, facts.certificate_id.bytes, hashlib.sha256).hexdigest()[:32]
    identity = hashlib.sha256((facts.user_id + salt).encode()).hexdigest()
    key = f"{desk.page_prefix}keys/{desk.kid}"
    context = f"{desk.page_prefix}context.json"
    said: dict[str, object] = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": desk.page(facts.certificate_id),
        "recipient": {
            "type": "id",
            "hashed": True,
            "salt": salt,
            "identity": f"sha256${identity}",
        },
        "issuedOn": instant(facts.completed_at),
        "badge": badge(facts, template, desk, key),
        "verification": {"type": "SignedBadge", "creator": key},
        "evidence": [{"type": "Evidence", "name": course_name(facts), "genre": "Course"}],
        "extensions:RecipientExtension": {
            "@context": context,
            "type": ["Extension", "extensions:RecipientExtension"],
            "name": recipient_name(facts),
        },
        "extensions:CertificateExtension": {
            "@context": context,
            "type": ["Extension", "extensions:CertificateExtension"],
            "certificateNumber": str(facts.certificate_id),
            "certificateType": template.certificate_type,
            "certificateName": clean(template.name),
        },
    }
    if template.signatory is not None:
        said["extensions:SignatoryExtension"] = {
            "@context": context,
            "type": ["Extension", "extensions:SignatoryExtension"],
            "name": clean(template.signatory.name),
            "designation": clean(template.signatory.designation),
        }
    return said


def badge(facts: Facts, template: Template, desk: Desk, key: str) -> dict[str, object]:
    name = course_name(facts)
    # The class of all who earned the same: one course by one version of a template.
    badge_id = uuid5(NAMESPACE, f"badge|{facts.course_id}|{template.version_id}")
    issuer = template.issuer
    issuer_id = uuid5(NAMESPACE, f"issuer|{issuer.issuer_id or issuer.url or issuer.name}")
    profile = {
        "type": "Issuer",
        "id": f"urn:uuid:{issuer_id}",
        "name": clean(issuer.name),
        "url": issuer.url or desk.public_url,
        "email": issuer.email or desk.email,
        "publicKey": key,
        "revocationList": f"{desk.page_prefix}revoked.json",
    }
    return {
        "type": "BadgeClass",
        "id": f"urn:uuid:{badge_id}",
        "name": name,
        "description": clean(template.description or template.name),
        "image": SEAL,
        "criteria": {
            "narrative": template.narrative or f"Completed the course {name}.",
        },
        "issuer": {term: value for term, value in profile.items() if value},
    }


def instant(at: datetime) -> str:
    precision = "milliseconds" if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def canonical(value: Mapping[str, object]) -> bytes:
    """One spelling of JSON: keys in order, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(credential: bytes, desk: Desk) -> str:
    """The credential as a compact JWS (RFC 7515)."""
    header = canonical({"alg": ALGORITHM, "kid": desk.kid, "typ": "JWT"})
    message = b".".join((urlsafe(header), urlsafe(credential)))
    return b".".join((message, urlsafe(desk.sign(message)))).decode("ascii")


def urlsafe(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
