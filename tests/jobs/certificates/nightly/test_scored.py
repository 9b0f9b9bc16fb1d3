"""Rules that ask for a score: cases 27 to 36, 68 and 70."""

from tests.jobs.certificates.nightly.night import case

EIGHTY = """
    | rule                                                                |
    | {"enrollment": {"status": 2}, "assessment": {"score": {">=": 80}}}   |
"""


def learners(*names):
    return "\n".join(["| user_id |", *(f"| {name} |" for name in names)])


@case(
    27,
    associations=EIGHTY,
    enrolments=learners("asha", "ravi"),
    attempts="""
        | user_id | attempt_id | score | max_score |
        | asha    | 1          | 7999  | 10000     |
        | ravi    | 1          | 8000  | 10000     |
    """,
)
def test_case_27_just_below_is_not_met_although_a_report_prints_80(found):
    assert found.missed == {"ravi": "v1"}
    assert found.tally == {("met", ""): 1, ("not_met", ""): 1}


@case(
    28,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | attempt_id | score              | max_score |
        | asha    | 1          | 0.7999999999999999 | 1         |
    """,
)
def test_case_28_eight_times_a_tenth_is_80_percent(found):
    assert found.missed == {"asha": "v1"}


@case(
    29,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | content_id | attempt_id | score |
        | asha    | q1         | 1          | 50    |
        | asha    | q2         | 1          | 90    |
    """,
)
def test_case_29_the_best_of_several_assessments_counts(found):
    assert found.missed == {"asha": "v1"}


@case(
    30,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | attempt_id | score | attempted_at |
        | asha    | 1          | 90    | 2026-01-20   |
        | asha    | 2          | 40    | 2026-02-20   |
    """,
)
def test_case_30_a_worse_attempt_later_takes_nothing_away(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == []


@case(
    31,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | attempt_id | score | max_score |
        | asha    | 1          | 8     | 20        |
        | asha    | 2          | 7     | 7         |
    """,
    activity="""
        | user_id | aggregates                             |
        | asha    | {"score:q1": 8.0, "max_score:q1": 20.0} |
    """,
)
def test_case_31_the_best_share_counts_and_another_figure_of_the_platform_is_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["score_disputed"]


@case(
    32,
    associations=EIGHTY,
    enrolments=learners("asha", "ravi"),
    attempts="""
        | user_id | attempt_id | score | max_score |
        | asha    | 1          | 8     | 0         |
        | ravi    | 1          | 8     |           |
    """,
)
def test_case_32_a_score_of_nothing_is_unknown_and_listed(found):
    assert (found.missed, found.problems) == (
        {}, {"asha": "rule_unknown", "ravi": "rule_unknown"},
    )  # fmt: skip
    assert found.tally == {("unknown", "max_score_missing"): 2}


@case(
    33,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | content_id | attempt_id | score |
        | asha    | practice   | 1          | 100   |
    """,
)
def test_case_33_practice_is_no_assessment(found):
    assert (found.missed, found.problems) == ({}, {})
    assert found.tally == {("unknown", "no_score"): 1}


@case(
    34,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | content_id | attempt_id | score |
        | asha    | unheard    | 1          | 100   |
    """,
)
def test_case_34_an_attempt_at_a_content_that_the_course_does_not_tell_of_is_listed(found):
    assert found.problems == {"asha": "rule_unknown"}
    assert found.tally == {("unknown", "assessment_type_unknown"): 1}


@case(
    35,
    associations=EIGHTY,
    enrolments=learners("asha", "ravi"),
    attempts="""
        | user_id | attempt_id | score |
        | ravi    | 1          | 85    |
    """,
    activity="""
        | user_id | aggregates                               |
        | asha    | {"score:q1": 85.0, "max_score:q1": 100.0} |
        | ravi    | {"completedCount": 4.0}                   |
    """,
)
def test_case_35_the_aggregate_serves_without_attempts_and_they_without_it(found):
    assert found.missed == {"asha": "v1", "ravi": "v1"}


@case(
    36,
    associations=EIGHTY,
    enrolments=learners("merged", "closed", "untried"),
    learners="""
        | user_id | is_active |
        | closed  | false     |
    """,
    attempts="""
        | user_id | attempt_id | score |
        | closed  | 1          | 90    |
    """,
    activity="""
        | user_id | aggregates                                                      |
        | merged  | {"completedCount": 4.0}                                         |
        | closed  | {"completedCount": 4.0, "score:q1": 90.0, "max_score:q1": 100.0} |
        | untried | {"completedCount": 2.0}                                         |
    """,
)
def test_case_36_of_merged_accounts_the_open_one_is_listed_and_the_closed_one_held(found):
    assert (found.missed, found.held) == ({}, {"closed": "learner_inactive"})
    assert found.problems == {"merged": "rule_unknown"}
    assert found.tally == {
        ("met", ""): 1, ("unknown", "attempts_gone"): 1, ("unknown", "no_score"): 1,
    }  # fmt: skip


@case(
    68,
    associations="""
        | rule |
        | {"op":"OR","rules":[{"key":"score","cmp":">=","value":"80"},{"key":"top","cmp":"max","value":"1"}]} |
    """,
    enrolments=learners("asha", "ravi", "mira"),
    attempts="""
        | user_id | attempt_id | score |
        | asha    | 1          | 85    |
        | ravi    | 1          | 81    |
        | mira    | 1          | 79    |
    """,
)
def test_case_68_either_of_two_suffices_and_the_reason_says_which(found):
    assert {user: row.rule_said for user, row in found.rows.items()} == {
        "asha": "score >= 80; top 1",
        "ravi": "score >= 80",
    }


@case(
    70,
    associations="""
        | batch_id | rule                                          |
        | over     | [{"key":"top","expression":"max","value":"2"}] |
        | open     | [{"key":"top","expression":"max","value":"2"}] |
    """,
    enrolments="""
        | batch_id | user_id | certificates                              |
        | over     | asha    | [{"id": "a", "name": "course completion"}] |
        | over     | ravi    | []                                        |
        | over     | mira    | []                                        |
        | over     | joy     | []                                        |
        | open     | asha    | []                                        |
    """,
    batches="""
        | batch_id | created_for | end_on     |
        | over     | ["ap"]      | 2026-05-31 |
        | open     | ["ap"]      | 2026-06-02 |
    """,
    attempts="""
        | batch_id | user_id | attempt_id | score | attempted_at |
        | over     | asha    | 1          | 99    | 2026-01-20   |
        | over     | ravi    | 1          | 85    | 2026-01-20   |
        | over     | mira    | 1          | 85    | 2026-01-20   |
        | over     | joy     | 1          | 84    | 2026-01-20   |
        | open     | asha    | 1          | 99    | 2026-01-20   |
    """,
)
def test_case_70_ties_at_the_last_place_are_in_and_nobody_is_before_the_batch_has_ended(found):
    assert set(found.missed) == {"ravi@over", "mira@over"}
    assert found.held == {"asha@open": "top_not_final"}


@case(
    701,
    associations=EIGHTY,
    enrolments=learners("asha"),
    attempts="""
        | user_id | attempt_id | score | attempted_at |
        | asha    | 1          | 90    | 2026-03-01   |
    """,
)
def test_a_score_reached_after_the_completion_counts_and_is_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["earned_after_completion"]
