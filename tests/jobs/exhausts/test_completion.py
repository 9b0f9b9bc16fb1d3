import random

import pytest

from jobs.contracts.learning import COLLECTIONS, ENROLMENTS
from jobs.exhausts.progress import own_progress
from tests.tables import table_of

collections = table_of(COLLECTIONS)
enrolments = table_of(ENROLMENTS)


@pytest.mark.usefixtures("spark")
def test_a_content_that_two_nested_collections_share_counts_in_both():
    found = own_progress(
        enrolments("""
            | batch_id | user_id | collection_id | is_active | has_enrolment_date | content_status |
            | b1       | none    | do_1          | true      | true               | {"a": 1, "x": 2} |
            | b1       | one     | do_1          | true      | true               | {"b": 2} |
            | b1       | more    | do_1          | true      | true               | {"d": 2, "c": 2, "b": 2} |
        """),
        collections("""
            | collection_id | mandatory_nodes   | assessments | modules |
            | do_1          | ["a","b","c","d"] | []          | [{"id": "m1", "name": "One", "mandatory_nodes": ["a", "b"]}, {"id": "m2", "name": "Two", "mandatory_nodes": ["c", "b"]}, {"id": "m3", "name": "Three", "mandatory_nodes": ["b", "d", "c"]}] |
        """),
        timezone="Asia/Kolkata",
    )

    rows = found.select("user_id", "progress_pct", "module_pcts").collect()
    assert {row.user_id: (row.progress_pct, row.module_pcts) for row in rows} == {
        "none": (0, [0, 0, 0]),
        "one": (25, [50, 50, 33]),
        "more": (75, [50, 100, 100]),
    }


def test_counts_equal_those_of_plain_sets_for_random_courses_and_learners(spark):
    chance = random.Random(14)
    nodes = [f"do_{n}" for n in range(12)]
    drawn = [
        (
            f"c{n}",
            chance.sample(nodes, chance.randrange(12)),
            [
                (f"m{m}", "", chance.sample(nodes, chance.randrange(5)))
                for m in range(chance.randrange(6))
            ],
        )
        for n in range(60)
    ]
    seats = [
        (f"c{n % 60}", f"u{n}", {node: chance.randrange(3) for node in chance.sample(nodes, 6)})
        for n in range(600)
    ]
    known = {"hierarchy_problem": None, "assessments": []}
    course = spark.createDataFrame(
        [{"collection_id": c, "mandatory_nodes": own, "modules": m} | known for c, own, m in drawn],
        schema=COLLECTIONS.spark_schema(),
    )
    enrolled = spark.createDataFrame(
        [
            {"batch_id": "b", "user_id": u, "collection_id": c, "content_status": statuses}
            | {"is_active": True, "has_active_mark": True, "has_enrolment_date": True}
            for c, u, statuses in seats
        ],
        schema=ENROLMENTS.spark_schema(),
    )

    found = own_progress(enrolled, course, timezone="UTC").select(
        "user_id", "progress_pct", "module_pcts"
    )

    of_course = {c: (own, modules) for c, own, modules in drawn}
    expected = {}
    for c, user, statuses in seats:
        done = {node for node, status in statuses.items() if status == 2}
        own, modules = of_course[c]
        expected[user] = (half_up(done, own), [half_up(done, listed) for _, _, listed in modules])
    assert {row.user_id: (row.progress_pct, row.module_pcts) for row in found.collect()} == expected


def half_up(done, nodes):
    return (len(done & set(nodes)) * 200 + len(nodes)) // (2 * len(nodes)) if nodes else 0
