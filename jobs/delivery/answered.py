"""The words about a file of answers: how much it holds, whose answers are not in it, its parts."""

from __future__ import annotations

from jobs.delivery.facts import AnswerFacts, BatchFacts, ExhaustFacts
from jobs.delivery.wording import Wording, grouped


def figures(batch: BatchFacts, held: AnswerFacts, wording: Wording) -> list[tuple[str, int]]:
    """What the file holds, the number of its rows first."""
    _ = wording.say
    return [
        (_("Answers in the file"), batch.enrolled),
        (_("Attempts"), held.attempts),
        (_("Learners who answered"), held.learners),
        (_("Answers left out"), held.rows_left_out),
    ]


def left_out(reason: str, n: int, wording: Wording) -> str:
    """A sentence about learners whose answers are not in the file; empty for any other reason."""
    ngettext = wording.plural
    sentences = {
        "not_enrolled": ngettext(
            "%(n)s learner has answers and is not enrolled in the batch: they are not in the file.",
            "%(n)s learners have answers and are not enrolled in the batch: they are not in the"
            " file.",
            n,
        ),
        "other_course": ngettext(
            "%(n)s learner has answers that name this batch and another course: they are not in"
            " the file.",
            "%(n)s learners have answers that name this batch and another course: they are not in"
            " the file.",
            n,
        ),
    }
    sentence = sentences.get(reason, "")
    return sentence and sentence % {"n": grouped(n)}


def several_files(facts: ExhaustFacts, wording: Wording) -> list[str]:
    """Why an archive holds several files, and which one lists them; nothing where there is one."""
    _ = wording.say
    return [
        _(
            "The answers are in %(n)s CSV files, since a spreadsheet holds about a million rows."
            " The file %(manifest)s lists them with their rows and checksums."
        )
        % {"n": len(batch.files), "manifest": batch.answers.manifest}
        for batch in facts.batches
        if batch.answers and batch.answers.manifest
    ]
