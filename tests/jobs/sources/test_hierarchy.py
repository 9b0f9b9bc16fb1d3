import json
from pathlib import Path

from jobs.sources.hierarchy import Kinds, outline

KINDS = Kinds(["Course"], ["Default"], ["SelfAssess"], ["QuestionSet"], ["Practice Question Set"])
UNITS_TOO = Kinds(
    ["Course", "TextBookUnit"], ["Default", "Parent"], ["SelfAssess"], ["QuestionSet"], []
)
COLLECTION = "application/vnd.ekstep.content-collection"


def leaf(identifier, **more):
    return {"identifier": identifier, "mimeType": "video/mp4", "contentType": "Resource", **more}


def nested(identifier, *children, **more):
    return {
        "identifier": identifier,
        "name": f"Module {identifier}",
        "mimeType": COLLECTION,
        "contentType": "Course",
        "visibility": "Default",
        "children": list(children),
        **more,
    }


def read(root, optional=(), kinds=KINDS):
    return outline(json.dumps(root), list(optional), kinds)


def test_contents_come_in_course_order_each_once():
    root = nested("do_1", nested("m1", leaf("b"), leaf("a")), leaf("a"), leaf("c"))

    assert read(root).leaf_nodes == ["b", "a", "c"]


def test_listed_contents_decide_and_the_tree_orders_them():
    root = nested("do_1", leaf("b"), leaf("gone"), leaf("a"), leafNodes=["a", "z", "b"])

    assert read(root).leaf_nodes == ["b", "a", "z"]


def test_optional_contents_are_not_mandatory_in_course_or_module():
    root = nested("do_1", nested("m1", leaf("a"), leaf("opt")), leaf("c"))
    found = read(root, optional=["opt"])

    assert found.leaf_nodes == ["a", "opt", "c"]
    assert found.mandatory_nodes == ["a", "c"]
    assert found.modules[0].mandatory_nodes == ["a"]


def test_only_courses_nested_at_the_first_level_are_modules():
    root = nested(
        "do_1",
        nested("m1", nested("deep", leaf("a"))),
        nested("unit", leaf("b"), contentType="CourseUnit", visibility="Parent"),
        nested("m2"),
        nested("m1", leaf("a")),
    )
    assert [module.id for module in read(root).modules] == ["m1", "m2"]


def test_children_stand_in_the_order_of_their_index():
    root = nested("do_1", leaf("second", index=2), leaf("first", index=1))

    assert read(root).leaf_nodes == ["first", "second"]


def test_assessments_are_found_at_every_depth_in_course_order():
    question_set = {
        "identifier": "qs",
        "objectType": "QuestionSet",
        "primaryCategory": "Practice Question Set",
        "mimeType": "application/vnd.sunbird.questionset",
        "name": "Quiz",
    }
    other_set = question_set | {"identifier": "other", "primaryCategory": "Exam"}
    root = nested(
        "do_1",
        nested("m1", nested("deep", question_set, other_set)),
        leaf("sa", contentType="SelfAssess"),
    )
    assert read(root).assessments == [("qs", "Quiz"), ("sa", "")]


def test_course_without_contents_is_usable_and_empty():
    found = read(nested("do_1"))

    assert found.problem is None
    assert found.leaf_nodes == []


def test_what_cannot_be_read_is_named():
    assert outline(None, [], KINDS).problem == "it has no hierarchy"
    assert outline("  ", [], KINDS).problem == "it has no hierarchy"
    assert outline('{"identifier": "do_1", "children": [', [], KINDS).problem == (
        "its hierarchy is not valid JSON"
    )
    assert outline("[1, 2]", [], KINDS).problem == "its hierarchy does not name the collection"
    assert outline("[" * 100_000, [], KINDS).problem == "its hierarchy is not valid JSON"


def test_odd_nodes_are_passed_over():
    root = nested("do_1", leaf("a"), {"name": "no id"}, "text", None, leaf("b", index="x"))
    root["children"].append({"identifier": 7})

    assert read(root).leaf_nodes == ["a", "b"]


def test_a_published_textbook_of_the_real_world_is_read_whole():
    answer = json.loads((Path(__file__).parent / "textbook_hierarchy.json").read_text("utf-8"))
    found = read(answer["result"]["content"], kinds=UNITS_TOO)

    assert found.problem is None
    assert found.name == "Urdu - 10"
    assert len(found.leaf_nodes) == 43
    assert len(found.modules) == len({module.id for module in found.modules}) > 10
    assert read(answer["result"]["content"]).modules == []
