"""Published answers of one batch: each learner's one attempt at a quiz of some questions."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.platform import COURSE, batch_id, written
from jobs.contracts.learning import CONTENTS
from jobs.contracts.responses import RESPONSES
from jobs.settings import Settings
from jobs.storage.snapshots import publish
from jobs.storage.store import open_store

QUIZ = "do_330000000000000000000"
LEARNERS_A_PART = 10_000
# One answer in so many is a text of the learner's own, which no other row holds.
OWN_TEXT = 5
TITLES = (
    "वृत्त का क्षेत्रफल क्या है?",
    "Which of these is a prime number, and why?",
    "ஒரு வட்டத்தின் பரப்பளவு",
)


def publish_answers(home: Path, *, learners: int, questions: int) -> None:
    """Publish `learners` x `questions` answers in the first batch of the platform at this home."""
    lake = home / "lake" / "clean"
    titles = pa.Table.from_pylist(
        [{"content_id": QUIZ, "content_name": "Final quiz"}], schema=CONTENTS.arrow_schema()
    )
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        publish(connection, written(lake, CONTENTS, [titles]), [])
        publish(connection, written(lake, RESPONSES, answers(learners, questions)), [])


def learner_ids(learners: int) -> list[str]:
    """The learners of the platform's first batch, in order."""
    return sorted(hashlib.sha256(f"0/{i}".encode()).hexdigest()[:36] for i in range(learners))


def answers(learners: int, questions: int) -> Iterator[pa.Table]:
    rng = np.random.default_rng(7)
    ids = learner_ids(learners)
    for first in range(0, learners, LEARNERS_A_PART):
        yield part_of(rng, ids[first : first + LEARNERS_A_PART], questions)


def part_of(rng: np.random.Generator, ids: list[str], questions: int) -> pa.Table:
    rows = len(ids) * questions
    asked = pa.array(np.tile(np.arange(questions), len(ids)))
    learner = pa.array(np.repeat(np.arange(len(ids)), questions))
    attempts = pa.array([hashlib.sha256(id.encode()).hexdigest()[:32] for id in ids])
    moments = pa.array(rng.integers(1_790_000_000, 1_795_000_000, len(ids)) * 1_000_000)

    def same(text: str) -> pa.Array:
        return pa.repeat(text, rows)

    def of_question(values: list[str]) -> pa.Array:
        return pa.array(values).take(asked)

    given = {
        "batch_id": same(batch_id(0)), "collection_id": same(COURSE), "content_id": same(QUIZ),
        "user_id": pa.array(ids).take(learner), "attempt_id": attempts.take(learner),
        "attempted_at": moments.cast(pa.timestamp("us", tz="UTC")).take(learner),
        "question_id": of_question([f"do_34{i:019}" for i in range(questions)]),
        "unnamed_number": pa.array(np.zeros(rows, dtype="int32")),
        "question_type": of_question([("mcq", "ftb", "mtf")[i % 3] for i in range(questions)]),
        "question_title": of_question([f"{TITLES[i % 3]} ({i})" for i in range(questions)]),
        "question_description": same(""),
        "question_seconds": pa.array(rng.integers(1, 300, rows)),
        "question_score": pa.array(rng.integers(0, 5, rows) / 4),
        "question_max_score": pa.array(np.ones(rows)),
        "question_options": of_question([json_of(options(i)) for i in range(questions)]),
        "question_response": responses(rng, rows, questions, asked),
    }  # fmt: skip
    schema = RESPONSES.arrow_schema()
    return pa.Table.from_arrays(
        [given[name].cast(schema.field(name).type) for name in schema.names], schema=schema
    )


def options(question: int) -> list[dict[str, str]]:
    shown = [rf"A=\pi r^{n}, {question}" for n in range(3)] + ["इनमें से कोई नहीं"]
    return [
        *({str(n): json_of({"text": text})} for n, text in enumerate(shown, 1)),
        {"answer": json_of({"correct": ["1"]})},
    ]


def responses(rng: np.random.Generator, rows: int, questions: int, asked: pa.Array) -> pa.Array:
    known = [json_of([choice]) for i in range(questions) for choice in options(i)[:4]]
    chosen = asked.to_numpy() * 4 + rng.integers(0, 4, rows)
    own = [
        json_of([{"1": f'"{number:x}", said I'}])
        for number in rng.integers(0, 1 << 60, rows // OWN_TEXT)
    ]
    at = np.where(
        np.arange(rows) % OWN_TEXT == 0, len(known) + np.arange(rows) // OWN_TEXT % len(own), chosen
    )
    return pa.array([*known, *own]).take(pa.array(at))


def json_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
