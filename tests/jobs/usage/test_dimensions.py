"""What a day's events are looked up in: textbooks as of the day, and under all their keys."""

from datetime import date

from jobs.contracts.raw import ORGANISATION
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.contracts.usage_credits import USAGE_TENANTS
from jobs.sources.tenants import usage_tenants
from jobs.usage.dimensions import dimension_day, usage_textbook_keys
from tests.tables import table_of

textbooks = table_of(TEXTBOOKS)


def test_textbook_is_found_by_its_id_its_contents_and_every_code_of_it(spark):
    tenants = table_of(USAGE_TENANTS)("""
        | channel | org_id  | slug | name |
        | nat     | org-nat | nat  |      |
        | gj      | org-gj  | gj   |      |
        | prs     | org-prs | prs  |      |
    """)
    rows = usage_textbook_keys(
        textbooks("""
            | textbook_id | version_id | status  | channel | origin_id | codes            | content_ids   |
            | maths       | maths      | Live    | org-nat |           | ["A1", "A2"]     | ["c1", "c2"]  |
            | maths       | maths.img  | Draft   | org-nat |           | ["A1", "NEW"]    | ["c1", "new"] |
            | science     | science    | Live    | nat     |           | ["A2"]           | ["c2", "c3"]  |
            | copy        | copy       | Live    | gj      | maths     | ["A1", "A2"]     | ["c1", "c2"]  |
            | orphan      | orphan     | Live    | gj      | lost      |                  | ["c4"]        |
            | rival       | rival      | Live    | prs     |           |                  | ["c3"]        |
            | retired     | retired    | Retired | nat     |           | ["OLD"]          | ["c5"]        |
            | draft       | draft      | Draft   | nat     |           | ["NOT"]          | ["c6"]        |
            | nobody      | nobody     | Live    |         |           | ["FREE"]         | []            |
        """),
        tenants,
    ).collect()

    found = {
        (row.key_kind, row.key): (
            sorted(row.live_textbook_ids),
            row.publisher_channel,
            row.is_ambiguous,
        )
        for row in rows
    }
    assert len(rows) == len(found)
    books = {key: value for (kind, key), value in found.items() if kind == "book"}
    assert books == {
        "maths": (["maths"], "nat", False),
        "science": (["science"], "nat", False),
        # A state's copy is the publisher's book, wherever that is known.
        "copy": (["maths"], "nat", False),
        "orphan": (["orphan"], "gj", False),
        "rival": (["rival"], "prs", False),
        # Retired: still its publisher's, and shown by no state that adopted it.
        "retired": ([], "nat", False),
        "nobody": (["nobody"], None, False),
    }
    codes = {key: value for (kind, key), value in found.items() if kind == "code"}
    assert codes == {
        "A1": (["maths"], "nat", False),
        "A2": (["maths", "science"], "nat", False),
        "OLD": ([], "nat", False),
        "FREE": (["nobody"], None, False),
    }
    contents = {key: value for (kind, key), value in found.items() if kind == "content"}
    assert contents["c2"] == (["maths", "science"], "nat", False)
    assert contents["c3"] == (["rival", "science"], None, True)
    assert contents["maths"] == (["maths"], "nat", False)
    assert contents["c5"] == ([], "nat", False)
    assert not {"new", "c6", "draft"} & set(contents)


def test_tenants_are_root_organisations_with_a_slug(spark):
    rows = usage_tenants(
        table_of(ORGANISATION)("""
            | id | orgname  | slug | channel | rootorgid | isrootorg |
            | o1 | National | nat  | nat     | o1        | true      |
            | o2 | Gujarat  | gj   |         | o2        |           |
            | o3 | A school | sch  | nat     | o1        | false     |
            | o4 | No slug  |      | four    | o4        | true      |
        """)
    ).collect()

    assert sorted(map(tuple, rows)) == [
        ("nat", "o1", "nat", "National"),
        ("o2", "o2", "gj", "Gujarat"),
    ]


def test_day_reads_the_newest_state_kept_up_to_it_and_no_later_one_that_is_kept_afterwards():
    first, third, fifth = date(2026, 11, 1), date(2026, 11, 3), date(2026, 11, 5)

    assert dimension_day(third, []) is None
    assert dimension_day(third, [first, third]) == third
    assert dimension_day(date(2026, 11, 4), [fifth, third, first]) == third
    # What was before the first one that was kept is known by that one alone.
    assert dimension_day(date(2026, 10, 1), [fifth, third]) == third
