"""The tenants' rules for protecting files, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.commands.exhausts import read_key
from jobs.settings import load_settings
from jobs.terminal import print_table

policy = typer.Typer(help="How each tenant's files are protected.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option("--tenant", help="the tenant's id; * for all without a rule")]
Kind = Annotated[str, typer.Option("--kind", help="progress-exhaust, ...; * for all")]
By = Annotated[str, typer.Option("--by", help="who decides it, for the audit log")]


@policy.command("list")
def list_() -> None:
    """Show every rule, its key's fingerprint, and whether it can be kept."""
    from jobs.exhausts.ruling.job import list_policies
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        print_table(list_policies(settings, store))


@policy.command("set")
def set_(
    tenant: Tenant,
    kind: Kind,
    level: Annotated[str, typer.Option(help="Sunbird's word: PASSWORD_PROTECTED_DATASET, ...")],
    by: By,
    public_key: Annotated[
        Path | None, typer.Option("--public-key-file", help="RSA in PEM, ssh-rsa or age1...")
    ] = None,
    text_key: Annotated[
        Path | None, typer.Option("--text-key-file", help="the tenant's key; none: the requester's")
    ] = None,
    new_tenant: Annotated[
        bool, typer.Option("--new-tenant", help="the platform does not know it yet")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would stand")] = False,
) -> None:
    """Set how a tenant's files are protected, from the next file on."""
    from jobs.exhausts.ruling.job import Wish, set_policy
    from jobs.storage.store import open_store

    settings = load_settings()
    wish = Wish(
        channel=tenant.strip(),
        kind=kind,
        level=level,
        public_key=read_key(public_key) if public_key else None,
        text_key=read_key(text_key) if text_key else None,
    )
    with open_store(settings) as store:
        rule = set_policy(
            settings,
            store,
            wish,
            by=by,
            is_new_tenant=new_tenant,
            is_dry=dry_run,
            now=utc_now(),
        )
    print_table([rule])
    if dry_run:
        print("Nothing was changed.")


@policy.command("remove")
def remove(tenant: Tenant, kind: Kind, by: By) -> None:
    """Remove a rule: the next less special one counts."""
    from jobs.exhausts.ruling.job import remove_policy
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        remove_policy(store, channel=tenant.strip(), kind=kind, by=by, now=utc_now())
    print(f"removed: {tenant} {kind}")
