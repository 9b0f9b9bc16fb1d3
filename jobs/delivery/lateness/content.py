"""What the message about a late request says."""

from __future__ import annotations

from typing import Any

from jobs.delivery.content import origin
from jobs.delivery.facts import ExhaustFacts
from jobs.delivery.wording import Wording


def late(facts: ExhaustFacts, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    headline = _("The file that you asked for takes longer than usual")
    return {
        "preheader": headline,
        "headline": headline,
        "news": [
            _("Your request is not lost: the file comes by mail as soon as it is ready."),
            _(
                "You need not ask again. Your platform's team is told of the wait too; to ask them,"
                " name the request ID below."
            ),
        ],
    } | origin(facts, wording)
