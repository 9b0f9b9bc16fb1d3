"""Attempts at assessments: several a learner, with decimals, and their answers as the app sends."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

Row = dict[str, Any]
POINTS = (10.0, 25.0, 7.5, 20.0)


@dataclass(frozen=True)
class Attempt:
    """One attempt; a score of None is held by the grand total only."""

    content_id: str
    attempt_id: str
    attempted_at: datetime
    score: float | None
    max_score: float | None
    grand_total: str | None


def take_attempts(
    rng: np.random.Generator,
    assessments: list[str],
    content_status: dict[str, int],
    enrolled_at: datetime,
) -> list[Attempt]:
    """Attempts at what the learner has opened, in the order of time."""
    taken: list[Attempt] = []
    for content in (found for found in assessments if found in content_status):
        # The points of an assessment never change: they follow from its id.
        points = POINTS[int(content[3:]) % len(POINTS)]
        for number in range(int(rng.integers(1, 4))):
            score = round(float(rng.beta(4, 2)) * points * 4) / 4
            taken.append(
                Attempt(
                    content,
                    rng.bytes(16).hex(),
                    enrolled_at + timedelta(hours=len(taken) + 1, minutes=13 * number),
                    score,
                    points,
                    f"{score:g}/{points:g}",
                )
            )
    return taken


def attempt(user_id: str, content: str, at: datetime, score: float, points: float) -> Attempt:
    """An attempt with an id of its own that is the same in every small Sunbird."""
    key = f"{user_id}|{content}|{at:%H%M%S}|{score}"
    attempt_id = uuid.uuid5(uuid.NAMESPACE_OID, key).hex
    return Attempt(content, attempt_id, at, score, points, f"{score:g}/{points:g}")


def attempt_row(user_id: str, course_id: str, batch_id: str, attempt: Attempt) -> Row:
    return {
        "user_id": user_id,
        "course_id": course_id,
        "batch_id": batch_id,
        "content_id": attempt.content_id,
        "attempt_id": attempt.attempt_id,
        "last_attempted_on": attempt.attempted_at,
        "created_on": attempt.attempted_at,
        "updated_on": attempt.attempted_at + timedelta(seconds=2),
        "total_score": attempt.score,
        "total_max_score": attempt.max_score,
        "grand_total": attempt.grand_total,
        "question": questions(attempt),
    }


def questions(attempt: Attempt) -> str:
    """Two answers, with the backslashes and quotes that formulas and languages bring."""
    half = (attempt.max_score or 2) / 2
    won = min(attempt.score or 0, half)
    asked = [
        ("mcq", "वृत्त का क्षेत्रफल क्या है?", r"A=\pi r^2", won),
        ("ftb", 'Fill in: "to ___ or not"', "be", (attempt.score or 0) - won),
    ]
    return json.dumps(
        [
            {
                "id": f"do_3188{number:015}",
                "assess_ts": int(attempt.attempted_at.timestamp() * 1000),
                "max_score": half,
                "score": score,
                "type": kind,
                "title": title,
                "resvalues": [{"1": json.dumps({"text": answer})}],
                "params": [{"1": json.dumps({"text": answer})}, {"answer": '{"correct":["1"]}'}],
                "description": "",
                "duration": 12.4 + number,
            }
            for number, (kind, title, answer, score) in enumerate(asked)
        ],
        ensure_ascii=False,
    )
