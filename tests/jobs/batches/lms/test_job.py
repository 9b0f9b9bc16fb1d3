"""Duties towards the LMS: tried until the target said yes, against servers that misbehave."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from jobs.batches.lms.job import configured, tell_lms
from jobs.storage import batch_status as table

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
STATUSES = {"b0": 2, "b1": 1, "b2": 0}


@pytest.fixture
def tell(make_settings, store):
    """tell(statuses, now=..., **settings) -> {target: Told}; open duties for all statuses given."""

    def run(statuses=None, *, now=NOW, **given):
        settings = make_settings(**{"lms_timeout_seconds": 0.2, **given})
        with psycopg.connect(store.url) as connection:
            connection.execute(
                "CREATE TEMPORARY TABLE moved AS"
                " SELECT batch_status.*, 0 AS from_status, 'started' AS reason"
                " FROM operations.batch_status WHERE false"
            )
            for batch, status in (statuses or {}).items():
                connection.execute(
                    "INSERT INTO moved (batch_id, course_id, status, fingerprint, reason)"
                    " VALUES (%s, %s, %s, 1, 'started')",
                    [batch, f"do_{batch}", status],
                )
            table.write_moves(connection, at=now, now=now)
            table.oblige(connection, configured(settings), now=now)
        return tell_lms(settings, store, now=now)

    return run


@pytest.fixture
def open_duties(ask):
    """What is still open, by target."""
    return lambda: dict(
        ask("SELECT target, count(*) FROM operations.batch_status_publication GROUP BY target")
    )


@pytest.mark.parametrize("behaviour", ["503", "429", "hangs", "drips", b"<html>"])
def test_target_that_failed_is_told_in_the_next_run_although_nothing_changed_since(
    tell, open_duties, search, behaviour
):
    search.behaviour = behaviour
    assert vars(tell(STATUSES, search_url=search.url)["search"]) == {
        "done": 0, "refused": 0, "failed": 3,
    }  # fmt: skip
    assert open_duties() == {"search": 3}

    search.behaviour = "takes"
    tell(now=LATER, search_url=search.url)

    assert open_duties() == {}
    assert search.taken == STATUSES


def test_target_that_is_not_there_keeps_its_duties(tell, open_duties):
    told = tell(STATUSES, search_url="http://127.0.0.1:9", content_url="http://127.0.0.1:9")

    assert {target: one.failed for target, one in told.items()} == {"search": 3, "course": 3}
    assert open_duties() == {"search": 3, "course": 3}


def test_duty_is_not_tried_before_its_time(tell, search):
    search.behaviour = "503"
    tell(STATUSES, search_url=search.url)
    tell(now=NOW + timedelta(seconds=59), search_url=search.url)

    assert len(search.requests) == 1


def test_answer_that_comes_too_late_or_twice_leaves_the_target_right(tell, open_duties, search):
    search.next_answers.extend(["late", "twice"])
    first = tell(STATUSES, search_url=search.url)
    second = tell(now=LATER, search_url=search.url)

    assert (first["search"].failed, second["search"].done) == (3, 3)
    assert open_duties() == {}
    assert search.taken == STATUSES
    assert len(search.requests) == 2


def test_refused_batch_stays_open_alone_and_is_asked_again_in_the_next_run(tell, ask, search):
    search.refused_ids = {"b1"}

    told = tell(STATUSES, search_url=search.url)

    assert vars(told["search"]) == {"done": 2, "refused": 1, "failed": 0}
    assert ask(
        "SELECT subject_id, attempts, next_attempt_at, last_answer"
        " FROM operations.batch_status_publication"
    ) == [("b1", 1, NOW + timedelta(minutes=25), "HTTP 404")]


def test_change_meanwhile_keeps_a_duty_open_that_the_target_has_just_taken(
    store, tell, search, ask
):
    search.behaviour = "503"
    tell(STATUSES, search_url=search.url)
    tell({"b0": 1}, search_url=search.url)

    with store.transaction() as connection:
        table.settle(connection, "search", [("b0", 1)])

    assert ("b0", 2) in ask("SELECT subject_id, revision FROM operations.batch_status_publication")


def test_target_that_keeps_failing_is_left_alone_until_the_next_run(tell, open_duties, content):
    content.behaviour = "500"

    tell({f"b{n}": 1 for n in range(60)}, content_url=content.url, lms_parallel=2)

    assert len(content.requests) <= 4
    assert open_duties() == {"course": 60}


def test_no_more_requests_at_a_time_than_allowed_and_every_course_is_told(
    tell, open_duties, content
):
    many = {f"b{n}": 1 for n in range(100)}

    tell(many, content_url=content.url, lms_parallel=3, lms_timeout_seconds=10)

    assert open_duties() == {}
    assert len(content.taken) == 100
    assert 1 <= content.most_open <= 3


def test_course_without_an_open_batch_is_told_null(tell, content):
    tell({"b0": 2}, content_url=content.url)

    assert content.taken == {"/system/v3/content/update/do_b0": None}


def test_batch_table_over_sql_is_updated_and_never_gets_a_row(tell, store, ask, open_duties):
    with psycopg.connect(store.url) as connection:
        connection.execute(
            "CREATE TABLE public.lms_batch (courseid text, batchid text, status integer)"
        )
        connection.execute("INSERT INTO public.lms_batch VALUES ('do_b0', 'b0', 1)")
    settings = {"lms_jdbc_url": f"jdbc:{store.url}", "lms_batch_table": "public.lms_batch"}

    tell({"b0": 2, "b1": 1}, **settings, lms_timeout_seconds=10)

    assert ask("SELECT batchid, status FROM public.lms_batch") == [("b0", 2)]
    assert open_duties() == {"batch_table": 1}


def test_batch_table_that_is_missing_is_a_refusal_and_one_that_is_away_a_failure(tell, store):
    gone = tell(STATUSES, lms_jdbc_url=store.url, lms_batch_table="nowhere", lms_timeout_seconds=10)
    away = tell(now=LATER, lms_jdbc_url="postgresql://127.0.0.1:9/x", lms_timeout_seconds=2)

    assert gone["batch_table"].refused == 3
    assert away["batch_table"].failed == 3
