"""Each edge of a textbook is in the tables that were written, read with no help from what wrote."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from jobs.samples.textbook_edges import BOOK_OF, TextbookEdge
from jobs.samples.writer import write_samples
from tests.jobs.samples.raw_lake import Lake

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
E = TextbookEdge


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    home = tmp_path_factory.mktemp("textbooks")
    write_samples(home / "lake", home / "secrets", as_of=AS_OF, learners=100)
    return Lake(home)


def text_of(lake, identifier):
    return next((r["hierarchy"] for r in lake.hierarchies if r["identifier"] == identifier), None)


def row_of(lake, identifier):
    return next((r for r in lake.contents if r["identifier"] == identifier), None)


def is_unit(node):
    return node["contentType"] in ("TextBook", "TextBookUnit")


def walk(node, depth=0):
    yield node, depth
    for child in node.get("children", []):
        yield from walk(child, depth + 1)


def nodes(lake, edge):
    text = text_of(lake, BOOK_OF[edge].version_id)
    return [(node, depth) for node, depth in walk(json.loads(text)) if is_unit(node)]


def codes(lake, edge):
    return [code for node, _ in nodes(lake, edge) for code in node.get("dialcodes", [])]


def contents(node, *, below):
    found = walk(node) if below else ((child, 1) for child in node["children"])
    return [inner["identifier"] for inner, _ in found if not is_unit(inner)]


def coded(lake, edge):
    return [node for node, _ in nodes(lake, edge) if node.get("dialcodes")]


def is_torn(text):
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return True
    return False


def columns(lake, edge, *names):
    row = row_of(lake, BOOK_OF[edge].version_id)
    return [json.loads(row[n]) if (row[n] or "").startswith("[") else row[n] for n in names]


HOLDS = {
    E.CHAPTERS_ODD: lambda k: len([1 for _, depth in nodes(k, E.CHAPTERS_ODD) if depth == 1]) == 5,
    E.LEVELS_FIVE: lambda k: max(depth for _, depth in nodes(k, E.LEVELS_FIVE)) == 5,
    E.CODE_REPEATED: lambda k: Counter(codes(k, E.CODE_REPEATED)).most_common(1)[0][1] == 2,
    E.CODE_OF_THE_BOOK: lambda k: bool(nodes(k, E.CODE_OF_THE_BOOK)[0][0]["dialcodes"]),
    E.CODES_TWO_AT_A_UNIT: lambda k: any(
        len(node["dialcodes"]) == 2 for node in coded(k, E.CODES_TWO_AT_A_UNIT)
    ),
    E.CODE_EMPTY: lambda k: any(not contents(node, below=True) for node in coded(k, E.CODE_EMPTY)),
    E.CODE_WITH_CONTENTS_BELOW: lambda k: any(
        contents(node, below=True) and not contents(node, below=False)
        for node in coded(k, E.CODE_WITH_CONTENTS_BELOW)[1:]
    ),
    E.CODE_OF_TWO_TEXTBOOKS: lambda k: (
        bool(set(codes(k, E.CODE_OF_TWO_TEXTBOOKS)) & set(codes(k, E.CODE_REPEATED)))
        and columns(k, E.CODE_OF_TWO_TEXTBOOKS, "channel") != columns(k, E.CODE_REPEATED, "channel")
    ),
    E.CODES_NONE: lambda k: (
        not codes(k, E.CODES_NONE) and columns(k, E.CODES_NONE, "gradelevel", "subject") == [[], []]
    ),
    E.SUBJECTS_TWO: lambda k: len(columns(k, E.SUBJECTS_TWO, "subject")[0]) == 2,
    E.VERSIONS_TWO: lambda k: (
        row_of(k, BOOK_OF[E.VERSIONS_TWO].version_id)["status"] == "Live"
        and row_of(k, f"{BOOK_OF[E.VERSIONS_TWO].version_id}.img")["status"] == "Draft"
        and text_of(k, f"{BOOK_OF[E.VERSIONS_TWO].version_id}.img") is not None
    ),
    E.HIERARCHY_MISSING: lambda k: (
        row_of(k, BOOK_OF[E.HIERARCHY_MISSING].version_id) is not None
        and text_of(k, BOOK_OF[E.HIERARCHY_MISSING].version_id) is None
    ),
    E.HIERARCHY_TORN: lambda k: is_torn(text_of(k, BOOK_OF[E.HIERARCHY_TORN].version_id)),
    E.RETIRED: lambda k: columns(k, E.RETIRED, "status") == ["Retired"],
    E.COPIED: lambda k: columns(k, E.COPIED, "origin") == [BOOK_OF[E.LEVELS_FIVE].textbook_id],
    E.UNITS_EMPTY: lambda k: (
        len(nodes(k, E.UNITS_EMPTY)) > 1
        and not codes(k, E.UNITS_EMPTY)
        and not contents(nodes(k, E.UNITS_EMPTY)[0][0], below=True)
    ),
}


@pytest.mark.parametrize("edge", list(TextbookEdge), ids=lambda edge: edge.name.lower())
def test_edge_is_in_the_small_sunbird(lake, edge):
    assert HOLDS[edge](lake), edge.value


def test_contents_of_several_textbooks_are_listed_once(lake):
    listed = Counter(row["identifier"] for row in lake.contents)

    assert max(listed.values()) == 1
