"""Attach, update and remove: each one transaction of the ledger, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates import ledger
from jobs.certificates.issuers.job import issued_by
from jobs.certificates.keeping.job import keep, picture_in
from jobs.certificates.orders import Change, Order, checked, rule_text
from jobs.certificates.placing.job import Place, place_of
from jobs.certificates.rules.conversion import converted
from jobs.contracts.certificates import ARTWORK, BASELINE, COMMAND
from jobs.errors import RequestError
from jobs.storage import certificate_ledger as table
from jobs.storage.audit import Entry, append
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

CONTENT = (
    *("template_id", "template_name", "template_description", "artwork_key", "rule_text"),
    *ledger.ISSUER,
)


def attach(
    store: Store, objects: Objects, order: Order, *, now: datetime, dry_run: bool = False
) -> Change:
    """Attach a template where none of its type is; RequestError says what is in the way."""
    order = checked(order, now=now)
    missing = [
        option
        for option, value in (
            ("--template", order.template_id), ("--name", order.template_name),
            ("--artwork", order.artwork), ("--issuer", order.issuer_id),
        )
        if value is None
    ]  # fmt: skip
    if missing:
        raise RequestError(
            "A certificate promised a template with its name and artwork, and an issuer; missing:"
            f" {', '.join(missing)}."
        )
    with store.transaction() as connection:
        table.hold(connection)
        place = place_of(connection, order, must_be_published=True)
        there = open_at(connection, place)
        ledger.refuse_attach(place.scope, order.certificate_type, there)
        slot = place.scope.slot(order.certificate_type)
        if order.since is not None and table.was_ever_held(connection, slot):
            raise RequestError(
                f"--since opens the ledger of a place without any history; {place.scope} has one."
                " See `certificate history`, and attach from now on."
            )
        row = ledger.opened(
            {
                "scope": place.scope.name,
                "course_id": place.scope.course_id,
                "tenant_id": place.scope.tenant_id,
                "batch_id": place.scope.batch_id,
                "certificate_type": order.certificate_type,
                "slot": slot,
                "origin": COMMAND if order.since is None else BASELINE,
                "valid_from": order.since or now,
            },
            **said(connection, None if dry_run else objects, order, place, now=now, is_new=True),
            **signed(order, now),
        )
        refuse_twin(connection, place, row)
        table.insert(connection, [row])
        change = Change([], [row], place.notes)
        return settled(connection, "attached", order, change, now=now, dry_run=dry_run)


def update(
    store: Store, objects: Objects, order: Order, *, now: datetime, dry_run: bool = False
) -> Change:
    """Replace what is attached from now on; what is not said stays."""
    order = checked(order, now=now)
    with store.transaction() as connection:
        table.hold(connection)
        place = place_of(connection, order, must_be_published=True)
        old = ledger.refuse_change(
            "update", place.scope, order.certificate_type, open_at(connection, place)
        )
        kept = None if dry_run else objects
        changes = said(connection, kept, order, place, now=now, is_new=False)
        row = ledger.opened(
            old, **changes, valid_from=now, origin=COMMAND, unsure_since=None, **signed(order, now)
        )
        if all(row[name] == old[name] for name in CONTENT):
            raise RequestError(
                f"{ledger.sentence(place.scope)} promised a change; what is asked for is there"
                f" already: {ledger.described(old)}. Give what is to be different."
            )
        refuse_twin(connection, place, row)
        replace(connection, [old], [row], order, now=now)
        change = Change([old], [row], place.notes)
        return settled(connection, "updated", order, change, now=now, dry_run=dry_run)


def remove(store: Store, order: Order, *, now: datetime, dry_run: bool = False) -> Change:
    """End what is attached; who completed before keeps what they earned."""
    order = checked(order, now=now)
    with store.transaction() as connection:
        table.hold(connection)
        place = place_of(connection, order, must_be_published=False)
        old = ledger.refuse_change(
            "remove", place.scope, order.certificate_type, open_at(connection, place)
        )
        replace(connection, [old], [], order, now=now)
        change = Change([old], [], place.notes)
        return settled(connection, "removed", order, change, now=now, dry_run=dry_run)


def history(
    store: Store, *, course_id: str | None, tenant_id: str | None, batch_id: str | None
) -> list[dict[str, Any]]:
    """Every version of a place, the oldest first; of a course alone, those of its batches too."""
    if (batch_id is None) == (course_id is None):
        raise RequestError("Give --batch, or --course with or without --tenant.")
    with store.transaction() as connection:
        return table.versions_of(
            connection, course_id=course_id or "", tenant_id=tenant_id, batch_id=batch_id
        )


def open_at(connection: Connection[DictRow], place: Place) -> list[dict[str, Any]]:
    scope = place.scope
    return table.versions_of(
        connection,
        course_id=scope.course_id,
        tenant_id=scope.tenant_id,
        batch_id=scope.batch_id,
        only_open=True,
    )


def refuse_twin(connection: Connection[DictRow], place: Place, row: dict[str, Any]) -> None:
    """A learner's certificates of one batch are told apart by template and by name. Of one type a
    learner has one: the batch's, or else the course's."""
    scope = place.scope
    beside = [
        version
        for version in table.versions_of(connection, course_id=scope.course_id, only_open=True)
        if version["certificate_type"] != row["certificate_type"]
        and (version["batch_id"] in (None, scope.batch_id) or scope.batch_id is None)
    ]
    ledger.refuse_twin(scope, row, beside)


def said(
    connection: Connection[DictRow],
    objects: Objects | None,
    order: Order,
    place: Place,
    *,
    now: datetime,
    is_new: bool,
) -> dict[str, Any]:
    """The columns that an order sets."""
    columns: dict[str, Any] = {
        "template_id": order.template_id,
        "template_name": order.template_name and order.template_name.strip(),
        "template_description": order.description and order.description.strip(),
    }
    if order.issuer_id is not None:
        columns |= issued_by(connection, order.issuer_id, place.tenants)
    if is_new or order.rule is not None:
        text = rule_text(order)
        made = converted(text, tenant_id=place.scope.tenant_id)
        columns |= {"rule": made.rule.text(), "rule_text": text, "flags": list(made.flags)}
    if order.artwork is not None:
        kept = picture_in(order.artwork, kind=ARTWORK)
        columns["artwork_key"] = keep(connection, objects, kept, now=now)
    return {name: value for name, value in columns.items() if is_new or value is not None}


def signed(order: Order, now: datetime) -> dict[str, Any]:
    return {"opened_at": now, "opened_by": order.by.strip(), "reason": order.reason.strip()}


def replace(
    connection: Connection[DictRow],
    old: Sequence[ledger.Version],
    new: Sequence[ledger.Version],
    order: Order,
    *,
    now: datetime,
) -> None:
    """End versions and begin others at the same instant."""
    table.close(
        connection,
        [version["version_id"] for version in old],
        valid_to=now,
        closed_at=now,
        closed_by=order.by.strip(),
        close_reason=order.reason.strip(),
    )
    table.insert(connection, new)


def settled(
    connection: Connection[DictRow],
    verb: str,
    order: Order,
    change: Change,
    *,
    now: datetime,
    dry_run: bool,
) -> Change:
    """The change itself, in the audit log as the last thing of its transaction; or taken back."""
    versions = {
        "ended": [row["version_id"] for row in change.ended],
        "begun": [row["version_id"] for row in change.begun],
    }
    if dry_run:
        connection.rollback()
    else:
        entry = Entry(
            f"certificate {verb}",
            asked_by=order.by.strip(),
            batch_id=order.batch_id,
            details=versions | {"course_id": order.course_id, "tenant_id": order.tenant_id},
        )
        append(connection, entry, now)
    log.info("certificate ledger", verb=verb, **versions, is_dry=dry_run)
    return change
