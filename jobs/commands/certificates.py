"""The ledger of certificates: attach, update, remove, its history, and what a platform holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.arguments import done, instant, utc_now
from jobs.settings import Settings, load_settings
from jobs.terminal import print_table, told

if TYPE_CHECKING:
    from jobs.certificates.orders import Change, Order
    from jobs.storage.objects import Objects
    from jobs.storage.store import Store

certificate = typer.Typer(
    help="Certificates: what is attached where, and since when.", no_args_is_help=True
)

Type = Annotated[str, typer.Option("--type", help="completion or merit")]
Course = Annotated[str | None, typer.Option(help="the course; with --tenant")]
Tenant = Annotated[str | None, typer.Option(help="the organisation whose batches have it")]
Batch = Annotated[str | None, typer.Option(help="or one batch alone")]
By = Annotated[str, typer.Option(help="who asks for it")]
Reason = Annotated[str, typer.Option(help="why")]
Template = Annotated[str | None, typer.Option(help="the template's id")]
Name = Annotated[str | None, typer.Option(help="the name that its certificates bear")]
Description = Annotated[str | None, typer.Option(help="what it is given for, in a sentence")]
Artwork = Annotated[str | None, typer.Option(help="file of its picture, PNG or JPEG")]
Issuer = Annotated[str | None, typer.Option(help="the issuer's id in the register")]
Rule = Annotated[str | None, typer.Option(help="who earns it, as JSON; none: who completes")]
DryRun = Annotated[bool, typer.Option("--dry-run/--no-dry-run", help="say it, and write nothing")]


@certificate.command()
def attach(
    by: By, reason: Reason, type: Type = "completion", course: Course = None,
    tenant: Tenant = None, batch: Batch = None, template: Template = None, name: Name = None,
    description: Description = None, artwork: Artwork = None, issuer: Issuer = None,
    rule: Rule = None,
    since: Annotated[
        str | None, typer.Option(help="ISO 8601 instant since when it is agreed to be there")
    ] = None,
    dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Attach a certificate to a course or batch that has none of its type."""
    from jobs.certificates.associations import job

    order = order_of(
        by=by, reason=reason, certificate_type=type, course_id=course, tenant_id=tenant,
        batch_id=batch, template_id=template, template_name=name, description=description,
        artwork=artwork, issuer_id=issuer, rule=rule, since=since,
    )  # fmt: skip
    with parts() as (_, store, objects):
        tell(job.attach(store, objects, order, now=utc_now(), dry_run=dry_run), dry_run=dry_run)


@certificate.command()
def update(
    by: By, reason: Reason, type: Type = "completion", course: Course = None,
    tenant: Tenant = None, batch: Batch = None, template: Template = None, name: Name = None,
    description: Description = None, artwork: Artwork = None, issuer: Issuer = None,
    rule: Rule = None, dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Replace what is attached, from now on; what is not given stays."""
    from jobs.certificates.associations import job

    order = order_of(
        by=by, reason=reason, certificate_type=type, course_id=course, tenant_id=tenant,
        batch_id=batch, template_id=template, template_name=name, description=description,
        artwork=artwork, issuer_id=issuer, rule=rule,
    )  # fmt: skip
    with parts() as (_, store, objects):
        tell(job.update(store, objects, order, now=utc_now(), dry_run=dry_run), dry_run=dry_run)


@certificate.command()
def remove(
    by: By, reason: Reason, type: Type = "completion", course: Course = None,
    tenant: Tenant = None, batch: Batch = None, dry_run: DryRun = False,
) -> None:  # fmt: skip
    """End what is attached; who completed before keeps what they earned."""
    from jobs.certificates.associations import job

    order = order_of(
        by=by, reason=reason, certificate_type=type, course_id=course, tenant_id=tenant,
        batch_id=batch,
    )  # fmt: skip
    with parts() as (_, store, _objects):
        tell(job.remove(store, order, now=utc_now(), dry_run=dry_run), dry_run=dry_run)


@certificate.command()
def history(course: Course = None, tenant: Tenant = None, batch: Batch = None) -> None:
    """List every version of a course or batch, the oldest first."""
    from jobs.certificates.associations import job

    with parts() as (_, store, _objects):
        rows = job.history(store, course_id=course, tenant_id=tenant, batch_id=batch)
    print_table([line_of(row) for row in rows])
    print(f"versions: {len(rows)}")


@certificate.command()
def watch(
    dry_run: DryRun = False,
    force: Annotated[
        bool, typer.Option("--force", help="also where most templates are gone at once")
    ] = False,
) -> None:
    """Take over what changed in a live platform's templates since the last look."""
    from jobs.certificates.watching.job import watch as look

    with parts() as (settings, store, objects):
        found = look(settings, store, objects, now=utc_now(), dry_run=dry_run, force=force)
    if found.flags:
        print(f"to look at: {told(found.flags)}")
    print(
        f"result: {'would be: ' if dry_run else ''}{found.begun_count} begun,"
        f" {found.changed_count} changed, {found.ended_count} ended"
    )
    done(1 if found.is_new else 0)


@certificate.command()
def explain(
    user: Annotated[str, typer.Option(help="the learner")],
    batch: Annotated[str, typer.Option(help="the batch")],
    as_of: Annotated[str | None, typer.Option(help="ISO 8601 instant; none: now")] = None,
) -> None:
    """Say in words why a learner has a certificate, misses it or did not earn it."""
    from jobs.certificates.explaining.job import explain as ask

    with parts() as (settings, store, _objects):
        found = ask(settings, store, user_id=user, batch_id=batch, as_of=instant(as_of))
    print(f"batch {batch}, course {found.course_id}; data as of {minute(found.data_as_of)} UTC")
    for enrolment in found.enrolments:
        if enrolment["completed_at"] is not None:
            print(f"completed on {minute(enrolment['completed_at'])} UTC")
    for answer in found.answers:
        print(f"{answer.outcome}: {answer.sentence}")


def order_of(**said: Any) -> Order:
    """The order; an empty text is one that a form left empty."""
    from jobs.certificates.orders import Order

    given = {name: value for name, value in said.items() if value not in (None, "")}
    if "artwork" in given:
        given["artwork"] = Path(given["artwork"])
    if "since" in given:
        given["since"] = instant(given["since"], "--since")
    return Order(**({"by": "", "reason": ""} | given))


@contextmanager
def parts() -> Iterator[tuple[Settings, Store, Objects]]:
    """The settings, the open store and the object store."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        yield settings, store, open_objects(settings)


def tell(change: Change, *, dry_run: bool) -> None:
    for verb, versions in (("ended", change.ended), ("begun", change.begun)):
        for row in versions:
            print(f"{'would be ' if dry_run else ''}{verb}: {said_of(row)}")
    for note in change.notes:
        print(f"note: {note}")
    print(
        f"result: {'would be: ' if dry_run else ''}{len(change.ended)} ended,"
        f" {len(change.begun)} begun"
    )


def said_of(row: Mapping[str, Any]) -> str:
    where = (
        f"batch {row['batch_id']}"
        if row["batch_id"]
        else f"course {row['course_id']} within tenant {row['tenant_id']}"
    )
    return (
        f"{row['certificate_type']} certificate {row['template_id']} {row['template_name']!r} of"
        f" {where}, issuer {row['issuer_id']}, version {row['version_id']}"
    )


def line_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "where": row["batch_id"] or f"{row['course_id']} / {row['tenant_id']}",
        "type": row["certificate_type"],
        "template": row["template_id"],
        "name": row["template_name"],
        "valid from": minute(row["valid_from"]),
        "valid to": minute(row["valid_to"]),
        "issuer": row["issuer_id"] or row["issuer_name"],
        "origin": row["origin"],
        "flags": " ".join(row["flags"]),
        "version": row["version_id"],
        "by": row["opened_by"],
        "reason": row["reason"],
        "ended because": row["close_reason"],
    }


def minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
