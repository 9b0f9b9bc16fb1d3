"""Certificates as papers: whether one is genuine, and the keys that sign them."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import utc_now
from jobs.settings import load_settings

# One for each verdict, so that a script can tell them apart.
EXIT_CODES = {"genuine": 0, "altered": 20, "unknown": 21, "revoked": 22}


def verify(
    what: Annotated[str, typer.Argument(help="the file, the number, or the page's address")],
) -> None:
    """Say whether a certificate is genuine (0), altered (20), unknown (21) or revoked (22)."""
    from jobs.certificates.verification.job import verify as judge
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        judgement = judge(settings, store, open_objects(settings), what)
    print(f"{judgement.verdict}: {judgement.because}")
    if judgement.certificate_id:
        print(f"  number        {judgement.certificate_id}")
    for name, said in judgement.shown.items():
        print(f"  {name:13} {said}")
    raise typer.Exit(EXIT_CODES[judgement.verdict])


def keys(
    rotate: Annotated[bool, typer.Option("--rotate", help="make a new key that signs")] = False,
) -> None:
    """List the keys that verify certificates; the first one signs."""
    from jobs.storage.certificate_keys import certificate_keys
    from jobs.storage.certificate_keys import rotate as new_key

    settings = load_settings()
    if rotate:
        new_key(settings, utc_now())
    held = certificate_keys(settings)
    print(f"{held.kid}  signs")
    for kid in held.public_pems:
        if kid != held.kid:
            print(f"{kid}  verifies")
