"""What a certificate is made of: a finding, its learner, its course and its template's version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jobs.certificates.document.facts import (
    Facts,
    Issuer,
    Signatory,
    Template,
    certificate_id_of,
)
from jobs.certificates.document.paper import Certificate
from jobs.certificates.rules.model import read_rule

Row = Mapping[str, Any]


def facts_of(approved: Row, *, learner: Row, course_name: str) -> Facts:
    return Facts(
        certificate_id=certificate_id_of(
            approved["user_id"],
            approved["course_id"],
            approved["batch_id"],
            approved["template_id"],
        ),
        user_id=approved["user_id"],
        recipient_name=learner["user_name"],
        course_id=approved["course_id"],
        course_name=course_name,
        batch_id=approved["batch_id"],
        completed_at=approved["completed_at"],
    )


def template_of(version: Row) -> Template:
    signatory = version["signatory_name"]
    rule = read_rule(version["rule"]) if version["rule"] else None
    return Template(
        template_id=version["template_id"],
        version_id=version["version_id"],
        name=version["template_name"] or version["template_id"],
        certificate_type=version["certificate_type"],
        issuer=Issuer(
            name=version["issuer_name"],
            url=version["issuer_url"],
            email=version["issuer_email"],
            issuer_id=version["issuer_id"],
        ),
        signatory=Signatory(signatory, version["signatory_designation"] or "")
        if signatory
        else None,
        description=version["template_description"],
        narrative=f"Earned by: {rule}" if rule else None,
    )


def keys_of(certificate_id: UUID) -> tuple[str, str]:
    """Where the page and the credential are kept; a folder holds a part of them."""
    stem = f"certificates/{certificate_id.hex[:2]}/{certificate_id}"
    return f"{stem}.pdf", f"{stem}.json"


def issued_row(approved: Row, facts: Facts, made: Certificate) -> dict[str, Any]:
    """The row of the issue ledger, but for when."""
    pdf_key, credential_key = keys_of(facts.certificate_id)
    names = (
        "user_id", "course_id", "batch_id", "template_id", "template_name", "certificate_type",
        "version_id", "completed_at", "approval_id", "replaces_id",
    )  # fmt: skip
    return {name: approved[name] for name in names} | {
        "certificate_id": str(facts.certificate_id),
        "pdf_key": pdf_key,
        "pdf_sha256": made.pdf_sha256,
        "credential_key": credential_key,
        "credential_sha256": made.credential_sha256,
        "kid": made.kid,
        "status": "ACTIVE",
    }
