"""What the nightly message about missed certificates says: counts first, then batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.delivery.batch_view import Files
from jobs.delivery.facts import MissedBatchFacts, MissedFacts
from jobs.delivery.wording import Wording, cleaned, grouped, shortened

SUBJECT_LENGTH = 78
WAITING = ("new", "pending", "failed")


def missed_subject(facts: MissedFacts, wording: Wording) -> str:
    _ = wording.say
    day = {"day": wording.day(facts.night)}
    if is_all_clear(facts):
        return _("Missed certificates: all clear, %(day)s") % day
    counts = {"new": grouped(facts.by_state.get("new", 0)), "open": grouped(open_count(facts))}
    text = _("Missed certificates: %(new)s new, %(open)s open, %(day)s") % (day | counts)
    return shortened(text, SUBJECT_LENGTH)


def is_all_clear(facts: MissedFacts) -> bool:
    return open_count(facts) == 0 and not facts.problems


def open_count(facts: MissedFacts) -> int:
    return sum(facts.by_state.get(state, 0) for state in (*WAITING, "held", "approved"))


def missed(facts: MissedFacts, files: Files, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    if is_all_clear(facts):
        headline = _("All clear: nobody who earned a certificate is without one")
    elif open_count(facts) == 0:
        headline = _("Nobody is known to be without a certificate; some enrolments are unclear")
    else:
        headline = _("Certificates that were earned and are missing: %(n)s") % {
            "n": grouped(open_count(facts))
        }
    return {
        "preheader": headline,
        "headline": headline,
        "counts": [(words, grouped(n)) for words, n in states(facts, wording)],
        "told_by_issuer": _("Of these, the live issuer itself reported a failure: %(n)s")
        % {"n": grouped(facts.told_by_issuer)}
        if facts.told_by_issuer
        else "",
        "sections": sections(facts, wording),
        "listed": [shown(batch, wording) for batch in facts.batches],
        "more": _("More batches, in the file: %(n)s") % {"n": grouped(facts.more_batches)}
        if facts.more_batches
        else "",
        "files": [
            _("Attached, with ids and no names: %(name)s") % {"name": name}
            for name in sorted(files.attached)
        ]
        + [_("A list is too large for a mail: %(name)s") % {"name": one.file_name}
           for one in files.too_large],
        "links": [(name, link.url) for name, link in sorted(files.links.items())],
        "advice": advice(facts, wording),
        "as_of": _("Data as of %(moment)s.") % {"moment": wording.moment(facts.data_as_of)},
        "stale": _("The data are older than they should be at this hour: see the run book.")
        if facts.is_stale
        else "",
        "why": _("This mailbox is set as the platform team's, which is told every night."),
    }  # fmt: skip


def states(facts: MissedFacts, wording: Wording) -> list[tuple[str, int]]:
    """What is open is always told, a zero too; what was settled only where there is any."""
    _ = wording.say
    by_state = facts.by_state
    always = [
        (_("New tonight"), by_state.get("new", 0)),
        (_("Still waiting for a decision"), by_state.get("pending", 0)),
        (_("Held: a person must look"), by_state.get("held", 0)),
    ]
    sometimes = [
        (_("Approved and not issued yet"), by_state.get("approved", 0)),
        (_("Approved, and the issue failed"), by_state.get("failed", 0)),
        (_("Issued since the last report"), by_state.get("issued", 0)),
        (_("Settled elsewhere since the last report"), by_state.get("resolved", 0)),
        (_("Rejected since the last report"), by_state.get("rejected", 0)),
    ]
    return always + [one for one in sometimes if one[1]]


def sections(facts: MissedFacts, wording: Wording) -> list[tuple[str, list[tuple[str, str]]]]:
    _ = wording.say
    words = reasons(wording)
    told = [
        (_("Why some are held"), facts.held),
        (_("Why the issue failed"), facts.failed),
        (_("Enrolments that contradict themselves"), facts.problems),
        (_("Completed, and the rule gives no certificate"), facts.not_earned),
        (_("Enrolments that could be mended: see the list"), facts.repairs),
    ]
    return [
        (title, [(words.get(code, cleaned(code)), grouped(n)) for code, n in largest_first(counts)])
        for title, counts in told
        if counts
    ]


def largest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda told: (-told[1], told[0]))


def shown(batch: MissedBatchFacts, wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "name": cleaned(batch.batch_name) or batch.batch_id,
        "course": cleaned(batch.course_name),
        "id": batch.batch_id,
        "template": cleaned(batch.template_name),
        "new": grouped(batch.new),
        "pending": grouped(batch.pending),
        "held": grouped(batch.held),
        "age": _("%(n)s d") % {"n": grouped(batch.oldest_days)}
        if batch.oldest_days
        else _("today"),
    }


def advice(facts: MissedFacts, wording: Wording) -> list[str]:
    _ = wording.say
    asked = any(facts.by_state.get(state) for state in WAITING)
    return [
        sentence
        for sentence, is_needed in (
            (
                _(
                    "Approve or reject in Airflow, under Required Actions of the DAG"
                    " certificate_approval, or by the command: python -m jobs certificate approve"
                ),
                asked,
            ),
            (
                _("What is held waits until its cause is mended; the run book says how."),
                bool(facts.held or facts.failed),
            ),
        )
        if is_needed
    ]


def reasons(wording: Wording) -> dict[str, str]:
    """The codes of findings and problems, in words."""
    _ = wording.say
    return {
        "unsure_version": _("Nobody knows which template was attached at the completion"),
        "rule_unusable": _("The template's rule cannot be used"),
        "artwork_missing": _("The template's artwork is missing"),
        "no_tenant": _("The batch names no organisation"),
        "batch_missing": _("The batch is not in the batch table"),
        "learner_unknown": _("The learner is not in the user table"),
        "learner_inactive": _("The learner's account is closed"),
        "no_name": _("The learner has no name"),
        "revoked": _("A certificate was revoked before"),
        "name_twice": _("Two templates have one name, and one certificate is there"),
        "completed_after_end": _("Completed after the batch had ended"),
        "top_not_final": _("The first places are known when the batch ends"),
        "no_completion_date": _("Completed, without a date"),
        "completion_missing": _("All contents done, and not marked completed"),
        "status_not_completed": _("A completion date, and not marked completed"),
        "completed_in_future": _("Completed in the future"),
        "implausible_date": _("Completed before the platform was there"),
        "before_ledger": _("Completed before the ledger of templates begins"),
        "rule_unknown": _("The rule cannot be judged: a fact is missing"),
        "not_met": _("The rule is not met"),
        "no_score": _("No attempt at any assessment"),
        "attempts_gone": _("All contents are done, and no attempt of theirs is held"),
        "enrolment_date_missing": _("No enrolment date, and one can be told"),
        "enrolment_date_missing_unknown": _("No enrolment date, and nothing tells one"),
        "completion_missing_unknown": _("All contents done, and nothing tells when"),
        "content_status_stale": _("Contents that are no longer in the course"),
        "no_glyph": _("The name has a letter that no font has"),
    }
