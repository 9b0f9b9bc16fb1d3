"""What the message about an issued certificate says to its learner."""

from __future__ import annotations

from typing import Any

from jobs.delivery.facts import CertificateFacts
from jobs.delivery.wording import Wording, cleaned, shortened

SUBJECT_LENGTH = 78


def certified_subject(facts: CertificateFacts, wording: Wording) -> str:
    text = wording.say("Your certificate: %(course)s") % {"course": cleaned(facts.course_name)}
    return shortened(text, SUBJECT_LENGTH)


def certified(facts: CertificateFacts, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    completed = facts.completed_at.astimezone(wording.zone)
    month = f"{wording.month(completed.month)} {completed.year}"
    headline = _("Your certificate is here")
    return {
        "preheader": cleaned(facts.course_name),
        "headline": headline,
        "news": [
            _("You completed %(course)s in %(month)s. Its certificate is attached as a PDF.")
            % {"course": cleaned(facts.course_name), "month": month},
            _(
                "It should have reached you when you completed the course. We are sorry that it"
                " did not. You need do nothing more."
            ),
        ],
        "page": facts.page,
        "details": [
            (name, cleaned(value))
            for name, value in (
                (_("Certificate"), facts.template_name),
                (_("Batch"), facts.batch_name),
                (_("Certificate ID"), facts.certificate_id),
            )
            if value
        ],
        "why": _("You get this mail because you completed the course on the platform."),
    }
