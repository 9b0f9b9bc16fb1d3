"""What the templates show of one batch: its figures, where its file is, and who is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.delivery import answered, personal
from jobs.delivery.chart import COLOURS
from jobs.delivery.facts import Attachment, BatchFacts, ExhaustFacts
from jobs.delivery.links import FileLink
from jobs.delivery.subject import batch_name, course_name
from jobs.delivery.wording import Wording, cleaned, grouped, share, size

ENROLLED_COLOUR = "#1f2933"
LEFT_OUT_COLOUR = "#8a94a0"


@dataclass(frozen=True)
class Files:
    """Which files go with the message, and which are too large for it, some with a link."""

    attached: frozenset[str]
    too_large: Sequence[Attachment]
    links: Mapping[str, FileLink] = field(default_factory=dict)


def shown_batch(
    batch: BatchFacts, facts: ExhaustFacts, files: Files, wording: Wording
) -> dict[str, Any]:
    _ = wording.say
    figures = stages(batch, wording) if batch.has_stages else rows(batch, facts.job_id, wording)
    return {
        "facts": batch,
        "course": course_name(batch),
        "name": batch_name(batch),
        "stages": figures,
        "chart_title": f"{course_name(batch)} – {batch_name(batch)}",
        "chart_alt": " · ".join(
            f"{one['label']} {one['count']}" for one in [*figures[1:], figures[0]]
        ),
        "as_of": _("Data as of %(moment)s.") % {"moment": wording.moment(batch.data_as_of)},
        "stale": _(
            "The platform's data are older than usual, so the learners' latest progress may not be"
            " in this report."
        ),
        "empty": empty(facts.job_id, wording),
        "where": where(batch, facts, files, wording),
        "link": files.links[batch.file_name].url if batch.file_name in files.links else "",
        "remarks": remarks(batch, wording),
    }


def remarks(batch: BatchFacts, wording: Wording) -> list[str]:
    """Who is not in the file for want of consent, and then for any other reason."""
    told = {
        reason: personal.left_out(reason, n, wording) or answered.left_out(reason, n, wording)
        for reason, n in batch.left_out.items()
    }
    other = {reason: n for reason, n in batch.left_out.items() if not told[reason]}
    largest_first = sorted(told, key=lambda reason: (-batch.left_out[reason], reason))
    without = [told[reason] for reason in largest_first if told[reason]]
    return without + wording.remarks(batch.model_copy(update={"left_out": other}))


def stages(batch: BatchFacts, wording: Wording) -> list[dict[str, str]]:
    """The learners of the file, all of them first, by how far they are."""
    _ = wording.say
    counts = (batch.completed, batch.in_progress, batch.not_started)
    enrolled = figure(_("Enrolled"), batch.enrolled, ENROLLED_COLOUR)
    return [enrolled] + [
        figure(label, n, colour) | {"share": share(n, batch.enrolled)}
        for label, n, colour in zip(wording.stages(), counts, COLOURS, strict=True)
    ]


def rows(batch: BatchFacts, job_id: str, wording: Wording) -> list[dict[str, str]]:
    """What the file holds and how much of it was left out, where it tells of no stages."""
    _ = wording.say
    if batch.answers:
        return [
            figure(label, n, ENROLLED_COLOUR if at == 0 else LEFT_OUT_COLOUR)
            for at, (label, n) in enumerate(answered.figures(batch, batch.answers, wording))
        ]
    held = {"userinfo-exhaust": _("Learners in the file")}
    return [
        figure(held.get(job_id, _("Rows in the file")), batch.enrolled, ENROLLED_COLOUR),
        figure(_("Left out"), sum(batch.left_out.values()), LEFT_OUT_COLOUR),
    ]


def figure(label: str, count: int, colour: str) -> dict[str, str]:
    return {"label": label, "count": grouped(count), "share": "", "colour": colour}


def empty(job_id: str, wording: Wording) -> str:
    _ = wording.say
    known = {
        "userinfo-exhaust": _(
            "No learner of this batch agreed to share details with your organisation, so the file"
            " has only its headers."
        ),
        "response-exhaust": _(
            "No learner of this batch has answered a question yet, so the file has only its"
            " headers."
        ),
    }
    return known.get(
        job_id, _("No learner is enrolled in this batch yet, so the file has only its headers.")
    )


def where(batch: BatchFacts, facts: ExhaustFacts, files: Files, wording: Wording) -> str:
    _ = wording.say
    if batch.file_name in files.attached:
        return _("The file is attached: %(name)s") % {"name": batch.file_name}
    sizes = {file.file_name: size(file.bytes) for file in files.too_large}
    if link := files.links.get(batch.file_name):
        return _(
            "The file %(name)s (%(size)s) is too large to attach to a mail. Download it until"
            " %(until)s. The link opens the file for everybody who has it: do not pass it on."
        ) % {
            "name": batch.file_name,
            "size": sizes.get(batch.file_name, "?"),
            "until": wording.moment(link.until),
        }
    return _(
        "The file %(name)s (%(size)s) is too large to attach to a mail. Ask your platform's team"
        " for it and name the request ID %(id)s."
    ) % {
        "name": batch.file_name,
        "size": sizes.get(batch.file_name, "?"),
        "id": cleaned(facts.request_id),
    }
