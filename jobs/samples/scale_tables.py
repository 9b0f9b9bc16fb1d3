"""The long tables of a large Sunbird, a range of rows at a time."""

from datetime import timedelta
from functools import lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa

from jobs.samples.arrays import first_of_each, hex_ids, instants, maps, pick
from jobs.samples.attempts import Attempt, questions
from jobs.samples.names import SCRIPTS
from jobs.samples.people import CIPHER_POOL
from jobs.samples.places import NORTH, schools
from jobs.samples.scale_seats import LEAVES, SPAN_DAYS, Scale
from jobs.sources.cipher import encrypt

Columns = dict[str, pa.Array]
SCALE_KEY, SCALE_SALT = "KeyOfLargeLakes!", "salt-of-large-lakes"
SPAN_SECONDS = SPAN_DAYS * 86_400
FIRST_NAMES = list(chain.from_iterable(firsts for firsts, _ in SCRIPTS.values()))
LAST_NAMES = list(chain.from_iterable(lasts for _, lasts in SCRIPTS.values()))


def enrolments(scale: Scale, start: int, stop: int) -> Columns:
    rng, rows = scale.rng, stop - start
    batch = scale.batch_of[start:stop]
    course = scale.course_of(batch)
    is_begun = rng.random(rows) < 0.85
    is_completed = is_begun & (rng.random(rows) < 0.3)
    opened = np.where(is_begun, rng.integers(7, LEAVES, size=rows), 0)
    opened[is_completed] = LEAVES
    leaf = first_of_each(course * LEAVES, opened)
    status = np.full(len(leaf), 2, dtype=np.int32)
    # The content opened last is still in progress, unless the course is completed.
    is_open = is_begun & ~is_completed
    status[np.cumsum(opened)[is_open] - 1] = 1
    enrolled = rng.integers(SPAN_SECONDS // 2, size=rows)
    completed = enrolled + rng.integers(SPAN_SECONDS // 2, size=rows)
    return {
        "userid": scale.user_ids.take(pa.array(scale.user_of[start:stop])),
        "courseid": scale.course_ids.take(pa.array(course)),
        "batchid": scale.batch_ids.take(pa.array(batch)),
        "active": pa.array(rng.random(rows) < 0.97),
        "enrolled_date": instants(scale.opened, enrolled),
        "completedon": instants(scale.opened, completed, ~is_completed),
        "status": pa.array(np.where(is_completed, 2, np.where(is_begun, 1, 0))),
        "progress": pa.array(opened),
        "completionpercentage": pa.array(100 * opened // LEAVES),
        "contentstatus": maps(opened, scale.leaf_ids.take(pa.array(leaf)), pa.array(status)),
        "datetime": instants(scale.opened, completed),
    }


def users(scale: Scale, start: int, stop: int) -> Columns:
    rng, rows = scale.rng, stop - start
    emails, phones = address_pool()
    school = rng.integers(len(schools()), size=rows)

    def of_school(part: str) -> pa.Array:
        return pa.array([getattr(s, part) for s in schools()]).take(pa.array(school))

    return {
        "userid": scale.user_ids.slice(start, rows),
        "firstname": pick(rng, FIRST_NAMES, rows),
        "lastname": pick(rng, LAST_NAMES, rows),
        "email": pick(rng, emails, rows),
        "phone": pick(rng, phones, rows),
        "rootorgid": constant(NORTH.org_id, rows),
        "orgname": constant(NORTH.name, rows),
        "channel": constant(NORTH.channel, rows),
        "state": of_school("state"),
        "district": of_school("district"),
        "block": of_school("block"),
        "cluster": of_school("cluster"),
        "schoolname": of_school("name"),
        "schooludisecode": of_school("udise_code"),
        "board": constant('["CBSE"]', rows),
        "usertype": constant("teacher", rows),
        "status": pa.array(np.ones(rows, dtype=np.int32)),
    }


def external_identities(scale: Scale, start: int, stop: int) -> Columns:
    numbers = pa.array(np.arange(start, stop)).cast(pa.string())
    return {
        "userid": scale.user_ids.slice(start, stop - start),
        "externalid": numbers,
        "originalexternalid": numbers,
        "provider": constant(NORTH.channel, stop - start),
        "idtype": constant(NORTH.channel, stop - start),
    }


def attempts(scale: Scale, start: int, stop: int) -> Columns:
    rng, rows = scale.rng, stop - start
    seat = rng.integers(len(scale.batch_of), size=rows)
    course = scale.course_of(scale.batch_of[seat])
    score = rng.integers(81, size=rows) / 4
    at = instants(scale.opened, rng.integers(SPAN_SECONDS, size=rows))
    return {
        "user_id": scale.user_ids.take(pa.array(scale.user_of[seat])),
        "course_id": scale.course_ids.take(pa.array(course)),
        "batch_id": scale.batch_ids.take(pa.array(scale.batch_of[seat])),
        "content_id": assessment_ids(scale).take(pa.array(course * 2 + rng.integers(2, size=rows))),
        "attempt_id": hex_ids(rng, rows),
        "last_attempted_on": at,
        "created_on": at,
        "updated_on": at,
        "total_score": pa.array(score),
        "total_max_score": pa.array(np.full(rows, 20.0)),
        "question": pick(rng, question_pool(scale), rows),
    }


def activity(scale: Scale, start: int, stop: int) -> Columns:
    """Rounds over the enrolments: first for the course, then for each collection nested in it."""
    rng, rows = scale.rng, stop - start
    number = np.arange(start, stop)
    seat, kind = number % len(scale.batch_of), np.minimum(number // len(scale.batch_of), 2)
    batch = scale.batch_of[seat]
    course = scale.course_of(batch)
    is_course = kind == 0
    entries = np.where(is_course, 4, 1)
    key = first_of_each(course * 4, entries)
    value = np.zeros(len(key))
    firsts = np.cumsum(entries) - entries
    completed = np.where(is_course, rng.integers(LEAVES + 1, size=rows), rng.integers(5, size=rows))
    value[firsts] = completed
    scored = firsts[is_course]
    value[scored + 1] = rng.integers(81, size=len(scored)) / 4
    value[scored + 2] = 20.0
    value[scored + 3] = 1.0
    keys = aggregate_keys(scale).take(pa.array(key))
    written = instants(scale.opened, rng.integers(SPAN_SECONDS, size=len(key)))
    ones = np.ones(rows, dtype=np.int64)
    return {
        "activity_type": constant("Course", rows),
        "activity_id": collection_ids(scale).take(pa.array(course * 3 + kind)),
        "user_id": scale.user_ids.take(pa.array(scale.user_of[seat])),
        "context_id": pa.array([f"cb:{b.as_py()}" for b in scale.batch_ids]).take(pa.array(batch)),
        "agg": maps(ones, constant("completedCount", rows), pa.array(completed, pa.int32())),
        "aggregates": maps(entries, keys, pa.array(value)),
        "agg_last_updated": maps(entries, keys, written),
    }


def constant(text: str, rows: int) -> pa.Array:
    return pa.repeat(text, rows)


@lru_cache(maxsize=1)
def address_pool() -> tuple[list[str], list[str]]:
    return (
        [seal(f"learner{i:05}@mail.example") for i in range(CIPHER_POOL)],
        [seal(f"5{i:09}") for i in range(CIPHER_POOL)],
    )


def seal(text: str) -> str:
    return encrypt(text, key=SCALE_KEY, salt=SCALE_SALT)


def assessment_ids(scale: Scale) -> pa.Array:
    return pa.array([content for course in scale.courses for content in course.assessments])


def collection_ids(scale: Scale) -> pa.Array:
    return pa.array([i for course in scale.courses for i in (course.course_id, *course.modules)])


def aggregate_keys(scale: Scale) -> pa.Array:
    return pa.array(
        [
            key
            for course in scale.courses
            for first in course.assessments[:1]
            for key in (
                "completedCount",
                f"score:{first}",
                f"max_score:{first}",
                f"attempts_count:{first}",
            )
        ]
    )


def question_pool(scale: Scale) -> list[str]:
    content = scale.courses[0].assessments[0]
    return [
        questions(Attempt(content, "", scale.opened + timedelta(hours=n), n / 4, 20.0, None))
        for n in range(81)
    ]
