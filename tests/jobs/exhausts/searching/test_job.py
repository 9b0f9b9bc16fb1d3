"""Requests that search: all batches of the courses found, as far as the requester may have them."""

import json

import pytest

from jobs.errors import RequestError, UnavailableError
from tests.jobs.exhausts.small_platform import (
    BreaksFor,
    batch,
    course,
    learner,
    person,
    user_ids,
)


def search(platform, by="asha", **filters):
    body = {"request": {"filters": filters}}
    return platform.ask(by=by, search_filter=body)


def test_a_search_is_answered_with_every_batch_of_the_courses_found(platform):
    request_id = search(platform, identifier=["do_1"], status=["Live"])
    assert platform.answer() == {"cut": 1, "answered": 1}
    facts = platform.facts(request_id)
    assert [made["batch_id"] for made in facts["batches"]] == ["b-empty", "b1", "b2"]
    assert facts["withheld_batches"] == 0
    assert user_ids(platform.csv(request_id, 1)) == ["u1", "u2", "u3"]


def test_a_hundred_and_fifty_courses_are_all_found(make_platform):
    # One file tells as much as all of them: the rest is put off.
    platform = make_platform(batches_per_request=200, batches_per_channel=1)
    platform.hold(
        progress=[learner("u1", f"b{n:03}", collection_id=f"do_{n}") for n in range(150)],
        batches=[batch(f"b{n:03}", f"do_{n}") for n in range(150)],
        courses=[course(f"do_{n}") for n in range(150)],
        people=[person("asha")],
    )
    request_id = search(platform, channel="up")
    platform.claim()
    assert platform.cut() == {"deferred": 1}
    found, made = platform.request(request_id)["processed_batches"]
    assert found["found"] == [f"b{n:03}" for n in range(150)]
    assert made["batchId"] == "b000"


def test_batches_of_others_are_counted_and_left_out(platform):
    platform.hold(
        progress=[learner("u1")],
        batches=[
            batch("b1"),
            batch("b2", created_by="x", mentors=[]),
            batch("b3", mentors=["asha"]),
        ],
        courses=[course("do_1")],
        people=[person("asha"), person("stranger")],
    )
    mine, strangers = (
        search(platform, name="teaching fractions"),
        search(platform, by="stranger", name="teaching fractions"),
    )
    platform.answer()
    facts = platform.facts(mine)
    assert [made["batch_id"] for made in facts["batches"]] == ["b1", "b3"]
    assert facts["withheld_batches"] == 1
    assert "finds 3 batches, and you are neither" in platform.failure(strangers)


def test_retired_courses_that_a_search_finds_are_named(platform):
    request_id = search(platform, identifier=["do_1", "do_r"])
    platform.answer()
    assert platform.facts(request_id)["retired_batches"] == ["b-retired"]


def test_a_search_that_finds_more_than_the_limit_is_refused_with_both_numbers(
    make_platform, platform
):
    platform.settings = make_platform(batches_per_request=2).settings
    request_id = search(platform, identifier="do_1")
    platform.answer()
    assert "finds 3 batches that you may have, and one request may hold 2" in platform.failure(
        request_id
    )


def test_a_filter_that_is_not_known_is_refused_by_its_name(platform):
    with pytest.raises(RequestError, match="contentType"):
        search(platform, contentType="Course")
    # As a portal's row, it is answered with the same sentence.
    request_id = search(platform, identifier="do_1")
    platform.change(
        "UPDATE job_request SET request_data = %s",
        json.dumps({"searchFilter": {"request": {"filters": {"contentType": "Course"}}}}),
    )
    platform.answer()
    assert "contentType" in platform.failure(request_id)


def test_what_was_found_stays_the_same_after_a_crash_and_is_not_made_again(platform):
    request_id = search(platform, identifier="do_1")
    platform.claim()
    with pytest.raises(UnavailableError):
        platform.cut(objects=BreaksFor(platform.objects, "b2", UnavailableError("down")))
    platform.hold(
        progress=[learner("v1", "b2")],
        batches=[batch("b1"), batch("b2"), batch("b-empty"), batch("b-newer")],
        courses=[course("do_1")],
        people=[person("asha")],
    )
    untouchable = BreaksFor(platform.objects, "b1", AssertionError("made again"))
    platform.claim()
    assert platform.cut(objects=untouchable) == {"cut": 1}
    assert platform.check() == {"answered": 1}
    made = platform.facts(request_id)["batches"]
    assert [one["batch_id"] for one in made] == ["b-empty", "b1", "b2"]


def test_the_same_search_twice_is_one_request_and_another_one_another(platform):
    assert search(platform, identifier="do_1") == search(platform, identifier="do_1")
    assert search(platform, identifier="do_1") != search(platform, identifier="do_r")
