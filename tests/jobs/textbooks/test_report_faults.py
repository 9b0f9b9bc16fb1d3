"""The faults of the reports that were, each of them by name, over the sample and more textbooks."""

from datetime import date

import pytest

from jobs.samples.places import GUJARAT, KARNATAKA, KERALA
from jobs.samples.textbooks import (
    COPY,
    ENGLISH_6,
    MATHS_7,
    MISSING,
    READER,
    REPEATED_CODE,
    SCIENCE_7,
    SHARED_CODE,
    SOCIAL_8,
    TORN,
)
from tests.jobs.textbooks.odd_textbooks import FIVE, TWINS, odd_tables


@pytest.fixture(scope="module")
def tables(spark):
    """{table: rows as dicts}"""
    return odd_tables(spark)


def rows_of(tables, name, **wanted):
    return [
        row for row in tables[name] if all(row[column] == is_ for column, is_ in wanted.items())
    ]


def summed(tables, name, channel="", **wanted):
    scope = "tenant" if channel else "overall"
    wanted = {"ownership": "all", "dimension": "total"} | wanted
    return rows_of(tables, name, owner_scope=scope, owner_channel=channel, **wanted)


def test_fault_an_odd_number_of_chapters_gives_the_first_term_one_too_many(tables):
    terms = {
        row["code"]: row["term"] for row in rows_of(tables, "qr_status_code", textbook_id=FIVE)
    }
    [book] = rows_of(tables, "qr_status_textbook", textbook_id=FIVE)

    assert {code for code, term in terms.items() if term == "T1"} == {
        "ROOT",
        "C1",
        "P1",
        "C2",
        "P2",
    }
    assert {code for code, term in terms.items() if term == "T2"} == {
        "C3", "P3", "C4", "P4", "C5", "P5",
    }  # fmt: skip
    assert (book["term_1_without_content_count"], book["term_2_without_content_count"]) == (5, 6)


def test_fault_a_chapter_and_all_below_it_counts_in_the_term_of_the_chapter_before(tables):
    terms = {
        row["code"]: row["term"] for row in rows_of(tables, "qr_status_code", textbook_id=FIVE)
    }

    assert all(terms[f"C{n}"] == terms[f"P{n}"] for n in range(1, 6))
    assert terms["C3"] == "T2"


def test_fault_a_textbook_of_two_subjects_is_two_in_the_total(tables):
    [total] = summed(tables, "textbook_creation_summary")
    by_subject = summed(tables, "textbook_creation_summary", dimension="subject")
    versions = {
        row["version_id"] for row in tables["textbook_creation"] if row["ownership"] == "own"
    }

    assert total["live_count"] + total["review_count"] + total["draft_count"] == len(versions)
    assert {row["value"] for row in by_subject} >= set(SOCIAL_8.subjects)
    assert sum(row["live_count"] for row in by_subject) == total["live_count"] + 1


def test_fault_a_code_that_stands_at_several_places_is_counted_once(tables):
    [book] = rows_of(tables, "qr_status_textbook", textbook_id=MATHS_7.textbook_id, ownership="own")
    places = rows_of(
        tables,
        "qr_status_code",
        textbook_id=MATHS_7.textbook_id,
        ownership="own",
        code=REPEATED_CODE,
    )
    assert book["code_count"] == len(MATHS_7.codes) == len(set(MATHS_7.codes)) + 1
    assert [row["content_count"] > 0 for row in places] == [True, False]


def test_fault_two_units_of_one_name_and_code_lose_one_as_duplicates(tables):
    for name in ("qr_status_code", "textbook_creation_node"):
        rows = rows_of(tables, name, textbook_id=TWINS)
        assert [(row["level_1_name"], row["code"]) for row in rows] == [("Revision", "SAME")] * 2


def test_fault_scans_are_those_of_the_last_code_of_a_level_alone(tables):
    codes = rows_of(tables, "qr_status_code", textbook_id=SCIENCE_7.textbook_id)
    counted = {row["code"]: row["scan_count"] for row in codes}

    assert (counted["B02Q06"], counted["B02Q07"], counted["B02Q01"]) == (2, 3, 0)


def test_fault_the_code_of_the_book_itself_is_left_out(tables):
    [root] = rows_of(tables, "qr_status_code", textbook_id=FIVE, code="ROOT")
    [book] = rows_of(tables, "qr_status_textbook", textbook_id=FIVE)

    assert (root["node_number"], root["level"], root["level_1_name"]) == (0, 0, None)
    assert root["term"] == "T1"
    assert book["code_count"] == 11


def test_fault_only_the_first_of_two_codes_of_a_unit_is_read(tables):
    nodes = rows_of(tables, "textbook_creation_node", textbook_id=SCIENCE_7.textbook_id)

    assert [row["code"] for row in nodes if row["level_2_name"] == "Animals"] == [
        "B02Q06",
        "B02Q07",
    ]


def test_fault_a_textbook_without_codes_breaks_the_report_or_falls_out_of_it(tables):
    [book] = rows_of(tables, "qr_status_textbook", textbook_id=READER.textbook_id)

    assert (book["code_count"], book["code_without_content_count"]) == (0, 0)


def test_fault_every_unit_with_a_code_is_called_a_leaf(tables):
    nodes = rows_of(
        tables, "textbook_creation_node", textbook_id=MATHS_7.textbook_id, ownership="own"
    )
    types = {(row["level_1_name"], row["level_2_name"]): row["node_type"] for row in nodes}

    assert types["Fractions", None] == "Leaf Node & QR Linked"
    assert types["Data handling", None] == "QR Linked"
    assert types["Data handling", "Mean"] == "Leaf Node"
    assert types[None, None] == "QR Linked"


def test_fault_a_code_is_empty_though_units_below_it_have_contents(tables):
    codes = rows_of(tables, "qr_status_code", textbook_id=MATHS_7.textbook_id, ownership="own")
    counted = {(row["level_1_name"], row["level_2_name"]): row["content_count"] for row in codes}

    assert counted["Data handling", None] == 1
    assert counted["Lines and angles", None] == 0


def test_fault_units_below_the_fourth_level_are_left_out(tables):
    nodes = rows_of(tables, "qr_status_code", textbook_id=SCIENCE_7.textbook_id, code="B02Q05")

    assert [[row[f"level_{n}_name"] for n in range(1, 6)] for row in nodes] == [
        ["Living things", "Plants", "Nutrition", "Photosynthesis", "Chlorophyll"]
    ]


def test_fault_tenants_without_textbooks_make_empty_rows_and_have_no_figures(tables):
    assert all(row["textbook_id"] for row in tables["textbook_creation"])
    assert not rows_of(tables, "textbook_creation", owner_channel=KERALA.channel)
    for name in ("qr_status_summary", "textbook_creation_summary"):
        rows = [row for row in tables[name] if row["owner_channel"] == KERALA.channel]
        assert {row["ownership"] for row in rows} == {"all", "own", "adopted"}
        assert {row["owner_slug"] for row in rows} == {"kerala"}
        assert not any(n for row in rows for column, n in row.items() if column.endswith("_count"))


def test_fault_a_textbook_whose_hierarchy_is_missing_falls_out_without_a_word(tables):
    for book in (MISSING, TORN):
        [row] = rows_of(tables, "qr_status_textbook", textbook_id=book.textbook_id)
        assert row["hierarchy_problem"]
        assert row["code_count"] is None
    [total] = summed(tables, "textbook_creation_summary")
    assert total["hierarchy_problem_count"] == 2
    assert total["with_codes_count"] + total["without_codes_count"] + 2 == sum(
        total[f"{status}_count"] for status in ("live", "review", "draft")
    )


def test_fault_days_are_written_with_their_minutes_and_in_the_wrong_zone(tables):
    [row] = rows_of(tables, "qr_status_textbook", textbook_id=SOCIAL_8.textbook_id)

    assert row["created_on"] == date(2025, 4, 1)
    # Changed at 19:30 of the 20th in UTC, which is the 21st in India.
    assert row["updated_on"] == date(2026, 5, 21)


def test_a_live_textbook_with_a_draft_is_two_rows_the_live_one_first(tables):
    rows = rows_of(tables, "textbook_creation", textbook_id=ENGLISH_6.textbook_id)
    in_order = sorted(rows, key=lambda row: row["book_position"])

    assert [row["status"] for row in in_order] == ["Live", "Draft"]
    assert in_order[1]["book_position"] - in_order[0]["book_position"] == 1


def test_the_publishers_rows_stay_and_the_state_has_its_own_with_its_metadata(tables):
    rows = rows_of(tables, "qr_status_textbook", source_id=MATHS_7.textbook_id)
    told = {
        (row["owner_slug"], row["board"]): (row["textbook_name"], row["grades"], row["code_count"])
        for row in rows
    }
    there = ("Ganit 7", "Class 8", 8)

    assert told == {
        ("national", "NCERT"): (MATHS_7.name, "Class 7", 8),
        ("gujarat", f"State ({GUJARAT.name})"): there,
        ("gujarat", "CBSE"): there,
        ("karnataka", f"State ({KARNATAKA.name})"): (MATHS_7.name, "Class 7", 8),
    }


def test_scans_are_the_owners_and_beside_them_everybodys(tables):
    codes = rows_of(tables, "qr_status_code", source_id=MATHS_7.textbook_id, code=SHARED_CODE)

    assert {row["owner_slug"]: row["scan_count"] for row in codes} == {
        "national": 50, "gujarat": 30, "karnataka": 0,
    }  # fmt: skip
    assert {row["all_scan_count"] for row in codes} == {87}


def test_own_and_adopted_are_apart_and_the_nation_counts_each_source_once(tables):
    def live(channel, ownership):
        rows = summed(tables, "textbook_creation_summary", channel, ownership=ownership)
        return [row["live_count"] for row in rows]

    # The copy with an id of its own is adopted too; for two boards a textbook is still one.
    assert (live(GUJARAT.channel, "own"), live(GUJARAT.channel, "adopted")) == ([1], [2])
    assert live(GUJARAT.channel, "all") == [3]
    assert live("", "all") == live("", "own")
    assert live("", "adopted") == [2]
    [copy] = rows_of(tables, "textbook_creation", textbook_id=COPY.textbook_id)
    assert (copy["ownership"], copy["source_id"]) == ("adopted", SCIENCE_7.textbook_id)


def test_a_textbook_without_grade_or_subject_is_in_a_group_of_its_own(tables):
    [row] = summed(tables, "qr_status_summary", dimension="grade", value="")

    assert row["textbook_count"] == 3
