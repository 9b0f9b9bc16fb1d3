"""Why a learner has a certificate, misses it or did not earn it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.certificates.ledger import ACTIVE, BEFORE_LEDGER, UNSURE, standing_of
from jobs.certificates.rules.column import MET, NOT_MET
from jobs.certificates.rules.facts import (
    ATTEMPTS_GONE,
    BATCH_NOT_ENDED,
    MAX_SCORE_MISSING,
    NO_BIRTH_DATE,
    NO_ORGANISATION,
    NO_PROGRESS,
    NO_SCORE,
    NO_STATUS,
    NO_TIME_SPENT,
    OTHERS_UNKNOWN,
)
from jobs.contracts.certificates import BATCH

Row = Mapping[str, Any]

HAS, MISSES, NOT_EARNED, OPEN = "has it", "misses it", "did not earn it", "a person must decide"

WORDS = {
    NO_ORGANISATION: "the learner's organisation is not known",
    NO_BIRTH_DATE: "the day of birth is not known",
    NO_TIME_SPENT: "the time spent is not known",
    NO_SCORE: "no attempt is known",
    ATTEMPTS_GONE: "the assessments are completed and no attempt is there, as after a merge of"
    " accounts",
    NO_STATUS: "the status is not known",
    NO_PROGRESS: "the contents completed cannot be counted",
    MAX_SCORE_MISSING: "the attempts have no maximum of points",
    BATCH_NOT_ENDED: "ranks are final when the batch has ended",
    OTHERS_UNKNOWN: "another condition is not known",
    "assessment_type_unknown": "the course does not say which content is an assessment",
}
PROBLEMS = {
    "no_completion_date": "the enrolment is completed and has no date: no template can be chosen",
    "status_not_completed": "the enrolment has a date of completion and is not completed",
    "completed_in_future": "the completion lies in the future",
    "implausible_date": "the completion lies before any platform of this kind",
}


@dataclass(frozen=True)
class Answer:
    """What became of one certificate, and the sentence that says why."""

    outcome: str
    sentence: str


@dataclass(frozen=True)
class Known:
    """What is known about a learner of a batch: rows of the tables, judged where a rule holds."""

    enrolments: list[Row]
    problems: list[str]
    judged: list[Row]
    versions: list[Row]
    findings: Sequence[Row]
    issued: Sequence[Row]


def answers(known: Known) -> list[Answer]:
    """One answer per version of a template that the batch has or ever had, or one for all."""
    before = no_completion(known)
    if before is not None:
        return [before]
    if not known.versions:
        return [
            Answer(NOT_EARNED, "No certificate was ever attached to the batch, nor to its course.")
        ]
    completed_at = known.enrolments[0]["completed_at"]
    judged = {row["version_id"]: row for row in known.judged}
    return [
        of_version(version, judged.get(version["version_id"]), completed_at, known)
        for version in known.versions
    ]


def no_completion(known: Known) -> Answer | None:
    if not known.enrolments:
        return Answer(NOT_EARNED, "The learner is not enrolled in the batch.")
    enrolment = known.enrolments[0]
    if not enrolment["is_active"] and enrolment["has_active_mark"] is not False:
        return Answer(NOT_EARNED, "The learner left the batch.")
    if known.problems:
        said = "; ".join(PROBLEMS.get(one, one) for one in known.problems)
        return Answer(OPEN, f"Nobody can say: {said}.")
    if enrolment["completed_at"] is None:
        return Answer(
            NOT_EARNED, f"The learner has not completed the batch (status {enrolment['status']})."
        )
    return None


def of_version(version: Row, judged: Row | None, completed_at: datetime, known: Known) -> Answer:
    name = f"The {version['certificate_type']} certificate {version['template_id']}"
    how = standing_of(version, completed_at)
    issued = [row for row in known.issued if row["template_id"] == version["template_id"]]
    if judged is None or how not in (ACTIVE, UNSURE, BEFORE_LEDGER):
        return Answer(NOT_EARNED, f"{name} {not_standing(version, how, completed_at)}.")
    if judged["is_issued"] or issued:
        ids = [row["certificate_id"] for row in issued] or judged["held_ids"]
        return Answer(HAS, f"{name} was issued: {', '.join(ids)}.")
    if judged["rule_problem"]:
        return Answer(OPEN, f"{name} has a rule that cannot be used. {judged['rule_problem']}")
    outcome, said = ruled(judged["verdict"], judged)
    if outcome == NOT_EARNED:
        return Answer(NOT_EARNED, f"{name} was not earned: {said}.")
    if how == UNSURE:
        return Answer(
            OPEN,
            f"{name} may have been attached at the completion, or not: it changed between two looks"
            f" at the platform. Its rule: {said}.",
        )
    if how == BEFORE_LEDGER:
        return Answer(
            OPEN,
            f"{name} is known since {minute(version['valid_from'])} only, after the completion:"
            f" what was attached then was never written down. Its rule: {said}.",
        )
    where = finding_of(version, known.findings)
    return Answer(outcome, f"{name} was earned and not issued: {said}.{where}" if (
        outcome == MISSES
    ) else f"{name}: {said}.{where}")  # fmt: skip


def not_standing(version: Row, how: str, completed_at: datetime) -> str:
    if completed_at < version["valid_from"]:
        return f"was attached on {minute(version['valid_from'])}, after the completion"
    if how == ACTIVE:
        return (
            "holds for the course; the batch had one of its own"
            if version["scope"] != BATCH
            else "does not hold for this learner's course"
        )
    return f"had ended on {minute(version['valid_to'])}, before the completion"


def ruled(verdict: Row, judged: Row) -> tuple[str, str]:
    """What the rule makes of the learner, and its conditions in words."""
    lists = {name: list(verdict[name]) for name in ("met", "not_met", "unknown")}
    said = []
    if lists["met"]:
        said.append(f"met: {', '.join(lists['met'])}")
    if lists["not_met"]:
        said.append(f"not met: {', '.join(lists['not_met'])}")
    if lists["unknown"]:
        said.append(f"unknown: {', '.join(in_words(one) for one in lists['unknown'])}")
    if judged["score_max_points"] and any(
        one.startswith(("score", "top")) for conditions in lists.values() for one in conditions
    ):
        said.append(
            f"best attempt {points(judged['score_points'])} of"
            f" {points(judged['score_max_points'])} points"
        )
    outcome = {MET: MISSES, NOT_MET: NOT_EARNED}.get(verdict["outcome"], OPEN)
    return outcome, "; ".join(said)


def in_words(unknown: str) -> str:
    condition, _, code = unknown.rpartition(": ")
    return f"{condition} ({WORDS.get(code, code)})"


def points(millionths: int) -> str:
    whole, rest = divmod(millionths, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def finding_of(version: Row, findings: Iterable[Row]) -> str:
    for row in findings:
        if row["template_id"] == version["template_id"]:
            return (
                f" It was found on {row['first_seen_on']} and is {row['state']} ({row['reason']})."
            )
    return " The nightly run has not found it yet."


def minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
