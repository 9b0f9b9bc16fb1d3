"""Which version of a template a learner earned: cases 1 to 9, 71 and 72."""

from tests.jobs.certificates.nightly.night import case


@case(
    1,
    associations="""
        | version_id | valid_from |
        | v1         | 2026-01-20 |
    """,
    enrolments="""
        | user_id | enrolled_at | completed_at     |
        | asha    | 2026-01-05  | 2026-02-01T10:00 |
    """,
)
def test_case_1_attached_after_the_enrolment_and_before_the_completion_is_missed(found):
    assert found.missed == {"asha": "v1"}


@case(
    2,
    associations="""
        | version_id | valid_from |
        | v1         | 2026-02-02 |
    """,
    enrolments="""
        | user_id | completed_at     |
        | asha    | 2026-02-01T10:00 |
    """,
)
def test_case_2_attached_after_the_completion_earns_nothing(found):
    assert (found.missed, found.held, found.problems) == ({}, {}, {})


@case(
    3,
    associations="""
        | version_id | valid_from | valid_to   |
        | v1         | 2026-01-01 | 2026-03-01 |
    """,
    enrolments="""
        | user_id | certificates                                           |
        | asha    | [{"identifier": "1-a", "name": "Course completion"}]    |
    """,
    registry="""
        | id  | userid |
        | 1-a | asha   |
    """,
)
def test_case_3_issued_and_removed_later_needs_nothing(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    4,
    associations="""
        | version_id | template_id | template_name | valid_from | valid_to   |
        | v1         | T1          | First         | 2026-01-01 | 2026-03-01 |
        | v2         | T2          | Second        | 2026-03-01 |            |
    """,
    enrolments="""
        | user_id | certificates                            |
        | asha    | [{"identifier": "4-a", "name": "First"}] |
    """,
    registry="""
        | id  | userid |
        | 4-a | asha   |
    """,
)
def test_case_4_a_later_template_is_not_earned_beside_the_issued_one(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    5,
    associations="""
        | version_id | valid_from | valid_to   |
        | v1         | 2026-01-01 | 2026-03-01 |
        | v1b        | 2026-03-01 |            |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_5_updated_since_is_missed_as_it_was(found):
    assert found.missed == {"asha": "v1"}


@case(
    6,
    associations="""
        | version_id | valid_from | valid_to   |
        | v1         | 2026-01-01 | 2026-03-01 |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_6_removed_since_is_missed_as_it_was(found):
    assert found.missed == {"asha": "v1"}


@case(
    7,
    associations="""
        | version_id | template_id | valid_from | valid_to   |
        | v1         | T1          | 2026-01-01 | 2026-01-31 |
        | v2         | T2          | 2026-02-02 |            |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_7_completed_in_the_gap_between_two_templates_earns_nothing(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    8,
    associations="""
        | version_id | valid_from | valid_to   |
        | v1         | 2026-01-01 | 2026-02-15 |
        | v2         | 2026-03-01 |            |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_8_attached_again_is_the_version_of_the_first_period(found):
    assert found.missed == {"asha": "v1"}


@case(
    9,
    associations="""
        | version_id | valid_from       | valid_to         |
        | v1         | 2026-02-01T10:00 | 2026-02-01T11:00 |
    """,
    enrolments="""
        | user_id | completed_at     |
        | asha    | 2026-02-01T10:00 |
        | ravi    | 2026-02-01T11:00 |
    """,
)
def test_case_9_the_first_instant_counts_and_the_last_does_not(found):
    assert found.missed == {"asha": "v1"}


@case(
    71,
    associations="""
        | version_id | valid_from |
        | v1         | 2026-07-01 |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_71_a_template_of_the_future_is_not_active(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    72,
    associations="""
        | version_id | origin  | artwork_key | valid_from | valid_to   | unsure_since | unsure_until |
        | v1         | watched | key         | 2026-02-02 |            | 2026-02-01   |              |
    """,
    enrolments="""
        | user_id |
        | asha    |
    """,
)
def test_case_72_completed_between_two_looks_waits_for_a_person(found):
    assert (found.missed, found.held) == ({}, {"asha": "unsure_version"})
