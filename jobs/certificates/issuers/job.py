"""Add, change and list issuers; a change opens a new version of every certificate that has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from email_validator import EmailNotValidError, validate_email
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.keeping.job import keep, picture_in
from jobs.certificates.ledger import ISSUER, Version, name_key, opened
from jobs.certificates.orders import ID, Change, text_of
from jobs.contracts.certificates import SIGNATURE
from jobs.errors import RequestError
from jobs.storage import certificate_ledger as table
from jobs.storage import certificate_register as register
from jobs.storage.audit import Entry, append
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class IssuerOrder:
    """What is said of an issuer; None is not said."""

    issuer_id: str
    by: str
    reason: str
    tenant_id: str | None = None
    name: str | None = None
    url: str | None = None
    email: str | None = None
    signatory: str | None = None
    designation: str | None = None
    signature: Path | None = None
    no_signatory: bool = False
    no_signature: bool = False


def add_issuer(
    store: Store, objects: Objects, order: IssuerOrder, *, now: datetime, dry_run: bool = False
) -> dict[str, Any]:
    """A new issuer of a tenant; RequestError where the id or the name is taken."""
    checked(order)
    if order.tenant_id is None or order.name is None:
        raise RequestError("An issuer promised a tenant and a name. Give --tenant and --name.")
    with store.transaction() as connection:
        table.hold(connection)
        if register.issuer(connection, order.issuer_id) is not None:
            raise RequestError(
                f"The issuer {order.issuer_id} promised to be new; the register has it. Run"
                " `certificate issuer update`, or take another id."
            )
        row = dict.fromkeys(ISSUER) | {
            "issuer_id": order.issuer_id,
            "tenant_id": order.tenant_id,
            "added_at": now,
        }
        row |= said(connection, None if dry_run else objects, order, row, now=now)
        refuse_twin(connection, row)
        register.put_issuer(connection, row)
        settle(connection, "added", order, [], now=now, dry_run=dry_run)
    log.info("issuer added", issuer_id=order.issuer_id, is_dry=dry_run)
    return row


def update_issuer(
    store: Store, objects: Objects, order: IssuerOrder, *, now: datetime, dry_run: bool = False
) -> Change:
    """Change an issuer, and open a new version of all that it is attached to now."""
    checked(order)
    if order.tenant_id is not None:
        raise RequestError(
            "An issuer promised to stay with its tenant; --tenant is for a new one. Add another"
            " issuer for the other tenant."
        )
    with store.transaction() as connection:
        table.hold(connection)
        old = register.issuer(connection, order.issuer_id)
        if old is None:
            raise RequestError(
                f"The issuer {order.issuer_id} promised to be in the register; it is not. See"
                " `certificate issuer list`, or run `certificate issuer add`."
            )
        row = old | said(connection, None if dry_run else objects, order, old, now=now)
        if all(row[name] == old[name] for name in ISSUER):
            raise RequestError(
                f"The issuer {order.issuer_id} promised a change; what is asked for is there"
                " already. Give what is to be different."
            )
        refuse_twin(connection, row)
        register.put_issuer(connection, row)
        ended = table.open_versions_of_issuer(connection, order.issuer_id)
        changes = {name: row[name] for name in ISSUER} | {
            "valid_from": now, "opened_at": now, "opened_by": order.by.strip(),
            "reason": order.reason.strip(),
        }  # fmt: skip
        begun = [opened(version, **changes, unsure_since=None) for version in ended]
        table.close(
            connection, [version["version_id"] for version in ended], valid_to=now, closed_at=now,
            closed_by=order.by.strip(), close_reason=order.reason.strip(),
        )  # fmt: skip
        table.insert(connection, begun)
        settle(connection, "changed", order, begun, now=now, dry_run=dry_run)
    log.info("issuer changed", issuer_id=order.issuer_id, versions=len(begun), is_dry=dry_run)
    return Change(ended, begun)


def settle(
    connection: Connection[DictRow],
    verb: str,
    order: IssuerOrder,
    begun: Sequence[Version],
    *,
    now: datetime,
    dry_run: bool,
) -> None:
    """Into the audit log as the last thing of the transaction; or all of it taken back."""
    if dry_run:
        connection.rollback()
        return
    details = {"issuer_id": order.issuer_id, "begun": [row["version_id"] for row in begun]}
    entry = Entry(f"certificate issuer {verb}", asked_by=order.by.strip(), details=details)
    append(connection, entry, now)


def list_issuers(store: Store, *, tenant_id: str | None) -> list[dict[str, Any]]:
    with store.transaction() as connection:
        return register.issuers(connection, tenant_id)


def issued_by(
    connection: Connection[DictRow], issuer_id: str, tenants: Sequence[str]
) -> dict[str, Any]:
    """The columns of the ledger that come of an issuer; RequestError where none of these has it."""
    row = register.issuer(connection, issuer_id)
    if row is None:
        raise RequestError(
            f"--issuer {issuer_id} promised an issuer of the register; it has none of this id. See"
            " `certificate issuer list`, or add it with `certificate issuer add`."
        )
    if row["tenant_id"] not in tenants:
        raise RequestError(
            f"--issuer {issuer_id} promised an issuer of the tenant {', '.join(tenants)}; it"
            f" belongs to {row['tenant_id']}. Choose one of `certificate issuer list`."
        )
    return {name: row[name] for name in ISSUER}


def checked(order: IssuerOrder) -> None:
    for option, value in (("issuer", order.issuer_id), ("--tenant", order.tenant_id)):
        if value is not None and not ID.fullmatch(value):
            raise RequestError(
                f"{option} promised an id of letters, digits and . : _ -, at most 100 of them;"
                f" found {value[:120]!r}."
            )
    for option, text in (
        ("--by", order.by), ("--reason", order.reason), ("--name", order.name),
        ("--signatory", order.signatory), ("--designation", order.designation),
    ):  # fmt: skip
        if text is not None:
            text_of(option, text, 200)
    if order.url is not None and not (
        order.url.startswith(("https://", "http://")) and " " not in order.url
    ):
        raise RequestError(f"--url promised an address such as https://…; found {order.url!r}.")
    if order.email is not None:
        try:
            validate_email(order.email, check_deliverability=False)
        except EmailNotValidError as error:
            raise RequestError(f"--email promised the issuer's public address; {error}") from None
    if (order.signatory is not None and order.no_signatory) or (
        order.signature is not None and (order.no_signature or order.no_signatory)
    ):
        raise RequestError("A signatory or signature is given and taken off at once. Choose one.")


def said(
    connection: Connection[DictRow],
    objects: Objects | None,
    order: IssuerOrder,
    old: dict[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """The columns as they will be."""
    row = {
        "issuer_name": order.name, "issuer_url": order.url, "issuer_email": order.email,
        "signatory_name": order.signatory, "signatory_designation": order.designation,
    }  # fmt: skip
    row = {name: value.strip() if value else old[name] for name, value in row.items()}
    row["signature_key"] = old["signature_key"]
    if order.no_signatory:
        row |= dict.fromkeys(("signatory_name", "signatory_designation", "signature_key"))
    if order.no_signature:
        row["signature_key"] = None
    refuse_orphan(order, row, old)
    if order.signature is not None:
        picture = picture_in(order.signature, kind=SIGNATURE)
        row["signature_key"] = keep(connection, objects, picture, now=now)
    return row | {"updated_at": now, "updated_by": order.by.strip()}


def refuse_orphan(order: IssuerOrder, row: dict[str, Any], old: dict[str, Any]) -> None:
    """A signature is somebody's: never nobody's, and never left below another one's name."""
    if row["signatory_name"] is None and (order.signature or row["signatory_designation"]):
        raise RequestError(
            "A signature and an office promised a signatory whose they are; there is none. Give"
            " --signatory."
        )
    is_another = name_key(row["signatory_name"]) != name_key(old["signatory_name"])
    if is_another and row["signature_key"] is not None and order.signature is None:
        raise RequestError(
            "A new signatory promised a signature of their own; the picture in the register is the"
            " former one's. Give --signature, or --no-signature."
        )


def refuse_twin(connection: Connection[DictRow], row: dict[str, Any]) -> None:
    for other in register.issuers(connection, row["tenant_id"]):
        if other["issuer_id"] != row["issuer_id"] and name_key(other["issuer_name"]) == name_key(
            row["issuer_name"]
        ):
            raise RequestError(
                f"The issuers of tenant {row['tenant_id']} promised a name each;"
                f" {other['issuer_id']} has {other['issuer_name']!r} already. Update that one, or"
                " take another name."
            )
