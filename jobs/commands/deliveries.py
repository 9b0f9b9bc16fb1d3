"""Looking at the outbox, and deciding about messages that are held."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from jobs.commands.arguments import person, utc_now
from jobs.settings import load_settings
from jobs.terminal import print_table, told

# The mailer runs every two minutes: what waits longer has something in its way.
SOON = timedelta(minutes=10)

deliveries = typer.Typer(help="The outbox: its messages, and those held for a person.")

Id = Annotated[str, typer.Argument(help="the message's id")]
By = Annotated[str | None, typer.Option(help="who decides, for the audit log; none: the account")]
Reason = Annotated[str, typer.Option(help="why, for the audit log; no names")]


@deliveries.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    held: Annotated[bool, typer.Option("--held", help="only those held for a person")] = False,
) -> None:
    """List the messages, newest first."""
    if context.invoked_subcommand is not None:
        return
    from jobs.storage import deliveries as outbox
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store, store.transaction() as connection:
        print_table(outbox.listing(connection, status="held" if held else None))
        counts = outbox.counts(connection)
        late = outbox.overdue(connection, now=utc_now(), age=SOON)
    if counts:
        print(f"messages: {told(counts)}; waiting for more than 10 minutes: {late}")


@deliveries.command()
def release(id: Id, reason: Reason, by: By = None) -> None:
    """Send a held message after all: a person found that it did not arrive."""
    from jobs.delivery.holding.job import release as release_held
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        release_held(settings, store, id, by=person(by), reason=reason, now=utc_now())
    print(f"result: released; the next `deliver` sends {id}")


@deliveries.command()
def drop(id: Id, reason: Reason, by: By = None) -> None:
    """Never send a held message: a person found that it arrived, or that it must not."""
    from jobs.delivery.holding.job import drop as drop_held
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        drop_held(store, id, by=person(by), reason=reason, now=utc_now())
    print(f"result: dropped; {id} is never sent")
