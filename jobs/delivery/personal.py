"""The words about personal data: who is left out for want of consent, and what the file is for."""

from __future__ import annotations

from jobs.delivery import consent
from jobs.delivery.facts import ExhaustFacts
from jobs.delivery.wording import Wording, cleaned, grouped


def left_out(reason: str, n: int, wording: Wording) -> str:
    """A sentence about the learners whom the reason keeps out; empty where it is not of consent."""
    ngettext = wording.plural
    sentences = {
        consent.NO_CONSENT: ngettext(
            "%(n)s learner did not agree to share details with your organisation.",
            "%(n)s learners did not agree to share details with your organisation.",
            n,
        ),
        consent.WITHDRAWN: ngettext(
            "%(n)s learner withdrew the consent to share details.",
            "%(n)s learners withdrew the consent to share details.",
            n,
        ),
        consent.EXPIRED: ngettext(
            "The consent of %(n)s learner has expired.",
            "The consents of %(n)s learners have expired.",
            n,
        ),
        consent.ENDLESS: ngettext(
            "The consent of %(n)s learner does not say until when it holds.",
            "The consents of %(n)s learners do not say until when they hold.",
            n,
        ),
        consent.MINOR: ngettext(
            "%(n)s learner is under 18; your organisation's files hold no minors.",
            "%(n)s learners are under 18; your organisation's files hold no minors.",
            n,
        ),
        consent.MINOR_WITHOUT_GUARDIAN: ngettext(
            "%(n)s learner is under 18, and no guardian agreed.",
            "%(n)s learners are under 18, and no guardian agreed.",
            n,
        ),
    }
    sentence = sentences.get(reason, "")
    return sentence and sentence % {"n": grouped(n)}


def care(facts: ExhaustFacts, wording: Wording) -> list[str]:
    """What the file is for and how to keep it; nothing where it is not personal."""
    _ = wording.say
    if not facts.purpose:
        return []
    return [
        _("Purpose of the request: %(purpose)s.") % {"purpose": purpose(facts.purpose, wording)},
        _(
            "The file holds personal data of learners who agreed to share it. Use it for this"
            " purpose only, do not pass it on, and delete it when you no longer need it."
        ),
    ]


def purpose(word: str, wording: Wording) -> str:
    _ = wording.say
    known = {
        "training_follow_up": _("follow-up of the training"),
        "certificates_and_awards": _("certificates and awards"),
        "learner_support": _("support for learners"),
        "training_records": _("the organisation's training records"),
    }
    return known.get(word, cleaned(word).replace("_", " "))
