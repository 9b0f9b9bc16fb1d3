"""Who sits where in a large Sunbird: for each enrolment its batch and its learner."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from jobs.samples.arrays import Ints, uuids
from jobs.samples.batches import batch_id
from jobs.samples.courses import Course, healthy
from jobs.samples.places import NORTH

# Contents of each course, as its tree has them.
LEAVES = 14
BATCHES_PER_COURSE = 10
SPAN_DAYS = 120


@dataclass(frozen=True)
class Scale:
    """Who sits where: for each enrolment its batch and its learner, and the courses to learn."""

    rng: np.random.Generator
    as_of: datetime
    courses: list[Course]
    batch_of: Ints
    user_of: Ints
    user_ids: pa.Array
    batch_ids: pa.Array
    course_ids: pa.Array
    leaf_ids: pa.Array

    @property
    def opened(self) -> datetime:
        return self.as_of - timedelta(days=SPAN_DAYS)

    def course_of(self, batches: Ints) -> Ints:
        return batches % len(self.courses)


def seat_learners(
    rng: np.random.Generator,
    as_of: datetime,
    enrolments: int,
    batches: int,
    users: int,
    big_batch: int,
) -> Scale:
    sizes = batch_sizes(rng, enrolments, batches, users, big_batch)
    batch_of = np.repeat(np.arange(batches), sizes)
    nth = np.arange(enrolments) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # A stride without a common divisor visits a learner once before it comes back.
    stride = next(s for s in range(users // 3 + 1, 2 * users + 2) if math.gcd(s, users) == 1)
    user_of = (rng.integers(users, size=batches)[batch_of] + nth * stride) % users
    order = rng.permutation(enrolments)
    courses = [
        healthy(1000 + n, f"Course {n + 1}", NORTH.org_id)
        for n in range(max(1, batches // BATCHES_PER_COURSE))
    ]
    return Scale(
        rng=rng,
        as_of=as_of,
        courses=courses,
        batch_of=batch_of[order],
        user_of=user_of[order],
        user_ids=uuids(rng, users),
        batch_ids=pa.array([batch_id(n + 1) for n in range(batches)]),
        course_ids=pa.array([course.course_id for course in courses]),
        leaf_ids=pa.array([leaf for course in courses for leaf in course.leaf_nodes]),
    )


def batch_sizes(
    rng: np.random.Generator, enrolments: int, batches: int, users: int, big_batch: int
) -> Ints:
    if big_batch > min(enrolments, users) or (batches == 1 and big_batch != enrolments):
        raise ValueError("The big batch needs as many learners and enrolments as it is large.")
    if batches == 1:
        return np.array([big_batch])
    weights = rng.exponential(size=batches - 1) + 0.05
    others = rng.multinomial(enrolments - big_batch, weights / weights.sum())
    if others.max() > users:
        raise ValueError("There are too few users: a batch would hold one of them twice.")
    return np.concatenate([[big_batch], others])
