from datetime import UTC, datetime, timedelta

import pytest

from jobs.errors import RequestError
from jobs.refresh.plan import READS, TABLES, due_tables, wanted_tables

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FAST, SLOW = timedelta(minutes=25), timedelta(minutes=55)


def due(ages, wanted=None):
    published = {name: NOW - timedelta(minutes=age) for name, age in ages.items()}
    return due_tables(list(wanted or READS), published, now=NOW, fast=FAST, slow=SLOW)


def test_tables_are_made_in_the_order_that_they_read_each_other():
    assert wanted_tables(["progress", "learners"]) == ["learners", "progress"]
    assert wanted_tables([]) == list(READS)
    assert set(READS) == set(TABLES)
    made = list(READS)
    assert all(
        made.index(read) < made.index(name) for name in made for read in READS[name] if read in made
    )


def test_table_that_is_not_there_is_refused_by_name():
    with pytest.raises(RequestError, match="no table enrollments"):
        wanted_tables(["enrollments"])


def test_table_never_published_is_due():
    assert due({}) == list(READS)


def test_users_and_content_wait_longer_than_the_rest():
    ages = dict.fromkeys(READS, 30)
    assert due(ages) == [
        "batches", "enrolments", "activity", "attempts", "consents", "progress", "responses",
    ]  # fmt: skip
    assert due(dict.fromkeys(READS, 60)) == list(READS)


def test_what_is_made_of_a_due_table_is_due_too():
    ages = dict.fromkeys(READS, 1) | {"learners": 56}
    assert due(ages) == ["learners", "progress"]


def test_nothing_is_due_when_all_is_fresh():
    assert due(dict.fromkeys(READS, 24)) == []
