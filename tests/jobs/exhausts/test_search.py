"""What a search means, and which one is refused."""

import pytest

from jobs.errors import RequestError
from jobs.exhausts.search import filters_of, finds, refuse_empty

COURSE = {
    "collection_id": "do_1",
    "collection_name": "Fractions",
    "channel": "up",
    "status": "Live",
}


def asked(**filters):
    return {"searchFilter": {"request": {"filters": filters, "fields": ["name"], "sort_by": {}}}}


def test_a_request_that_names_batches_is_no_search():
    assert filters_of({"batchId": "b1"}) is None
    assert filters_of('{"batchFilter": ["b1"], "searchFilter": {}}') is None


def test_sunbirds_shape_and_the_bare_one_mean_the_same():
    assert filters_of(asked(identifier="do_1")) == {"identifier": ["do_1"]}
    assert filters_of({"searchFilter": {"filters": {"identifier": [" do_1 "]}}}) == {
        "identifier": ["do_1"]
    }


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ({"identifier": ["do_0", "do_1"]}, True),
        ({"identifier": ["do_1"], "status": ["Draft"]}, False),
        ({"name": ["FRACTIONS "]}, True),
        ({"name": ["Fraction"]}, False),
        ({"channel": ["up"], "status": ["Live", "Unlisted"]}, True),
        ({"channel": ["UP"]}, False),
    ],
)
def test_every_filter_must_hold_with_any_of_its_values(filters, is_found):
    assert finds(filters, COURSE) is is_found


def test_a_course_without_the_field_is_not_found_by_it():
    assert not finds({"name": ["x"]}, {"collection_id": "do_1", "collection_name": None})


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (asked(primaryCategory=["Course"], status=["Live"]), "primaryCategory"),
        ({"searchFilter": {"request": {"filters": {"status": "Live"}, "limit": 10}}}, "limit"),
        ({"searchFilter": {"request": {"filters": {"status": "Live"}, "query": "x"}}}, "query"),
        (asked(status=[1]), "status"),
        (asked(status=[]), "status"),
        ({"searchFilter": {"request": {"filters": {}}}}, "searchFilter"),
        ({"searchFilter": ["x"]}, "searchFilter"),
        ({"searchFilter": {"request": []}}, "searchFilter"),
        (asked(status="Live") | {"batchId": "b1"}, "one of both"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_its_name(body, named):
    with pytest.raises(RequestError, match=named):
        filters_of(body)


def test_what_a_search_leaves_must_be_something_and_not_too_much():
    refuse_empty(3, 0, limit=3)
    with pytest.raises(RequestError, match=r"finds 4 batches that you may have.* may hold 3"):
        refuse_empty(4, 9, limit=3)
    with pytest.raises(RequestError, match="finds 9 batches, and you are neither"):
        refuse_empty(0, 9, limit=3)
    with pytest.raises(RequestError, match="finds no batch"):
        refuse_empty(0, 0, limit=3)
