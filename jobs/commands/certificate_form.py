"""The form of Airflow: one command for each of its actions, where an empty field says nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands import certificates, issuers
from jobs.errors import RequestError

NEW_SIGNATURE = "new-signature"
# The fields that each action understands, beside who asks and why.
PLACE = frozenset({"type", "course", "tenant", "batch"})
CONTENT = frozenset({"template", "name", "description", "artwork", "issuer", "rule"})
FIELDS = {
    "attach": PLACE | CONTENT | {"since"},
    "update": PLACE | CONTENT,
    "remove": PLACE,
    NEW_SIGNATURE: frozenset({"issuer", "signatory", "designation", "signature"}),
}
Field = Annotated[str, typer.Option(help="as the commands have it; empty: not said")]


def form(
    action: Field, by: Field = "", reason: Field = "", type: Field = "", course: Field = "",
    tenant: Field = "", batch: Field = "", template: Field = "", name: Field = "",
    description: Field = "", artwork: Field = "", issuer: Field = "", rule: Field = "",
    since: Field = "", signatory: Field = "", designation: Field = "", signature: Field = "",
    dry_run: certificates.DryRun = True,
) -> None:  # fmt: skip
    """Do what a filled-in form asks: attach, update, remove or new-signature."""
    given = {
        "type": type, "course": course, "tenant": tenant, "batch": batch, "template": template,
        "name": name, "description": description, "artwork": artwork, "issuer": issuer,
        "rule": rule, "since": since, "signatory": signatory, "designation": designation,
        "signature": signature,
    }  # fmt: skip
    said = {field: value for field, value in given.items() if value.strip()}
    if action not in FIELDS:
        raise RequestError(f"The action {action!r} promised to be one of {', '.join(FIELDS)}.")
    if action == NEW_SIGNATURE:
        # The type of a certificate has a default in the form; of a signature it says nothing.
        said.pop("type", None)
    misplaced = sorted(set(said) - FIELDS[action])
    if misplaced:
        raise RequestError(
            f"The action {action} promised only {', '.join(sorted(FIELDS[action]))}; the form also"
            f" has {', '.join(misplaced)}. Empty them, or choose another action."
        )
    if action == NEW_SIGNATURE:
        if "issuer" not in said:
            raise RequestError(
                "The action new-signature promised an issuer. See `certificate issuer list`."
            )
        issuers.update(
            said["issuer"], by, reason, signatory=said.get("signatory"),
            designation=said.get("designation"), signature=said.get("signature"), dry_run=dry_run,
        )  # fmt: skip
    elif action == "attach":
        certificates.attach(by, reason, dry_run=dry_run, **said)
    elif action == "update":
        certificates.update(by, reason, dry_run=dry_run, **said)
    else:
        certificates.remove(by, reason, dry_run=dry_run, **said)
