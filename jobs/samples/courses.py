"""The courses of the small Sunbird: trees of units, nested courses, contents and assessments."""

import json
from dataclasses import dataclass
from typing import Any

from jobs.samples.places import NAMED, NORTH, SOUTH

COLLECTION_MIME = "application/vnd.ekstep.content-collection"
Node = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """A course; `hierarchy` is the text in the hierarchy table, None where there is no row."""

    course_id: str
    name: str
    channel: str
    status: str
    tree: Node
    hierarchy: str | None
    optional: tuple[str, ...] = ()
    asks_consent: bool = False

    @property
    def leaf_nodes(self) -> list[str]:
        return list(self.tree["leafNodes"])

    @property
    def mandatory_nodes(self) -> list[str]:
        return [leaf for leaf in self.leaf_nodes if leaf not in self.optional]

    @property
    def modules(self) -> dict[str, list[str]]:
        return {
            child["identifier"]: child["leafNodes"]
            for child in self.tree["children"]
            if child["contentType"] == "Course" and child["visibility"] == "Default"
        }

    @property
    def assessments(self) -> list[str]:
        return [node["identifier"] for node in walk(self.tree) if is_assessment(node)]


def content_id(course: int, number: int) -> str:
    return f"do_31{course:05}{number:014}"


def course_id(course: int) -> str:
    return content_id(course, 0)


# One id is the beginning of the other, and both are assessments of the second course.
PREFIX_ID = content_id(2, 31)
LONGER_ID = f"{PREFIX_ID}1"
OPTIONAL_IDS = (content_id(2, 3), content_id(2, 12))
# Was part of the second course once; learners have completed it, the course no longer holds it.
STALE_ID = content_id(2, 99)
# Every assessment asks as many.
QUESTIONS = 2
ORGANISATIONS = {tenant.channel: tenant.name for tenant in (NORTH, SOUTH, NAMED)}


def leaf(identifier: str, name: str, content_type: str = "Resource") -> Node:
    is_test = content_type == "SelfAssess"
    return {
        "identifier": identifier,
        "name": name,
        "contentType": content_type,
        "objectType": "Content",
        "primaryCategory": "Course Assessment" if is_test else "Learning Resource",
        "mimeType": "application/vnd.ekstep.ecml-archive" if is_test else "video/mp4",
        "visibility": "Default",
        "status": "Live",
    }


def question_set(identifier: str, name: str) -> Node:
    return leaf(identifier, name) | {
        "contentType": None,
        "objectType": "QuestionSet",
        "primaryCategory": "Practice Question Set",
        "mimeType": "application/vnd.sunbird.questionset",
    }


def collection(identifier: str, name: str, children: list[Node], *, kind: str = "unit") -> Node:
    """A unit of its parent, or with `kind` course a collection of its own that can be nested."""
    leaves = [
        found
        for child in children
        for found in (child["leafNodes"] if "leafNodes" in child else [child["identifier"]])
    ]
    return {
        "identifier": identifier,
        "name": name,
        "contentType": "Course" if kind == "course" else "CourseUnit",
        "objectType": "Collection",
        "primaryCategory": "Course" if kind == "course" else "Course Unit",
        "mimeType": COLLECTION_MIME,
        "visibility": "Default" if kind == "course" else "Parent",
        "status": "Live",
        "leafNodes": leaves,
        "leafNodesCount": len(leaves),
        "children": [child | {"index": i} for i, child in enumerate(children, 1)],
    }


def lessons(course: int, first: int, count: int) -> list[Node]:
    return [leaf(content_id(course, n), f"Lesson {n}") for n in range(first, first + count)]


def tree(course: int, name: str) -> Node:
    """A plain unit, a nested course with another nested in it, a nested course, a question set."""
    extra: list[Node] = []
    if course == 2:
        extra = [leaf(PREFIX_ID, "Test of words", "SelfAssess")]
        extra += [leaf(LONGER_ID, "Test of sentences", "SelfAssess")]
    deeper = collection(
        content_id(course, 220), "Going deeper", lessons(course, 14, 2), kind="course"
    )
    children = [
        collection(content_id(course, 100), "Getting started", lessons(course, 1, 4)),
        collection(
            content_id(course, 200),
            f"{name}: basics",
            [*lessons(course, 11, 3), deeper],
            kind="course",
        ),
        collection(
            content_id(course, 300),
            f"{name}: practice",
            [
                collection(content_id(course, 310), "In the classroom", lessons(course, 21, 3)),
                leaf(content_id(course, 30), "Mid-course test", "SelfAssess"),
                *extra,
            ],
            kind="course",
        ),
        question_set(content_id(course, 40), "Practice questions"),
    ]
    return collection(course_id(course), name, children, kind="course")


def walk(node: Node) -> list[Node]:
    return [node, *(found for child in node.get("children", []) for found in walk(child))]


def is_assessment(node: Node) -> bool:
    return bool(node["contentType"] == "SelfAssess" or node["objectType"] == "QuestionSet")


def healthy(number: int, name: str, channel: str, **more: Any) -> Course:
    built = tree(number, name)
    text = json.dumps(built, ensure_ascii=False)
    return Course(course_id(number), name, channel, more.pop("status", "Live"), built, text, **more)


def without_leaves() -> Course:
    empty = collection(course_id(6), "Course still empty", [], kind="course")
    return Course(
        course_id(6), "Course still empty", NORTH.org_id, "Live", empty, json.dumps(empty)
    )


def with_broken_hierarchy() -> Course:
    name = "Course with a torn hierarchy"
    built = tree(7, name)
    torn = json.dumps(built)[:400]
    return Course(course_id(7), name, NORTH.org_id, "Live", built, torn)


def without_hierarchy() -> Course:
    name = "Course without a hierarchy"
    return Course(course_id(8), name, NORTH.org_id, "Live", tree(8, name), None)


READING = healthy(1, "Foundations of Reading", NORTH.org_id, asks_consent=True)
LANGUAGE = healthy(2, "भाषा शिक्षण (Language Teaching)", NORTH.org_id, optional=OPTIONAL_IDS)
MATHEMATICS = healthy(3, "Joyful Mathematics", NORTH.org_id)
SCIENCE = healthy(4, "அறிவியல் கற்பித்தல் (Science)", SOUTH.org_id)
WELLBEING = healthy(5, "Well-being at School", NAMED.org_id)
EMPTY = without_leaves()
TORN = with_broken_hierarchy()
MISSING = without_hierarchy()
RETIRED = healthy(9, "Digital Basics, first edition", NORTH.org_id, status="Retired")
HEALTHY = (READING, LANGUAGE, MATHEMATICS, SCIENCE, WELLBEING)
COURSES = (*HEALTHY, EMPTY, TORN, MISSING, RETIRED)


def hierarchy_rows() -> list[dict[str, Any]]:
    return [
        {
            "identifier": course.course_id,
            "hierarchy": course.hierarchy,
            "optionalnodes": list(course.optional) or None,
        }
        for course in COURSES
        if course.hierarchy is not None
    ]


def content_rows() -> list[dict[str, Any]]:
    return [
        {
            "identifier": node["identifier"],
            "name": node["name"],
            "status": course.status if node is course.tree else node["status"],
            "channel": course.channel,
            "contenttype": node["contentType"],
            "primarycategory": node["primaryCategory"],
            "objecttype": node["objectType"],
            "mimetype": node["mimeType"],
            "userconsent": "Yes" if node is course.tree and course.asks_consent else None,
            # Lists in JSON lines are JSON text, as exports of Cassandra have them.
            "createdfor": json.dumps([course.channel]),
            "organisation": json.dumps([ORGANISATIONS.get(course.channel, course.channel)]),
            "keywords": json.dumps(["teacher training"]) if node is course.tree else None,
            "medium": json.dumps(["English"]) if node is course.tree else None,
            "totalquestions": QUESTIONS if is_assessment(node) else None,
        }
        for course in COURSES
        for node in walk(course.tree)
        if node["visibility"] == "Default"
    ]
