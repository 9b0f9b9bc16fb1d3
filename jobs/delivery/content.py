"""What the templates show of the facts, each value already in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.delivery import personal
from jobs.delivery.batch_view import Files, shown_batch
from jobs.delivery.facts import BatchFacts, ColumnFacts, ExhaustFacts, NoticeFacts
from jobs.delivery.opening import opening
from jobs.delivery.outbox import RUN_FAILED, RUN_LATE
from jobs.delivery.subject import batch_name
from jobs.delivery.wording import Wording, cleaned, grouped

# Mail programs cut off what is longer than about 100 kB, and nobody reads it.
COLUMNS_SHOWN = 100
TILES_UP_TO = 8


def ready(facts: ExhaustFacts, files: Files, wording: Wording) -> dict[str, Any]:
    batches = [shown_batch(batch, facts, files, wording) for batch in facts.batches]
    first = batches[0] if batches else None
    return {
        "preheader": first["chart_alt"] if first and len(batches) == 1 else "",
        "batches": batches,
        "tiles_up_to": TILES_UP_TO,
        "missing": missing(facts, wording),
        "care": personal.care(facts, wording),
        "opening": opening(facts, wording) if files.attached or files.links else [],
        "columns": column_parts(facts.batches, wording),
    } | origin(facts, wording)


def failed(facts: ExhaustFacts, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    return {
        "preheader": facts.reason,
        "headline": _("The file that you asked for could not be made"),
        "reason": cleaned(facts.reason, 1000)
        or _("The platform did not say why. Its team can look it up."),
        "missing": missing(facts, wording),
        "advice": [
            _("If you can put right what the reason names, ask for the file again in the portal."),
            _(
                "If it is not in your hands, you need do nothing: your platform's team sees the"
                " reason too. To ask them, name the request ID below."
            ),
        ],
    } | origin(facts, wording)


def notice(facts: NoticeFacts, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    return {
        "preheader": facts.reason,
        "headline": {
            "exhaust_late": _("A request runs late"),
            RUN_FAILED: _("A run failed"),
            RUN_LATE: _("A run is late"),
        }.get(facts.kind, _("A message could not be delivered")),
        "reason": cleaned(facts.reason, 1000),
        "details": [
            (name, value)
            for name, value in (
                (_("Kind of message"), facts.kind),
                (_("DAG"), facts.dag_id),
                (_("Request ID"), facts.request_id),
                (_("Tag"), facts.tag),
                (_("Delivery ID"), facts.delivery_id),
            )
            if value
        ],
        "advice": [advice(facts, wording)],
        "why": _("This mailbox is set as the platform team's, which hears of undelivered mail.")
        if facts.dag_id is None
        else _("This mailbox is set as the platform team's, which hears of runs in trouble."),
    }


def advice(facts: NoticeFacts, wording: Wording) -> str:
    _ = wording.say
    if facts.dag_id is not None:
        return _("Open the DAG in Airflow: its tab Run book says what to do (%(book)s).") % {
            "book": f"docs/runbooks/{cleaned(facts.dag_id, 60)}.md"
        }
    if facts.kind == "exhaust_late":
        return _("Run `python -m jobs doctor`: it says what stands still and what to do.")
    return _(
        "Mend what the reason names, then ask for the file again in the requester's name."
        " The run book of the delivery says how."
    )


def origin(facts: ExhaustFacts, wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "why": _("You get this mail because you asked for this file on %(moment)s.")
        % {"moment": wording.moment(facts.requested_at)},
        "request": _("Request ID: %(id)s") % {"id": cleaned(facts.request_id)},
    }


def missing(facts: ExhaustFacts, wording: Wording) -> list[str]:
    _ = wording.say
    unknown = [
        _("The batch %(id)s does not exist on the platform.") % {"id": cleaned(id)}
        for id in facts.unknown_batches
    ]
    retired = [
        _("The course of the batch %(id)s is retired.") % {"id": cleaned(id)}
        for id in facts.retired_batches
    ]
    return unknown + retired + withheld(facts.withheld_batches, wording)


def withheld(n: int, wording: Wording) -> list[str]:
    ngettext = wording.plural
    sentence = ngettext(
        "%(n)s more batch that the search found is not yours: you are neither its creator nor a"
        " mentor, nor an administrator of its organisation.",
        "%(n)s more batches that the search found are not yours: you are neither their creator nor"
        " a mentor, nor an administrator of their organisation.",
        n,
    )
    return [sentence % {"n": grouped(n)}] if n else []


def column_parts(batches: Sequence[BatchFacts], wording: Wording) -> list[dict[str, Any]]:
    """The columns that all files share, once; then those of each batch alone."""
    _ = wording.say
    if not batches:
        return []
    everywhere = [
        column
        for column in batches[0].columns
        if all(column in batch.columns for batch in batches[1:])
    ]
    parts = [(_("What each column means"), everywhere)]
    for batch in batches:
        own = [column for column in batch.columns if column not in everywhere]
        parts.append((_("Further columns of %(batch)s") % {"batch": batch_name(batch)}, own))
    shown, room = [], COLUMNS_SHOWN
    for title, columns in parts:
        if columns:
            shown.append(column_part(title, columns, room, wording))
            room = max(0, room - len(columns))
    return shown


def column_part(
    title: str, columns: Sequence[ColumnFacts], room: int, wording: Wording
) -> dict[str, Any]:
    _ = wording.say
    more = len(columns) - min(room, len(columns))
    return {
        "title": title,
        "columns": [
            {"header": cleaned(one.header), "meaning": meaning(one, wording)}
            for one in columns[:room]
        ],
        "more": _("And %(n)s more columns of the same kinds.") % {"n": more} if more else "",
    }


def meaning(column: ColumnFacts, wording: Wording) -> str:
    # The translation of an empty text is the catalogue's own header.
    text = column.meaning and wording.say(cleaned(column.meaning))
    return text % {"part": cleaned(column.part)} if column.part else text
