"""What a textbook's hierarchy says, read without Spark."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.samples import textbooks
from jobs.samples.textbooks import MATHS_7, MISSING, SCIENCE_7, TORN
from jobs.sources.textbook_units import units

COLLECTION = "application/vnd.ekstep.content-collection"


def unit(name, *children, **more):
    return {
        "identifier": name,
        "name": name,
        "contentType": "TextBookUnit",
        "mimeType": COLLECTION,
        "visibility": "Parent",
        "children": list(children),
        **more,
    }


def content(identifier, **more):
    return {"identifier": identifier, "contentType": "Resource", "mimeType": "video/mp4", **more}


def book(*children, **more):
    return unit("book", *children, contentType="TextBook", visibility="Default", **more)


def read(tree, codes_of_book=None):
    return units(json.dumps(tree), codes_of_book)


def told(tree, name, codes_of_book=None):
    return {node.node_id: getattr(node, name) for node in read(tree, codes_of_book).nodes}


def test_the_units_of_a_real_textbook_are_its_units_and_not_its_resources():
    answer = json.loads((Path(__file__).parent / "textbook_hierarchy.json").read_text("utf-8"))
    tree = answer["result"]["content"]
    found = units(json.dumps(tree))

    def count(node):
        below = node.get("children") or []
        return (node.get("contentType") == "TextBookUnit") + sum(map(count, below))

    assert len(found.nodes) == count(tree) + 1
    assert found.chapter_count == 19
    assert found.nodes[0].codes == ["RGNEBH"]
    assert found.nodes[0].content_count == len(found.content_ids)


def test_five_levels_name_their_way_from_the_chapter_down():
    nodes = units(SCIENCE_7.hierarchy).nodes
    deepest = max(nodes, key=lambda node: node.level)

    assert deepest.level == 5
    assert deepest.names[0] == "Living things"
    assert len(deepest.names) == 5
    assert {node.chapter for node in nodes} == {0, 1, 2}


def test_contents_of_a_unit_are_those_linked_to_it_and_to_all_units_below_it_each_once():
    inner = unit("inner", content("a"), content("b"))
    tree = book(unit("one", content("a"), inner), unit("two", unit("empty")))

    assert told(tree, "content_count") == {
        "book": 2, "one": 2, "inner": 2, "two": 0, "empty": 0,
    }  # fmt: skip
    assert told(tree, "unit_count") == {"book": 2, "one": 1, "inner": 0, "two": 1, "empty": 0}


def test_a_collection_linked_to_a_unit_is_contents_and_its_codes_are_not_the_books():
    linked = unit("playlist", content("a"), content("b"), visibility="Default")
    linked |= {"contentType": "Collection", "dialcodes": ["OTHERS"]}
    found = read(book(unit("one", linked, content("c", dialcodes=["OWN"]))))

    assert [node.node_id for node in found.nodes] == ["book", "one"]
    assert found.content_ids == ["a", "b", "c"]
    assert found.codes == []


def test_an_empty_collection_that_is_linked_is_no_content():
    linked = unit("playlist", visibility="Default", contentType="Collection")

    assert told(book(unit("one", linked)), "content_count") == {"book": 0, "one": 0}


def test_a_node_with_two_codes_keeps_both_and_a_code_at_two_nodes_is_at_both():
    tree = book(unit("one", dialcodes=["AA", "BB"]), unit("two", dialcodes=["BB"]))

    assert told(tree, "codes") == {"book": [], "one": ["AA", "BB"], "two": ["BB"]}
    assert read(tree).codes == ["AA", "BB"]


def test_codes_are_as_scans_have_them_whatever_the_list_holds():
    tree = book(unit("one", dialcodes=[" ab1c2d ", "AB1C2D", "", None, 7]), dialcodes="xyz123")

    assert told(tree, "codes") == {"book": ["XYZ123"], "one": ["AB1C2D"]}


def test_codes_of_the_book_may_be_in_its_own_row_alone():
    assert told(book(unit("one")), "codes", ["root01"])["book"] == ["ROOT01"]
    assert told(book(unit("one"), dialcodes=["A"]), "codes", ["root01"])["book"] == ["A"]


def test_units_stand_in_the_order_of_their_index():
    tree = book(unit("second", index=2), unit("first", unit("inside"), index=1))

    assert [node.node_id for node in read(tree).nodes] == ["book", "first", "inside", "second"]
    assert told(tree, "chapter") == {"book": 0, "first": 1, "inside": 1, "second": 2}


def test_contents_linked_to_the_book_itself_are_no_chapters():
    found = read(book(content("a"), unit("one")))

    assert found.chapter_count == 1
    assert found.nodes[0].content_count == 1


def test_a_missing_hierarchy_and_a_torn_one_say_what_is_wrong():
    assert units(MISSING.hierarchy).problem == "it has no hierarchy"
    assert units(TORN.hierarchy).problem == "its hierarchy is not valid JSON"
    assert units(None).nodes is None


def test_a_tree_of_three_hundred_levels_is_read():
    tree = unit("deepest", content("a"))
    for _ in range(300):
        tree = unit("level", tree)
    found = read(book(tree))

    assert found.nodes[-1].level == 301
    assert {node.content_count for node in found.nodes} == {1}


def test_the_sample_says_of_itself_what_is_read_from_it():
    for one in textbooks.BOOKS:
        found = units(one.hierarchy)
        if found.problem is None:
            assert [code for node in found.nodes for code in node.codes] == one.codes
            assert found.content_ids == one.content_ids
    assert textbooks.REPEATED_CODE in units(MATHS_7.hierarchy).codes


def trees(depth=0):
    """Units with contents, codes and units below, up to five levels."""
    letters = st.lists(st.sampled_from("abcdef"), max_size=3)
    below = (
        st.just([]) if depth == 4 else st.deferred(lambda: st.lists(trees(depth + 1), max_size=2))
    )
    return st.builds(
        lambda linked, codes, units_below: unit(
            f"unit {depth}",
            *(content(letter) for letter in linked),
            *units_below,
            dialcodes=codes,
        ),
        letters,
        letters,
        below,
    )


def naive(node):
    """(contents at the node and below it, codes by whether they lead to any) by recursion."""
    kinds = {True: [], False: []}
    for child in node["children"]:
        kinds[child["contentType"] == "TextBookUnit"].append(child)
    contents = {child["identifier"] for child in kinds[False]}
    full, empty = 0, 0
    for inner, more, less in map(naive, kinds[True]):
        contents |= inner
        full, empty = full + more, empty + less
    own = len({code.upper() for code in node["dialcodes"]})
    return contents, full + (own if contents else 0), empty + (0 if contents else own)


@given(trees())
@settings(max_examples=60, deadline=None)
def test_contents_and_codes_are_those_that_a_walk_of_the_tree_finds(tree):
    found = read(tree | {"contentType": "TextBook"})
    contents, full, empty = naive(tree)
    codes = [(len(node.codes), node.content_count > 0) for node in found.nodes]

    assert found.nodes[0].content_count == len(contents) == len(found.content_ids)
    assert sum(count for count, is_full in codes if is_full) == full
    assert sum(count for count, is_full in codes if not is_full) == empty
