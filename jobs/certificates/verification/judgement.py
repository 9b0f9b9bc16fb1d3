"""The verdict on a certificate: its signature, and what the ledger says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from jobs.certificates.verification.reading import credentials_in
from jobs.certificates.verification.signature import Signed, opened

Verdict = Literal["genuine", "altered", "unknown", "revoked"]
# The ledger's row of a certificate, by its id.
Find = Callable[[UUID], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Judgement:
    """The verdict, why, and what the paper shows as far as its credential holds."""

    verdict: Verdict
    because: str
    certificate_id: UUID | None = None
    shown: Mapping[str, str] = field(default_factory=dict)


def judge_file(data: bytes, keys: Mapping[str, bytes], find: Find) -> Judgement:
    """Of a certificate's PDF, or of its credential alone in either form."""
    token, credential = credentials_in(data)
    if token is None:
        return judge_unsigned(credential, find)
    signed = opened(token, keys)
    if signed.problem == "not ours":
        return Judgement("unknown", "It holds no credential that was signed with a key of ours.")
    if signed.problem == "altered":
        return Judgement("altered", "The signature of its credential does not hold.")
    certificate_id = id_of(signed.payload)
    row = find(certificate_id) if certificate_id else None
    shown = shown_of(signed.payload)
    if row is None or certificate_id is None:
        because = (
            f"It is signed with our key {signed.kid}, but the ledger knows no such certificate."
        )
        return Judgement("unknown", because, certificate_id, shown)
    found = difference(data, credential, signed, row)
    if found:
        return Judgement("altered", found, certificate_id, shown)
    return judge_row(row, certificate_id, shown)


def difference(
    data: bytes, credential: bytes | None, signed: Signed, row: Mapping[str, Any]
) -> str | None:
    if sha256(signed.payload).hexdigest() != row["credential_sha256"]:
        return "Its credential is signed, but is not the one that was issued under its id."
    if credential is not None and credential != signed.payload:
        return "Its readable credential is not the signed one."
    if data.startswith(b"%PDF-") and sha256(data).hexdigest() != row["pdf_sha256"]:
        return (
            "Its credential is the one that was issued, but the file around it is another: it was"
            " changed or saved anew. Trust the credential's words, not the page."
        )
    return None


def judge_unsigned(credential: bytes | None, find: Find) -> Judgement:
    """Of a readable credential without its signature: the ledger's hash decides."""
    certificate_id = id_of(credential) if credential is not None else None
    row = find(certificate_id) if certificate_id else None
    if credential is None or certificate_id is None or row is None:
        return Judgement("unknown", "It holds no credential that we issued.", certificate_id)
    if sha256(credential).hexdigest() != row["credential_sha256"]:
        return Judgement(
            "altered", "Its credential is not the one that was issued.", certificate_id
        )
    return judge_row(row, certificate_id, shown_of(credential))


def judge_id(certificate_id: UUID, find: Find, read: Callable[[str], bytes | None]) -> Judgement:
    """Of an id alone: what was issued under it, as the kept credential says."""
    row = find(certificate_id)
    if row is None:
        return Judgement("unknown", "The ledger knows no such certificate.", certificate_id)
    credential = read(row["credential_key"])
    # Without its words a genuine number would vouch for whatever a paper shows.
    if credential is None or sha256(credential).hexdigest() != row["credential_sha256"]:
        found = "gone" if credential is None else "not the one that was issued"
        because = f"The credential that is kept under its number is {found}. Tell the operators."
        return Judgement("altered", because, certificate_id)
    return judge_row(row, certificate_id, shown_of(credential))


def judge_row(row: Mapping[str, Any], certificate_id: UUID, shown: Mapping[str, str]) -> Judgement:
    if row["status"] == "REVOKED":
        since = f" on {row['revoked_at']:%d %B %Y}" if row["revoked_at"] else ""
        return Judgement("revoked", f"It was revoked{since}.", certificate_id, shown)
    return Judgement("genuine", "It is as it was issued.", certificate_id, shown)


def id_of(credential: bytes) -> UUID | None:
    said = parsed(credential)
    try:
        return UUID(str(said.get("id", "")).rpartition("/")[2])
    except ValueError:
        return None


def shown_of(credential: bytes) -> dict[str, str]:
    """What the paper shows, by the words that it is shown under."""
    said = parsed(credential)
    badge = part(said, "badge")
    signatory = part(said, "extensions:SignatoryExtension")
    certificate = part(said, "extensions:CertificateExtension")
    words = {
        "name": part(said, "extensions:RecipientExtension").get("name"),
        "course": badge.get("name"),
        "certificate": certificate.get("certificateName"),
        "issuer": part(badge, "issuer").get("name"),
        "signatory": signatory.get("name"),
        "completed_at": said.get("issuedOn"),
    }
    return {what: str(word) for what, word in words.items() if word}


def parsed(credential: bytes) -> dict[str, Any]:
    try:
        said = json.loads(credential)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
