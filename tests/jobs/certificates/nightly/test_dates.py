"""When a learner completed and learnt, and what is left of the course: cases 53 to 59."""

from tests.jobs.certificates.nightly.night import case

ONE_LEARNER = """
    | user_id |
    | asha    |
"""
ONE_VERSION = """
    | version_id |
    | v1         |
"""


@case(
    53,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | completed_at        |
        | asha    | 2026-05-31T09:30    |
        | ravi    | 2026-05-31T18:29:59 |
    """,
)
def test_case_53_the_last_day_of_the_batch_is_inside_to_its_end_in_india(found):
    assert found.missed == {"asha": "v1", "ravi": "v1"}


@case(
    54,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | completed_at     |
        | asha    | 2026-05-31T18:30 |
        | ravi    | 2026-05-31T18:30 |
    """,
    consumption="""
        | userid | contentid | last_completed_time | lastcompletedtime            |
        | asha   | q1        |                     | 2026-05-31 18:29:00:000+0000 |
        | asha   | video     | 2026-05-20T10:00    | 2026-06-20 10:00:00:000+0000 |
        | ravi   | q1        | 2026-05-31T18:31    |                              |
    """,
)
def test_case_54_noted_after_the_end_counts_where_it_was_learnt_in_time(found):
    assert (found.missed, found.held) == ({"asha": "v1"}, {"ravi": "completed_after_end"})
    assert found.flags("asha") == ["after_end_by_lag"]


@case(
    55,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | enrolled_at | completed_at     |
        | asha    | 2026-03-01  | 2026-02-01T10:00 |
        | ravi    | 2026-01-01  | 2026-01-01T10:00 |
    """,
)
def test_case_55_completed_before_enrolment_or_start_is_flagged_and_not_blocked(found):
    assert found.missed == {"asha": "v1", "ravi": "v1"}
    assert found.flags("asha") == ["before_enrolment"]
    assert found.flags("ravi") == ["before_batch_start"]


@case(
    56,
    associations="""
        | version_id | valid_from       |
        | v1         | 2026-02-01T09:00 |
    """,
    enrolments=ONE_LEARNER,
    consumption="""
        | userid | contentid | last_completed_time |
        | asha   | q1        | 2026-02-01T08:59    |
    """,
)
def test_case_56_learnt_before_the_template_and_noted_after_it_is_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["lag_boundary"]


@case(
    58,
    associations=ONE_VERSION,
    enrolments=ONE_LEARNER,
    progress="| user_id | progress_pct | completed_on |\n| asha | 60 | 2026-02-01 |",
)
def test_case_58_contents_added_after_the_completion_take_nothing_away(found):
    assert (found.missed, found.problems) == ({"asha": "v1"}, {})


@case(
    59,
    associations="""
        | version_id | scope  | batch_id |
        | v1         | batch  | gone     |
        | v2         | course |          |
    """,
    enrolments="""
        | batch_id | user_id |
        | gone     | asha    |
        | other    | ravi    |
    """,
    batches="none",
    collections="""
        | status  |
        | Retired |
    """,
)
def test_case_59_a_retired_course_or_a_missing_batch_is_told_and_not_dropped(found):
    assert (found.missed, found.held) == ({"asha@gone": "v1"}, {"ravi@other": "batch_missing"})
    assert found.flags("asha@gone") == ["batch_missing", "course_retired"]
