"""Enrolments as they are in the wild: cases 11 to 19, 46 and 47."""

from tests.jobs.certificates.nightly.night import case

ONE_LEARNER = """
    | user_id |
    | asha    |
"""
OF_A_COURSE = """
    | scope  | tenant_id |
    | course | ap        |
"""
ONE_VERSION = """
    | version_id |
    | v1         |
"""


@case(
    11,
    associations=OF_A_COURSE,
    enrolments="""
        | batch_id | user_id |
        | open     | asha    |
        | invited  | ravi    |
    """,
    batches="""
        | batch_id | enrolment_type |
        | open     | open           |
        | invited  | invite-only    |
    """,
)
def test_case_11_open_and_invite_only_batches_are_treated_alike(found):
    assert found.missed == {"asha@open": "v1", "ravi@invited": "v1"}


@case(
    12,
    associations=OF_A_COURSE,
    enrolments=ONE_LEARNER,
    batches="""
        | batch_id | created_for |
        | b        | ["kerala"]  |
    """,
)
def test_case_12_a_batch_of_another_tenant_does_not_inherit(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    13,
    associations=OF_A_COURSE,
    enrolments="""
        | batch_id | user_id |
        | none     | asha    |
        | empty    | ravi    |
    """,
    batches="""
        | batch_id | created_for |
        | none     | []          |
        | empty    | [""]        |
    """,
)
def test_case_13_a_batch_of_no_tenant_is_told_and_not_issued(found):
    assert (found.missed, found.held) == (
        {}, {"asha@none": "no_tenant", "ravi@empty": "no_tenant"},
    )  # fmt: skip


@case(
    14,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | status | completed_at |
        | asha    | 1      |              |
    """,
    progress="""
        | user_id | progress_pct | completed_on |
        | asha    | 100          |              |
        | ravi    | 99           |              |
    """,
)
def test_case_14_all_contents_and_no_completion_is_listed_as_such(found):
    assert (found.missed, found.problems) == ({}, {"asha": "completion_missing"})


@case(
    15,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | completed_at | certificates                              |
        | asha    |              | []                                        |
        | ravi    |              | [{"id": "r", "name": "Course completion"}] |
    """,
)
def test_case_15_completed_without_a_date_is_listed_unless_a_certificate_is_there(found):
    assert (found.missed, found.problems) == ({}, {"asha": "no_completion_date"})


@case(
    16,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | status |
        | asha    | 1      |
        | ravi    |        |
    """,
)
def test_case_16_a_date_without_the_status_is_listed(found):
    assert (found.missed, found.problems) == (
        {}, {"asha": "status_not_completed", "ravi": "status_not_completed"},
    )  # fmt: skip


@case(
    17,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | is_active |
        | asha    | false     |
    """,
)
def test_case_17_who_left_the_batch_earns_nothing(found):
    assert (found.missed, found.held, found.problems) == ({}, {}, {})


@case(
    18,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | is_active | has_active_mark |
        | asha    | false     | false           |
    """,
)
def test_case_18_an_old_row_without_a_mark_counts_and_is_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["active_unmarked"]


@case(
    19,
    associations="""
        | version_id | batch_id |
        | v1         | first    |
        | v2         | second   |
    """,
    enrolments="""
        | batch_id | user_id |
        | first    | asha    |
        | second   | asha    |
    """,
)
def test_case_19_two_batches_of_a_course_are_two_certificates(found):
    assert found.missed == {"asha@first": "v1", "asha@second": "v2"}


@case(
    46,
    associations=ONE_VERSION,
    enrolments="""
        | user_id |
        | asha    |
        | ravi    |
    """,
    learners="""
        | user_id | is_active | user_name |
        | asha    | false     |           |
    """,
)
def test_case_46_a_deleted_learner_is_held_and_the_others_are_not(found):
    assert (found.missed, found.held) == ({"ravi": "v1"}, {"asha": "learner_inactive"})


@case(
    47,
    associations=ONE_VERSION,
    enrolments=ONE_LEARNER,
    learners="| user_id | user_name |\n| asha |  |",
)
def test_case_47_who_has_no_name_at_all_is_held(found):
    assert found.held == {"asha": "no_name"}
