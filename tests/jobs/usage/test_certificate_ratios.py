"""Certificate ratios: each case of what can be asked of the numerator and the denominator."""

from datetime import date

import pytest

from jobs.contracts.download_ratios import CERTIFICATE_DOWNLOAD_RATIO_DAILY
from tests.jobs.usage.certificate_cases import DAY, clicks, enrolments, entry, given, ratios

pytestmark = pytest.mark.usefixtures("spark")

LATER = "2026-12-01T06:00:00.000+0000"
ISSUED = (
    ("asha", "do_1", "b1", [entry("c1")]),
    ("ravi", "do_1", "b1", [entry("c2")]),
    ("uma", "do_1", "b1", [entry("c3")]),
    ("asha", "do_2", "b2", [entry("c4")]),
    ("one", "do_4", "b1", [entry("k1")]),
    ("one", "do_4", "b2", [entry("k2", issued="2026-11-05T06:00:00.000+0000")]),
    ("two", "do_4", "b1", [entry("k3")]),
    ("two", "do_4", "b2", [entry("k4", issued=LATER)]),
    # Issued anew after the click: until then it counts neither above nor below the line.
    ("three", "do_4", "b1", [entry("k5", issued=LATER)]),
    ("mira", "do_6", "b6", [entry("m6")]),
    ("mira", "do_7", "b7", [entry("m7")]),
    ("tara", "do_6", "b6", [entry("t6")]),
)
REPLACED = """
    | id | userid | courseid | batchid | status  |
    | m0 | mira   | do_6     | b6      | DELETED |
"""
CLICKS = """
    | user_id | course_id | batch_id | object_id | object_type | certificate_id | is_own | device_id | client         | day        | event_at         |
    | asha    | do_1      |          |           |             |                |        | d1        | app            | 2026-11-20 |                  |
    | asha    | do_1      |          |           |             |                |        | d1        | app            | 2026-11-19 |                  |
    | asha    | do_1      |          |           |             |                |        | d1        | mobile_web     | 2026-11-19 |                  |
    | ravi    | do_1.img  |          |           |             |                | true   | d2        | portal         | 2026-11-20 |                  |
    | ravi    | do_1      |          |           |             |                |        | d2        | portal_unknown | 2026-11-20 |                  |
    | ravi    | do_1      |          |           |             |                |        | d2        | desktop        | 2026-11-20 |                  |
    | ravi    | do_1      |          |           |             |                |        | d2        |                | 2026-11-20 |                  |
    | uma     | do_1      |          |           |             |                |        | d3        | app            | 2026-11-21 |                  |
    | asha    | do_3      |          |           |             |                |        | d1        | app            |            |                  |
    | one     | do_4      | b1       |           |             |                |        |           | app            |            |                  |
    | one     | do_4      |          |           |             |                |        |           | app            |            |                  |
    | two     | do_4      |          |           |             |                |        |           | app            |            |                  |
    | three   | do_4      |          |           |             |                |        |           | app            |            |                  |
    | asha    | do_5      |          |           |             |                | false  | d1        | portal         |            |                  |
    | asha    | do_5      |          |           |             |                | true   | d1        | portal         |            |                  |
    |         | do_5      |          |           |             |                |        | d8        | portal         |            |                  |
    |         | do_5      |          |           |             |                |        | d8        | portal         |            |                  |
    |         | do_5      |          |           |             |                |        | d9        | portal         |            |                  |
    | mira    | do_7      |          | do_6      | Course      | m6             |        |           | mobile_web     |            |                  |
    | mira    |           |          | do_6      | Certificate | m7             |        |           | mobile_web     |            |                  |
    | mira    |           |          | do_1      | Course      | m7             |        |           | mobile_web     |            |                  |
    | mira    |           |          | mira      | User        | m7             |        |           | mobile_web     |            |                  |
    | mira    |           |          |           |             | m0             |        |           | mobile_web     |            |                  |
    | tara    |           |          | tara      | User        |                |        |           | mobile_web     |            |                  |
    | tara    |           |          | tara      | User        |                |        |           | mobile_web     |            | 2026-10-01T00:00 |
    | mira    |           |          | mira      | User        |                |        |           | mobile_web     |            |                  |
    |         |           |          |           |             |                |        | d7        | mobile_web     |            |                  |
"""


@pytest.fixture(scope="module")
def found(spark):
    """{(course or '', client): row} of everything that is drawn above."""
    courses = ("do_1", "do_2", "do_9")
    return ratios(enrolments(*ISSUED), clicks(CLICKS), REPLACED, courses=courses)


def test_downloads_are_told_by_client_and_their_sum_is_all(found):
    course = {client: row for (course, client), row in found.items() if course == "do_1"}
    assert {client: row.download_count for client, row in course.items()} == {
        "all": 7, "app": 2, "mobile_web": 1, "portal": 1, "portal_unknown": 1, "desktop": 1,
        "unknown": 1,
    }  # fmt: skip
    every = course["all"]
    assert (every.issued_count, every.download_on_day_count, every.user_count) == (3, 5, 2)
    # A ratio of downloads may be over one; that of certificates never is.
    assert (every.download_ratio, every.unique_download_ratio) == (2.3333, 0.6667)
    assert (every.day_to_date_ratio, every.day_ratio) == (1.6667, None)
    assert course["app"].download_ratio == 0.6667
    assert (every.course_name, every.course_channel) == ("Course do_1", "ka")
    assert CERTIFICATE_DOWNLOAD_RATIO_DAILY.columns == list(every.asDict())


def test_all_courses_are_a_sum_over_a_sum_and_keep_what_has_no_course(found):
    courses = [row for (course, client), row in found.items() if course and client == "all"]
    every = found["", "all"]
    assert every.issued_count == sum(row.issued_count for row in courses) == 10
    known = sum(row.download_count for row in courses)
    assert (known, every.unattributed_count, every.download_count) == (22, 3, 25)
    assert (every.download_ratio, every.coverage_ratio) == (2.5, 0.88)
    # Who is in two courses is one user.
    assert every.user_count < sum(row.user_count for row in courses)
    assert (found["", "app"].unattributed_count, found["", "app"].coverage_ratio) == (0, 1)


def test_of_a_course_without_certificates_there_is_no_ratio_and_the_row_stays(found):
    empty, unissued = found["do_9", "all"], found["do_3", "all"]
    assert (empty.issued_count, empty.download_count, empty.download_ratio) == (0, 0, None)
    assert (unissued.download_count, unissued.without_certificate_count) == (1, 1)
    assert (unissued.download_ratio, unissued.unique_download_ratio) == (None, None)
    assert found["do_2", "all"].download_ratio == 0.0


def test_certificate_of_the_clicked_batch_counts_and_else_the_last_issued_by_then(found):
    row = found["do_4", "all"]
    assert (row.issued_count, row.downloaded_certificate_count) == (3, 3)
    assert (row.download_count, row.without_certificate_count) == (4, 0)


def test_somebody_elses_certificate_is_told_apart_and_nobody_is_told_by_device(found):
    row = found["do_5", "portal"]
    assert (row.download_count, row.others_click_count) == (4, 1)
    assert (row.user_count, row.anonymous_device_count) == (1, 2)


def test_course_is_resolved_in_its_order(found):
    of_course = {
        course: row.download_count
        for (course, client), row in found.items()
        if client == "mobile_web" and course in ("do_6", "do_7")
    }
    # By the object that is held, by a replaced id, by the only certificate; by what is said, and
    # twice by the id where the object is of another page. The last three of the drawing: nothing.
    assert of_course == {"do_6": 3, "do_7": 3}
    assert found["do_6", "mobile_web"].inferred_count == 1
    assert found["", "mobile_web"].unattributed_count == 3


def test_issued_is_one_per_learner_course_batch_and_name_of_both_lists():
    certificates = given(
        enrolments(
            # Both lists hold one, and it was issued anew under another id: one certificate.
            ("asha", "do_1", "b1", [entry("old"), entry("new", name="completion ")]),
            # Completion and merit are two.
            ("ravi", "do_1", "b1", [entry("c3"), entry("c4", name="Merit")]),
            ("uma", "do_1", "b1", [entry("c5"), {"name": "Completion", "identifier": ""}]),
            ("leela", "do_1", "b1", [entry("revoked"), {"id": "c6", "name": "Old PDF"}]),
            ("nobody", "do_1", "b1", None),
        ),
        registry="""
            | id      | userid | courseid | batchid | status  |
            | revoked | leela  | do_1     | b1      | REVOKED |
        """,
        own=[
            ("new", "asha", "do_1", "b1", "Completion", None, None, "ACTIVE"),
            ("ours", "mira", "do_1", "b1", "Completion", None, None, "ACTIVE"),
            ("gone", "tara", "do_1", "b1", "Completion", None, None, "REVOKED"),
        ],
    )

    rows = certificates.certificates.collect()
    assert sorted((row.user_id, row.name_key) for row in rows) == [
        ("asha", "completion"), ("leela", "old pdf"), ("mira", "completion"),
        ("ravi", "completion"), ("ravi", "merit"), ("uma", "completion"),
    ]  # fmt: skip


def test_day_of_issue_is_the_first_that_is_known():
    certificates = given(
        enrolments(
            ("asha", "do_1", "b1", [entry("c1", issued="2026-11-19T19:00:00Z"), entry("c2")]),
            ("ravi", "do_1", "b1", [{"identifier": "c3", "name": "x", "lastIssuedOn": "soon"}]),
            ("uma", "do_1", "b1", [{"identifier": "c4", "name": "x"}]),
        ),
        registry="""
            | id | issuedon         |
            | c3 | 2026-11-19T18:30 |
        """,
    )

    issued_on = {row.user_id: row.issued_on for row in certificates.certificates.collect()}
    assert issued_on == {"asha": date(2026, 11, 1), "ravi": DAY, "uma": None}
