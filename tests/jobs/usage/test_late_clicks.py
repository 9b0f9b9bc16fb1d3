"""Clicks that came after their day was closed, and the algebra of the ratios."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from jobs.contracts.usage_events import CLIENTS, EVENTS
from jobs.usage.ratios.clicks import cumulative_clicks
from tests.jobs.usage.certificate_cases import DAY, clicks, enrolments, entry, ratios
from tests.tables import table_of

ISSUED = (
    ("asha", "do_1", "b1", [entry("c1")]),
    ("asha", "do_2", "b2", [entry("c2")]),
    ("ravi", "do_1", "b1", [entry("c3"), entry("c4", name="Merit")]),
)
CLICK = st.tuples(
    st.sampled_from(["asha", "ravi", "nobody", ""]),
    st.sampled_from(["do_1", "do_2", "do_3", ""]),
    st.sampled_from([*CLIENTS, ""]),
    st.sampled_from(["c1", "c2", "c4", ""]),
    st.sampled_from(["true", "false", ""]),
    st.sampled_from(["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"]),
)
HEADER = "| user_id | course_id | client | certificate_id | is_own | day |"


def drawn(rows):
    return clicks("\n".join([HEADER, *("| " + " | ".join(row) + " |" for row in rows)]))


def test_late_click_counts_to_date_from_its_arrival_and_on_no_day(spark):
    events, late = (
        table_of(EVENTS)(f"""
            | kind              | event_id | day        | arrived_at       | user_id | course_id | client |
            | certificate_click | {name}   | 2026-11-01 | {arrived}        | asha    | do_1      | app    |
        """)
        for name, arrived in (("e1", "2026-11-01T09:00"), ("e2", "2026-11-19T19:00"))
    )
    counted = cumulative_clicks(events, late, timezone="Asia/Kolkata")

    assert [row.counted_from for row in counted.collect()] == [date(2026, 11, 1), DAY]
    row = ratios(enrolments(*ISSUED), counted, day=DAY)["do_1", "app"]
    assert (row.download_count, row.download_on_day_count) == (2, 0)


def check_algebra(rows, order):
    whole = drawn(rows)
    found = ratios(enrolments(*ISSUED), whole)
    held = whole.collect()
    parts = [
        SparkSession.active().createDataFrame(held[at::3][:: -1 if at else 1], whole.schema)
        for at in order
    ]
    split = parts[0].unionByName(parts[1]).unionByName(parts[2])

    assert ratios(enrolments(*ISSUED), split) == found
    for course in {course for course, _ in found}:
        clients = {client: row for (one, client), row in found.items() if one == course}
        every = clients.pop("all")
        assert sum(row.download_count for row in clients.values()) == every.download_count
        assert every.downloaded_certificate_count <= every.download_count
        assert (every.unique_download_ratio or 0) <= 1
    for client in {client for _, client in found}:
        courses = {one: row for (one, with_client), row in found.items() if with_client == client}
        every = courses.pop("")
        known = sum(row.download_count for row in courses.values())
        assert known + every.unattributed_count == every.download_count


@pytest.mark.usefixtures("spark")
def test_parts_in_any_order_give_the_same_rows_that_add_up():
    rows = [
        ("asha", "do_1", "app", "", "", "2026-11-18"),
        ("asha", "", "portal", "c2", "true", "2026-11-19"),
        ("ravi", "", "mobile_web", "", "", "2026-11-20"),
        ("", "do_3", "", "", "", "2026-11-20"),
        ("nobody", "", "desktop", "", "false", "2026-11-20"),
        ("ravi", "do_1", "app", "c4", "", "2026-11-21"),
    ]
    check_algebra(rows, (2, 0, 1))


@pytest.mark.full
@pytest.mark.usefixtures("spark")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CLICK, min_size=1, max_size=12), st.permutations(range(3)))
def test_any_clicks_in_any_order_give_the_same_rows_that_add_up(rows, order):
    check_algebra(rows, order)
