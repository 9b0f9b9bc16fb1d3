"""Attempts with another number of questions than their assessment, and the scores without them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from jobs.contracts.repairs import REASONS

Row = dict[str, Any]
Key = tuple[str, str, str]

(DIFFERS,) = REASONS
# Named and left as they are: of these nobody can say that the attempt is at fault.
NOT_AN_ASSESSMENT, UNKNOWN_CONTENT = "not_an_assessment", "unknown_content"
UNKNOWN_TOTAL, UNREADABLE, NO_ANSWERS = "unknown_total", "answers_unreadable", "answers_missing"
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class ScoreCheck:
    """The invalid attempts of a batch, the scores of their learners without them, and the rest.

    `named` counts all attempts by what was found of them, the valid ones among them.
    """

    invalid: list[Row]
    corrections: list[Row]
    named: dict[str, int]


def score_check(
    attempts: Iterable[Row],
    question_counts: Mapping[Key, int],
    contents: Mapping[str, Mapping[str, Any]],
    *,
    assessments: Collection[str],
    content_types: Collection[str],
    taken_out: Iterable[Row] = (),
) -> ScoreCheck:
    """Judge every attempt of a batch; `question_counts` by (user, content, attempt).

    One content that is not known stops no other. What a person took out before is not among
    `attempts` any more, and stays what it was judged to be.
    """
    named: Counter[str] = Counter()
    invalid: list[Row] = []
    by_learner: defaultdict[tuple[str, str], list[tuple[Row, bool]]] = defaultdict(list)
    for attempt in attempts:
        content = contents.get(attempt["content_id"])
        is_assessment = attempt["content_id"] in assessments or (
            content is not None and content["content_type"] in content_types
        )
        held = question_counts.get(key_of(attempt))
        found = reason(content, held, is_assessment=is_assessment)
        named[found or "valid"] += 1
        by_learner[attempt["user_id"], attempt["content_id"]].append((attempt, found == DIFFERS))
        if found == DIFFERS and content is not None:
            counts = {"question_count": held, "total_questions": content["total_questions"]}
            invalid.append(attempt | {"reason": DIFFERS} | counts)
    for attempt in taken_out:
        named[DIFFERS] += 1
        by_learner[attempt["user_id"], attempt["content_id"]].append((attempt, True))
        invalid.append(attempt)
    corrections = [
        correction(tried)
        for _, tried in sorted(by_learner.items())
        if any(is_invalid for _, is_invalid in tried)
    ]
    return ScoreCheck(sorted(invalid, key=order), corrections, dict(sorted(named.items())))


def key_of(row: Mapping[str, Any]) -> Key:
    return row["user_id"], row["content_id"], row["attempt_id"]


def order(row: Mapping[str, Any]) -> Key:
    return key_of(row)


def reason(
    content: Mapping[str, Any] | None, held: int | None, *, is_assessment: bool
) -> str | None:
    """What was found of an attempt; None where it is valid."""
    if not is_assessment:
        return UNKNOWN_CONTENT if content is None else NOT_AN_ASSESSMENT
    # A missing total is no total of 0: every attempt would be invalid.
    if content is None or not content["total_questions"]:
        return UNKNOWN_TOTAL
    if held is None:
        return UNREADABLE
    if held == 0:
        return NO_ANSWERS
    return None if held == content["total_questions"] else DIFFERS


def correction(tried: list[tuple[Row, bool]]) -> Row:
    """The learner's score in one assessment, with all attempts and with the valid ones."""
    before = best([attempt for attempt, _ in tried])
    valid = [attempt for attempt, is_invalid in tried if not is_invalid]
    after = best(valid)
    first = tried[0][0]
    return {
        "batch_id": first["batch_id"],
        "user_id": first["user_id"],
        "course_id": first["collection_id"],
        "content_id": first["content_id"],
        "score_before": before and before["score"],
        "max_score_before": before and before["max_score"],
        "attempts_before": len(tried),
        "score": after and after["score"],
        "max_score": after and after["max_score"],
        "attempts": len(valid),
    }


def best(attempts: list[Row]) -> Row | None:
    """The attempt with the highest share of its own points, of equal ones the latest."""
    scored = [one for one in attempts if one["score"] is not None and (one["max_score"] or 0) > 0]
    return max(
        scored,
        key=lambda one: (
            min(Fraction(one["score"]) / Fraction(one["max_score"]), Fraction(1)),
            one["attempted_at"] or LONG_AGO,
            one["attempt_id"],
        ),
        default=None,
    )


def affected(corrections: Iterable[Row], certificates: Mapping[str, list[Row]]) -> list[Row]:
    """Every certificate of a learner whose scores change, for the person who decides."""
    by_learner: defaultdict[str, list[Row]] = defaultdict(list)
    for one in corrections:
        by_learner[one["user_id"]].append(one)
    return [
        {
            "batch_id": changed[0]["batch_id"],
            "course_id": changed[0]["course_id"],
            "user_id": user_id,
            "certificate_id": held.get("identifier") or held.get("id"),
            "certificate_name": held.get("name"),
            "contents": [one["content_id"] for one in changed],
            "lost_points": sum((one["score_before"] or 0) - (one["score"] or 0) for one in changed),
        }
        for user_id, changed in sorted(by_learner.items())
        for held in certificates.get(user_id) or []
    ]


def instructions(corrections: Iterable[Row], invalid: Iterable[Row]) -> list[Row]:
    """What Sunbird's own aggregator is told, to count a learner's assessment anew: one each."""
    newest: dict[tuple[str, str], datetime | None] = {}
    for one in invalid:
        at, key = one["attempted_at"], (one["user_id"], one["content_id"])
        newest[key] = max(filter(None, (newest.get(key), at)), default=None)
    return [
        {
            "assessmentTs": at and round(at.timestamp() * 1000),
            "batchId": one["batch_id"],
            "courseId": one["course_id"],
            "userId": one["user_id"],
            "contentId": one["content_id"],
        }
        for one in corrections
        for at in [newest[one["user_id"], one["content_id"]]]
    ]
