"""The clean table of textbooks, of raw rows in the forms that platforms have."""

import json

import pytest

from jobs.contracts.raw import CONTENT, CONTENT_HIERARCHY
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.samples.textbook_rows import textbook_content_rows, textbook_hierarchy_rows
from jobs.samples.textbooks import (
    BOOKS,
    COPY,
    ENGLISH_6,
    KANNADA_6,
    MISSING,
    READER,
    SCIENCE_7,
    SOCIAL_8,
    TORN,
)
from jobs.sources.keys import first_of_key
from jobs.sources.textbooks import of_textbooks, textbooks
from tests.tables import table_of

content = table_of(CONTENT)
hierarchies = table_of(CONTENT_HIERARCHY)


@pytest.fixture(scope="module")
def sample(spark):
    """The sample's textbooks, {version_id: row}, by the way that a refresh goes."""
    texts = dict.fromkeys(CONTENT.columns, "string")
    rows = [
        tuple(None if row.get(name) is None else str(row.get(name)) for name in texts)
        for row in textbook_content_rows()
    ]
    schema = ", ".join(f"{name} {kind}" for name, kind in texts.items())
    raw = of_textbooks(spark.createDataFrame(rows, schema))
    trees = [tuple(row.values()) for row in textbook_hierarchy_rows()]
    trees_frame = spark.createDataFrame(trees, CONTENT_HIERARCHY.spark_schema())
    refined = textbooks(raw, trees_frame)
    frame = TEXTBOOKS.conform(refined.rows)
    return {row["version_id"]: row for row in frame.collect()}


def test_every_version_of_a_textbook_is_a_row_and_no_content_is(sample):
    assert set(sample) == {book.version_id for book in BOOKS}


def test_the_draft_of_a_live_textbook_is_a_second_version_of_it(sample):
    live, draft = sample[ENGLISH_6.version_id], sample[f"{ENGLISH_6.version_id}.img"]

    assert (live["textbook_id"], live["status"]) == (ENGLISH_6.textbook_id, "Live")
    assert (draft["textbook_id"], draft["status"]) == (ENGLISH_6.textbook_id, "Draft")
    assert (live["chapter_count"], draft["chapter_count"]) == (4, 6)


def test_a_textbook_without_a_usable_hierarchy_is_named_and_says_why(sample):
    problems = {id: row["hierarchy_problem"] for id, row in sample.items()}

    assert problems[MISSING.version_id] == "it has no hierarchy"
    assert problems[TORN.version_id] == "its hierarchy is not valid JSON"
    assert sum(problem is not None for problem in problems.values()) == 2
    assert sample[TORN.version_id]["nodes"] is None
    assert sample[TORN.version_id]["codes"] is None


def test_metadata_is_kept_as_it_was_written_and_blank_lists_are_empty(sample):
    assert sample[SOCIAL_8.version_id]["subjects"] == ["History", "Geography"]
    assert sample[READER.version_id]["mediums"] == []
    assert sample[COPY.version_id]["origin_id"] == SCIENCE_7.textbook_id
    assert sample[SCIENCE_7.version_id]["package_version"] == 2
    assert sample[KANNADA_6.version_id]["created_at"].isoformat() == "2025-04-01T05:30:00"


def test_nodes_hold_what_the_hierarchy_says(sample):
    nodes = sample[SCIENCE_7.version_id]["nodes"]

    assert [node["level"] for node in nodes] == [0, 1, 2, 3, 4, 5, 5, 2, 1]
    assert nodes[7]["codes"] == ["B02Q06", "B02Q07"]


def test_the_tenant_of_a_textbook_is_its_channel_else_the_first_that_it_was_made_for(spark):
    found = textbooks(
        content("""
            | identifier | contenttype | channel | createdfor          |
            | do_1       | TextBook    |         | ["", "org1","org2"] |
            | do_2       | TextBook    | c       | ["org1"]            |
            | do_3       | textbook    |         | []                  |
        """),
        hierarchies(),
    ).rows
    assert {row["version_id"]: row["channel"] for row in found.collect()} == {
        "do_1": "org1", "do_2": "c", "do_3": None,
    }  # fmt: skip


def test_textbooks_are_told_by_their_type_or_category_in_any_letters(spark):
    rows = content("""
        | identifier | contenttype | primarycategory  |
        | do_1       | TextBook    |                  |
        | do_2       |             | Digital Textbook |
        | do_3       |             | eTextbook        |
        | do_4       | Resource    | Explanation      |
        | do_5       |             |                  |
    """)
    assert [row["identifier"] for row in of_textbooks(rows).collect()] == ["do_1", "do_2", "do_3"]
    assert of_textbooks(rows.select("identifier")).count() == 0


def test_of_a_textbook_listed_twice_the_row_changed_last_counts_with_the_whole_hierarchy(spark):
    tree = {"identifier": "do_1", "children": [{"contentType": "TextBookUnit"}]}
    refined = textbooks(
        content("""
            | identifier | contenttype | name | lastupdatedon       | lastpublishedon     |
            | do_1       | TextBook    | old  | 2026-01-01T00:00:00 |                     |
            | do_1       | TextBook    | new  |                     | 2026-03-01T00:00:00 |
            |            | TextBook    | none |                     |                     |
        """),
        hierarchies(f"""
            | identifier | hierarchy             |
            | do_1       | {json.dumps(tree)}    |
            | do_1       | {{}}                  |
        """),
    )
    single = first_of_key(refined.rows, TEXTBOOKS, refined.best_first, within="textbook_id")
    rows = single.drop("textbook_id").collect()

    assert [(row["name"], row["chapter_count"]) for row in rows] == [("new", 1)]
    assert [row["reason"] for row in refined.kept_out["content"].collect()] == [
        "missing_identifier"
    ]
