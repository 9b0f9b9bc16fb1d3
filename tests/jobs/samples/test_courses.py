import json

import pytest

from jobs.samples.courses import COURSES, HEALTHY, LANGUAGE, Course, is_assessment, walk

DIGITS_OF_AN_ID = 21


@pytest.mark.parametrize("course", HEALTHY, ids=lambda course: course.course_id)
def test_healthy_course_counts_its_leaves_in_course_order(course: Course) -> None:
    root = json.loads(course.hierarchy or "")
    leaves = [node["identifier"] for node in walk(root) if "children" not in node]

    assert root["leafNodes"] == leaves
    assert root["leafNodesCount"] == len(leaves) == len(set(leaves))


@pytest.mark.parametrize("course", HEALTHY, ids=lambda course: course.course_id)
def test_healthy_course_has_nested_courses_plain_units_and_both_kinds_of_assessment(
    course: Course,
) -> None:
    first_level = json.loads(course.hierarchy or "")["children"]
    kinds = {(child["contentType"], child["visibility"]) for child in first_level}
    tests = {n["contentType"] or n["objectType"] for n in walk(course.tree) if is_assessment(n)}

    assert {("Course", "Default"), ("CourseUnit", "Parent")} <= kinds
    assert len(course.modules) == 2
    assert tests == {"SelfAssess", "QuestionSet"}


def test_a_course_nested_in_a_nested_course_is_no_module_of_the_first_level() -> None:
    nested = [n for n in walk(LANGUAGE.tree)[1:] if n["contentType"] == "Course"]

    assert len(nested) == 3
    assert len(LANGUAGE.modules) == 2


def test_optional_contents_are_part_of_the_course_but_not_mandatory() -> None:
    assert set(LANGUAGE.optional) <= set(LANGUAGE.leaf_nodes)
    assert not set(LANGUAGE.optional) & set(LANGUAGE.mandatory_nodes)


def test_ids_look_like_sunbirds() -> None:
    for course in COURSES:
        assert course.course_id.startswith("do_31")
        assert len(course.course_id) == len("do_") + DIGITS_OF_AN_ID
