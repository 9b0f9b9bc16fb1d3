"""What the ledger of templates says about an instant, and what may be written into it next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from jobs.contracts.certificates import BASELINE, BATCH, CERTIFICATE_ASSOCIATIONS, COURSE
from jobs.errors import RequestError

if TYPE_CHECKING:
    from pyspark.sql import Column

# What a version takes from the register.
ISSUER = (
    "issuer_id", "issuer_name", "issuer_url", "issuer_email", "signatory_name",
    "signatory_designation", "signature_key",
)  # fmt: skip
# What an end sets, and what tells of the writing and not of the template.
CLOSING = ("valid_to", "unsure_until", "closed_at", "closed_by", "close_reason")
WRITTEN = ("opened_at", "opened_by", "reason", *CLOSING)
VERSIONS = UUID("4e0b6a2e-6f0c-5d0a-9d57-3b2f4a5d9a11")

ACTIVE, UNSURE, BEFORE_LEDGER, INACTIVE = "active", "unsure", "before_ledger", "inactive"

Version = Mapping[str, Any]


def standing(completed_at: Column, field: Callable[[str], Column] | None = None) -> Column:
    """How a version stood at an instant: active, unsure, before_ledger or inactive.

    Before the ledger is before the agreed date from which a template is taken to have been there:
    nobody wrote down what was active then. `field` finds a column of the ledger by its name.
    """
    from pyspark.sql import functions as F

    field = field or F.col
    valid_from, valid_to = field("valid_from"), field("valid_to")
    is_over = F.coalesce(completed_at >= valid_to, F.lit(False))
    has_begun = completed_at >= valid_from
    return (
        F.when(completed_at.isNull(), F.lit(None).cast("string"))
        .when(has_begun & ~is_over, ACTIVE)
        .when(is_over & (completed_at < field("unsure_until")), UNSURE)
        .when(~has_begun & (completed_at >= field("unsure_since")), UNSURE)
        .when(~has_begun & (field("origin") == BASELINE), BEFORE_LEDGER)
        .otherwise(INACTIVE)
    )


def standing_of(version: Version, completed_at: datetime) -> str:
    """The same for one version in plain Python."""
    valid_to, unsure_until = version["valid_to"], version["unsure_until"]
    if valid_to is not None and completed_at >= valid_to:
        is_unsure = unsure_until is not None and completed_at < unsure_until
        return UNSURE if is_unsure else INACTIVE
    if completed_at >= version["valid_from"]:
        return ACTIVE
    if version["unsure_since"] is not None and completed_at >= version["unsure_since"]:
        return UNSURE
    return BEFORE_LEDGER if version["origin"] == BASELINE else INACTIVE


@dataclass(frozen=True)
class Scope:
    """What a template is attached to: a course within a tenant, or one batch."""

    course_id: str
    tenant_id: str | None
    batch_id: str | None = None

    @property
    def name(self) -> str:
        return COURSE if self.batch_id is None else BATCH

    def slot(self, certificate_type: str, template_id: str | None = None) -> str:
        """What one version at a time may take: a watched one takes it with its template."""
        where = [self.batch_id] if self.batch_id else [self.course_id, self.tenant_id]
        parts = [self.name, *where, certificate_type, template_id]
        return json.dumps([part for part in parts if part is not None], ensure_ascii=False)

    def __str__(self) -> str:
        if self.batch_id:
            return f"batch {self.batch_id}"
        return f"course {self.course_id} within tenant {self.tenant_id}"


def refuse_attach(scope: Scope, certificate_type: str, there: Iterable[Version]) -> None:
    """Raise RequestError where a certificate of this type is attached."""
    for version in of_type(there, certificate_type):
        raise RequestError(
            f"{sentence(scope)} promised no {certificate_type} certificate before one is attached;"
            f" it has one: {described(version)}."
            f" {what_to_do(version, 'Run `certificate update` to replace it, or `remove` first')}."
        )


def refuse_change(
    verb: str, scope: Scope, certificate_type: str, there: Iterable[Version]
) -> Version:
    """The version that is attached; RequestError where none is, or where it is the platform's."""
    there = list(there)
    for version in of_type(there, certificate_type):
        if version["fingerprint"] is None:
            return version
        raise RequestError(
            f"{sentence(scope)} promised a {certificate_type} certificate that this ledger"
            f" attached; the platform attached it: {described(version)}."
            f" {what_to_do(version, '')}."
        )
    others = [f"{one['certificate_type']}: {described(one)}" for one in there]
    raise RequestError(
        f"{sentence(scope)} promised a {certificate_type} certificate to {verb}; found"
        f" {'; '.join(others) if others else 'none attached'}. Run `certificate attach` for a new"
        " one, or `certificate history` to see what was there."
    )


def of_type(there: Iterable[Version], certificate_type: str) -> list[Version]:
    return [version for version in there if version["certificate_type"] == certificate_type]


def refuse_twin(scope: Scope, row: Version, beside: Iterable[Version]) -> None:
    """A certificate is known by its template here, and by its name on the platform: two of one
    template or name in one batch could not be told apart."""
    for version in beside:
        twin = (
            "template"
            if version["template_id"] == row["template_id"]
            else "name"
            if name_key(version["template_name"]) == name_key(row["template_name"])
            else None
        )
        if twin:
            raise RequestError(
                f"{sentence(scope)} promised one certificate of each template and name; another has"
                f" this {twin}: {version['certificate_type']}, {described(version)}. Take another"
                f" template or name for the {row['certificate_type']} certificate."
            )


def name_key(name: str | None) -> str:
    """A name as names are compared: without difference of case, blanks collapsed."""
    return " ".join((name or "").split()).casefold()


def sentence(scope: Scope) -> str:
    said = str(scope)
    return said[0].upper() + said[1:]


def described(version: Version) -> str:
    return (
        f"template {version['template_id']} {version['template_name'] or 'without a name'!r} since"
        f" {version['valid_from']:%Y-%m-%d %H:%M} UTC"
    )


def what_to_do(version: Version, by_command: str) -> str:
    if version["fingerprint"] is None:
        return by_command
    return "Change it on the platform: the next look takes it over"


def opened(version: Version, **changes: Any) -> dict[str, Any]:
    """A whole row of the ledger, open; what is not given is NULL, and its id is of all that is."""
    row = dict.fromkeys(CERTIFICATE_ASSOCIATIONS.columns) | {"flags": []} | dict(version) | changes
    row |= dict.fromkeys(CLOSING)
    said = {name: value for name, value in row.items() if name not in ("version_id", *WRITTEN)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=datetime.isoformat)
    return row | {"version_id": str(uuid5(VERSIONS, text))}
