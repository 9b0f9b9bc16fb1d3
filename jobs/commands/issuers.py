"""The register of issuers of certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.arguments import utc_now
from jobs.commands.certificates import By, DryRun, Reason, minute, parts, tell
from jobs.terminal import print_table

if TYPE_CHECKING:
    from jobs.certificates.issuers.job import IssuerOrder

issuer = typer.Typer(help="Who issues certificates, and who signs them.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="the issuer's id, chosen once")]
Name = Annotated[str | None, typer.Option(help="the body that issues")]
Url = Annotated[str | None, typer.Option(help="its page")]
Email = Annotated[str | None, typer.Option(help="its public address")]
Signatory = Annotated[str | None, typer.Option(help="who signs for it")]
Designation = Annotated[str | None, typer.Option(help="the signatory's office")]
Signature = Annotated[str | None, typer.Option(help="file of the signature, PNG or JPEG")]


@issuer.command()
def add(
    issuer_id: Id, by: By, reason: Reason,
    tenant: Annotated[str, typer.Option(help="the organisation of the state it belongs to")],
    name: Name = None, url: Url = None, email: Email = None, signatory: Signatory = None,
    designation: Designation = None, signature: Signature = None, dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Add an issuer of a tenant; a tenant may have several."""
    from jobs.certificates.issuers.job import add_issuer

    order = order_of(
        issuer_id=issuer_id, by=by, reason=reason, tenant_id=tenant, name=name, url=url,
        email=email, signatory=signatory, designation=designation, signature=signature,
    )  # fmt: skip
    with parts() as (_, store, objects):
        add_issuer(store, objects, order, now=utc_now(), dry_run=dry_run)
    print(f"result: {'would be: ' if dry_run else ''}issuer {issuer_id} added")


@issuer.command()
def update(
    issuer_id: Id, by: By, reason: Reason, name: Name = None, url: Url = None,
    email: Email = None, signatory: Signatory = None, designation: Designation = None,
    signature: Signature = None,
    no_signatory: Annotated[
        bool, typer.Option("--no-signatory", help="take the signatory and signature off")
    ] = False,
    no_signature: Annotated[
        bool, typer.Option("--no-signature", help="take the signature off")
    ] = False,
    dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Change an issuer; every certificate that has it gets a new version."""
    from jobs.certificates.issuers.job import update_issuer

    order = order_of(
        issuer_id=issuer_id, by=by, reason=reason, name=name, url=url, email=email,
        signatory=signatory, designation=designation, signature=signature,
        no_signatory=no_signatory, no_signature=no_signature,
    )  # fmt: skip
    with parts() as (_, store, objects):
        tell(update_issuer(store, objects, order, now=utc_now(), dry_run=dry_run), dry_run=dry_run)


@issuer.command(name="list")
def list_all(
    tenant: Annotated[str | None, typer.Option(help="of this tenant only")] = None,
) -> None:
    """List the register."""
    from jobs.certificates.issuers.job import list_issuers

    with parts() as (_, store, _objects):
        rows = list_issuers(store, tenant_id=tenant)
    print_table(
        [
            {
                "id": row["issuer_id"],
                "tenant": row["tenant_id"],
                "name": row["issuer_name"],
                "signatory": row["signatory_name"],
                "office": row["signatory_designation"],
                "signature": "yes" if row["signature_key"] else "",
                "updated": minute(row["updated_at"]),
            }
            for row in rows
        ]
    )


def order_of(**said: Any) -> IssuerOrder:
    """The order; an empty text is one that a form left empty."""
    from jobs.certificates.issuers.job import IssuerOrder

    given = {name: value for name, value in said.items() if value not in (None, "")}
    if "signature" in given:
        given["signature"] = Path(given["signature"])
    return IssuerOrder(**({"by": "", "reason": ""} | given))
