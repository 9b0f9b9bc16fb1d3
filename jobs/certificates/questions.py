"""What a person is asked about missed certificates, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from jobs.contracts.missed_certificates import APPROVED, REJECTED
from jobs.errors import RequestError

WHY = {
    "earned": "The rule of the template that was attached when they completed is met.",
    "broken_issue": "A certificate of this name is listed, and it has no id or the registry does"
    " not know it: the new one replaces it.",
    "manual": "A person asks for it.",
}
FLAGS = {
    "active_unmarked": "some enrolments are old and have no mark of being active",
    "after_end_by_lag": "some completions were noted after the batch's end, and learnt before it",
    "batch_missing": "the batch is not in the batch table",
    "before_batch_start": "some completed before the batch began",
    "before_enrolment": "some completed before they enrolled",
    "course_retired": "the course is retired",
    "earned_after_completion": "some reached the score after they had completed",
    "lag_boundary": "some learnt the last content before the template was attached",
    "organisation_of_today": "the rule asks for the organisation, which is today's",
    "score_disputed": "the platform's own score of some differs from their best attempt",
    "bare_value": "the rule has a bare number, read as equal to it",
    "type_twice": "two templates of this type were attached at once",
}


class Group(Protocol):
    """What is read here of a group of findings."""

    @property
    def batch_id(self) -> str: ...
    @property
    def version_id(self) -> str: ...
    @property
    def template_name(self) -> str | None: ...
    @property
    def certificate_type(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def learner_count(self) -> int: ...
    @property
    def oldest_on(self) -> date: ...
    @property
    def completed_from(self) -> datetime: ...
    @property
    def completed_to(self) -> datetime: ...
    @property
    def flagged(self) -> list[str]: ...
    @property
    def asked_because(self) -> str | None: ...


def question(
    group: Group, *, batch_name: str, course_name: str, rule: str, asked_at: datetime, zone: tzinfo
) -> dict[str, str]:
    """The subject and the body that Airflow shows, and what names the group."""
    learners = f"{group.learner_count} learner{'' if group.learner_count == 1 else 's'}"
    facts: Mapping[str, Any] = {
        "Course": course_name,
        "Batch": f"{batch_name} ({group.batch_id})".strip(),
        "Certificate": f"{group.template_name or group.version_id}, {group.certificate_type}",
        "Template version": group.version_id,
        "Rule": rule,
        "Completed": f"{day(group.completed_from, zone)} to {day(group.completed_to, zone)}",
        "Found first": group.oldest_on.isoformat(),
        "Why": f"{WHY.get(group.reason, group.reason)} {group.asked_because or ''}".strip(),
    }
    lines = [f"**{name}**: {plain(str(value))}" for name, value in facts.items() if value]
    lines += [f"- Note: {FLAGS.get(flag, flag)}" for flag in group.flagged]
    lines.append(
        "To leave learners out, list their user ids, with blanks between, in `exclude`: they stay"
        " open. The lists of learners are in the nightly mail."
    )
    return {
        "subject": plain(f"Issue {learners} their certificate: {course_name or group.batch_id}"),
        "body": "\n\n".join(lines),
        "batch": group.batch_id,
        "version": group.version_id,
        "reason": group.reason,
        "asked_at": asked_at.isoformat(),
    }


def day(instant: datetime, zone: tzinfo) -> str:
    return instant.astimezone(zone).date().isoformat()


def plain(text: str) -> str:
    """Names of courses are other people's words: nothing of them is a template or a mark-up."""
    shown = "".join(" " if ord(letter) < 32 else letter for letter in text)
    for mark in "{}<>[]`":
        shown = shown.replace(mark, "")
    return shown[:300]


APPROVE, REJECT, LATER = "Approve", "Reject", "Later"
DECISIONS = {APPROVE: APPROVED, REJECT: REJECTED}


def decision_of(chosen: str) -> str | None:
    """What the answer means; None where it was put off. RequestError where it is no answer."""
    if chosen == LATER:
        return None
    if chosen not in DECISIONS:
        raise RequestError(
            f"An answer promised {', '.join((*DECISIONS, LATER))}; found {plain(chosen)!r}."
        )
    return DECISIONS[chosen]


def users_named(text: str) -> list[str]:
    """User ids as a person types them: with blanks, commas, semicolons or lines between."""
    return sorted(set(re.split(r"[\s,;]+", text.strip())) - {"", "None", "null"})
