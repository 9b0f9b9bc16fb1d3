"""What a request asks for and which states it goes through."""

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jobs.errors import RequestError
from jobs.exhausts import requests
from jobs.exhausts.requests import (
    FAILED,
    PROCESSING,
    SUBMITTED,
    SUCCESS,
    State,
    batches_asked,
    request_id_of,
    tag_of,
)

TRIES = 3


class Life(RuleBasedStateMachine):
    """A request under any order of what can happen to it."""

    def __init__(self):
        super().__init__()
        self.state = State(SUBMITTED)

    @rule()
    def asked_again(self):
        before = self.state
        self.state = requests.asked_again(before)
        assert (self.state == before) == (before.status != FAILED)

    @rule()
    def portal_submits_again_and_keeps_the_count(self):
        if self.state.status == FAILED:
            self.state = State(SUBMITTED, self.state.iteration)

    @precondition(lambda self: self.state.status in (SUBMITTED, PROCESSING))
    @rule()
    def is_claimed(self):
        # Whatever was submitted can always be taken: nothing waits for ever.
        self.state = requests.claimed(self.state, tries=TRIES)
        assert self.state.status == PROCESSING
        assert self.state.iteration < TRIES

    @precondition(lambda self: self.state.status == PROCESSING)
    @rule(end=st.sampled_from(["answered", "refused", "broken"]))
    def ends(self, end):
        before = self.state
        if end == "answered":
            self.state = requests.answered(before)
            assert self.state == State(SUCCESS, before.iteration)
        elif end == "refused":
            self.state = requests.refused(before)
            assert self.state == State(FAILED, before.iteration + 1)
        else:
            self.state = requests.broken(before, tries=TRIES)
            assert self.state.iteration == before.iteration + 1
            assert (self.state.status == FAILED) == (self.state.iteration >= TRIES)

    @precondition(lambda self: self.state.status in (SUCCESS, FAILED))
    @rule()
    def what_has_ended_is_not_claimed(self):
        with pytest.raises(ValueError, match="cannot be taken on"):
            requests.claimed(self.state, tries=TRIES)

    @invariant()
    def tries_are_bounded(self):
        assert 0 <= self.state.iteration <= TRIES


TestLife = Life.TestCase


def test_a_request_whose_tries_are_spent_starts_afresh_when_asked_again():
    assert requests.claimed(State(SUBMITTED, 3), tries=3) == State(PROCESSING, 0)
    assert requests.claimed(State(SUBMITTED, 2), tries=3) == State(PROCESSING, 2)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"batchId": "b1"}, ["b1"]),
        ({"batchFilter": ["b1", "b2", "b1"]}, ["b1", "b2"]),
        ({"batchId": "b2", "batchFilter": ["b1", "b2"]}, ["b2", "b1"]),
        ('{"batchId": " b1 "}', ["b1"]),
        ({"batchId": "b1", "searchFilter": None}, ["b1"]),
    ],
)
def test_a_request_names_its_batches_once_each(body, expected):
    assert batches_asked(body, limit=20) == expected


@pytest.mark.parametrize("body", [{}, {"batchFilter": []}, {"searchFilter": {"a": 1}}])
def test_a_request_without_a_batch_is_told_so(body):
    with pytest.raises(RequestError, match="names no batch"):
        batches_asked(body, limit=20)


@pytest.mark.parametrize("body", [None, "no JSON", "[1]", [], 7])
def test_a_request_that_is_no_object_is_told_so(body):
    with pytest.raises(RequestError, match="not a JSON object"):
        batches_asked(body, limit=20)


@pytest.mark.parametrize(
    "body", [{"batchId": 7}, {"batchFilter": "b1"}, {"batchFilter": ["b1", None]}]
)
def test_batches_that_are_no_texts_are_told_so(body):
    with pytest.raises(RequestError, match="cannot be read"):
        batches_asked(body, limit=20)


def test_too_many_batches_are_refused_and_duplicates_do_not_count():
    twenty = [f"b{number}" for number in range(20)]
    assert batches_asked({"batchFilter": twenty * 2}, limit=20) == twenty
    with pytest.raises(RequestError, match="names 21 batches, and one request may name 20"):
        batches_asked({"batchFilter": [*twenty, "b20"]}, limit=20)


def test_an_unknown_kind_is_told_the_known_ones():
    with pytest.raises(RequestError, match=r"'cost-exhaust'.*progress-exhaust"):
        requests.refuse_unknown_kind("cost-exhaust")
    requests.refuse_unknown_kind("progress-exhaust")


def test_the_id_is_the_one_that_sunbirds_portal_computes():
    # MD5 of "progress-exhaust|t|asha|up|2026-11-21", by another program.
    assert (
        request_id_of("progress-exhaust", "t", "asha", "up", date(2026, 11, 21))
        == "C5BFD9D1B35A4B74182E8CDAFC5175B8"
    )


def test_tags_tell_batches_apart():
    assert tag_of(["b1"]) == "b1"
    assert tag_of(["b2", "b1"]) == tag_of(["b1", "b2"]) != tag_of(["b1", "b3"])
    assert requests.stored_tag("t", "up") == "t:up"
    assert requests.stored_tag("t", None) == "t"
