"""What targets are told, and what their answers mean."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.batches.publishing import (
    Outcome,
    course_body,
    course_outcome,
    course_path,
    next_attempt,
    outcome_of,
    search_body,
    search_outcomes,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FAILED, REFUSED = Outcome(False, False, ""), Outcome(False, True, "")
BATCH = {
    "batch_id": "b1", "batch_name": "One", "status": 1, "start_on": date(2026, 11, 1),
    "end_on": None, "enrolment_end_on": None, "enrolment_type": "open", "created_for": ["org"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "is_done", "is_refused"),
    [
        (200, True, False), (204, True, False), (301, False, True), (400, False, True),
        (404, False, True), (408, False, False), (429, False, False), (500, False, False),
        (503, False, False), (None, False, False),
    ],
)  # fmt: skip
def test_refusal_is_told_from_a_failure_that_may_pass(status, is_done, is_refused):
    outcome = outcome_of(status, "no answer")

    assert (outcome.is_done, outcome.is_refused) == (is_done, is_refused)


def test_first_tries_fall_into_the_next_run_and_later_ones_back_off_to_a_limit():
    waits = [next_attempt(FAILED, attempts=n, now=NOW) - NOW for n in (1, 2, 3, 50)]
    refused = [next_attempt(REFUSED, attempts=n, now=NOW) - NOW for n in (1, 2, 50)]

    assert waits == [timedelta(minutes=m) for m in (1, 2, 4, 360)]
    assert refused == [timedelta(minutes=m) for m in (25, 50, 24 * 60)]


def test_search_is_told_the_status_alone_two_lines_a_batch():
    lines = search_body([("b1", 0), ("b2", 2)], index="course-batch").decode().splitlines()

    assert [json.loads(line) for line in lines] == [
        {"update": {"_index": "course-batch", "_id": "b1"}},
        {"doc": {"status": 0}},
        {"update": {"_index": "course-batch", "_id": "b2"}},
        {"doc": {"status": 2}},
    ]


def test_bulk_answer_counts_batch_by_batch():
    items = [{"update": {"_id": "b1", "status": 200}}, {"update": {"_id": "b2", "status": 404}}]
    body = json.dumps({"items": [*items, {"update": {"_id": "b3", "status": 429}}]}).encode()

    found = search_outcomes(["b1", "b2", "b3", "b4"], status=200, body=body, said="")

    assert [found[b].is_done for b in ("b1", "b2", "b3", "b4")] == [True, False, False, False]
    assert [found[b].is_refused for b in ("b1", "b2", "b3", "b4")] == [False, True, False, False]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"items": [1]}', b'{"items": null}'])
def test_bulk_answer_that_cannot_be_read_is_no_yes(body):
    assert not search_outcomes(["b1"], status=200, body=body, said="")["b1"].is_done


def test_course_is_told_its_open_batches_with_every_field_and_null_where_none_is_left():
    told = json.loads(course_body([BATCH]))["request"]["content"]["batches"]

    assert told == [
        {
            "batchId": "b1", "name": "One", "status": 1, "startDate": "2026-11-01",
            "endDate": None, "enrollmentEndDate": None, "enrollmentType": "open",
            "createdFor": ["org"],
        }
    ]  # fmt: skip
    assert json.loads(course_body([])) == {"request": {"content": {"batches": None}}}
    assert course_path("do_1/../x") == "/system/v3/content/update/do_1%2F..%2Fx"


@pytest.mark.parametrize(
    ("body", "is_done", "is_refused"),
    [
        (b'{"responseCode": "OK"}', True, False),
        (b"", True, False),
        (b'{"responseCode": "CLIENT_ERROR"}', False, True),
        (b'{"responseCode": "SERVER_ERROR"}', False, False),
        (b"<html>", False, False),
    ],
)
def test_course_service_can_say_no_with_http_200(body, is_done, is_refused):
    outcome = course_outcome(status=200, body=body, said="")

    assert (outcome.is_done, outcome.is_refused) == (is_done, is_refused)
