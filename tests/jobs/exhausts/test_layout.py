"""Which columns a file has, and in which order."""

import pytest

from jobs.errors import SettingsError
from jobs.exhausts.layout import columns_of

COURSE = {
    "collection_id": "do_1",
    "collection_name": "Teaching fractions",
    "modules": [{"id": "do_m2", "name": "Second"}, {"id": "do_m1", "name": None}],
    "assessments": [{"id": "do_q9", "name": "Quiz"}, {"id": "do_q1", "name": "Test"}],
}
BATCH = {"batch_id": "b1", "batch_name": "June"}
PARTS = ["do_m2 - Progress", "do_m1 - Progress", "do_q9 - Score", "do_q1 - Score", "Total Score"]


def headers(layout, course=COURSE):
    return [column.header for column in columns_of(layout, course, BATCH)]


def test_dashboard_has_the_states_order_then_the_parts_in_course_order():
    assert headers("dashboard") == [
        "External ID", "User ID", "User Name", "Email ID", "Mobile Number", "Organization Name",
        "District Name", "School Name", "Block Name", "Enrollment Date", "Course Progress",
        "Completion Date", *PARTS,
    ]  # fmt: skip


def test_collection_has_sunbirds_order_then_the_parts_in_course_order():
    assert headers("collection") == [
        "Collection Id", "Collection Name", "Batch Id", "Batch Name", "User UUID", "State",
        "District", "Org Name", "School Id", "School Name", "Block Name", "Cluster Name",
        "User Type", "User Sub Type", "Declared Board", "Enrolment Date", "Completion Date",
        "Certificate Status", "Progress", *PARTS,
    ]  # fmt: skip


def test_a_course_without_parts_has_the_total_score_alone():
    bare = {"collection_id": "do_1", "modules": None, "assessments": []}
    assert headers("dashboard", bare)[12:] == ["Total Score"]


def test_a_part_that_stands_twice_has_one_column():
    twice = {**COURSE, "assessments": [*COURSE["assessments"], {"id": "do_q9", "name": "Again"}]}
    assert headers("dashboard", twice)[12:] == PARTS


@pytest.mark.parametrize("layout", ["dashboard", "collection"])
def test_every_column_says_what_it_means(layout):
    assert all(column.meaning.endswith(".") for column in columns_of(layout, COURSE, BATCH))


def test_a_part_is_explained_by_its_name_or_else_its_id():
    columns = {column.header: column for column in columns_of("dashboard", COURSE, BATCH)}
    told = {header: one.meaning % {"part": one.part} for header, one in columns.items() if one.part}
    assert "“Second”" in told["do_m2 - Progress"]
    assert "do_m1" in told["do_m1 - Progress"]
    assert "“Quiz”" in told["do_q9 - Score"]


def test_an_unknown_layout_is_refused():
    with pytest.raises(SettingsError, match="none of: dashboard, collection"):
        columns_of("pivot", COURSE, BATCH)
