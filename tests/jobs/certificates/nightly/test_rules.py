"""Rules in every shape that is found: cases 37 to 45 and 69."""

from tests.jobs.certificates.nightly.night import case

TWO = """
    | user_id |
    | asha    |
    | ravi    |
"""
SCORES = """
    | batch_id | user_id | attempt_id | score |
    | text     | asha    | 1          | 80    |
    | decimal  | asha    | 1          | 80    |
    | blanks   | asha    | 1          | 80    |
    | percent  | asha    | 1          | 80    |
    | percent  | ravi    | 1          | 79.9  |
"""


@case(
    37,
    associations="""
        | batch_id | rule                                   |
        | text     | {"assessment":{"score":{">=":"80"}}}   |
        | decimal  | {"assessment":{"score":{">=":80.0}}}   |
        | blanks   | {"assessment":{"score":{">=":" 80 "}}} |
        | percent  | {"assessment":{"score":{">=":"80%"}}}  |
    """,
    enrolments="""
        | batch_id | user_id |
        | text     | asha    |
        | decimal  | asha    |
        | blanks   | asha    |
        | percent  | asha    |
        | percent  | ravi    |
    """,
    attempts=SCORES,
)
def test_case_37_eighty_is_eighty_however_it_is_written(found):
    assert set(found.missed) == {"asha@text", "asha@decimal", "asha@blanks", "asha@percent"}


@case(
    38,
    associations="""
        | rule                          |
        | {"enrollment":{"status":"2"}} |
    """,
    enrolments=TWO,
)
def test_case_38_a_status_written_as_text_is_met(found):
    assert set(found.missed) == {"asha", "ravi"}


@case(
    39,
    associations="""
        | rule                        |
        | {"assessment":{"score":80}} |
    """,
    enrolments=TWO,
    attempts="""
        | user_id | attempt_id | score |
        | asha    | 1          | 80    |
        | ravi    | 1          | 81    |
    """,
)
def test_case_39_a_bare_number_is_equal_to_it_and_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["bare_value"]


@case(
    40,
    associations="""
        | rule                        |
        | {"user":{"rootOrgId":"ap"}} |
    """,
    enrolments="""
        | user_id | status | is_active | completed_at     |
        | asha    | 2      | true      | 2026-02-01T10:00 |
        | ravi    | 1      | true      |                  |
        | mira    | 2      | false     | 2026-02-01T10:00 |
    """,
)
def test_case_40_a_rule_on_the_learner_alone_still_asks_for_a_completed_enrolment(found):
    assert found.missed == {"asha": "v1"}


@case(
    41,
    associations="""
        | batch_id | rule             |
        | empty    | {}               |
        | broken   | {"enrollment":   |
        | unknown  | {"score":{">=":40},"luck":1} |
    """,
    enrolments="""
        | batch_id | user_id |
        | empty    | asha    |
        | broken   | asha    |
        | broken   | ravi    |
        | unknown  | asha    |
    """,
)
def test_case_41_a_rule_that_cannot_be_used_is_told_with_its_learners(found):
    assert found.missed == {}
    assert found.held == dict.fromkeys(
        ("asha@empty", "asha@broken", "ravi@broken", "asha@unknown"), "rule_unusable"
    )


@case(
    42,
    associations="""
        | batch_id | rule                                                    |
        | blank    | {"enrollment":{"status":2},"user":{"rootOrgId":""}}     |
        | all      | {"enrollment":{"status":2},"user":{"rootOrgId":"All"}}  |
    """,
    enrolments="""
        | batch_id | user_id |
        | blank    | asha    |
        | all      | asha    |
    """,
    learners="""
        | user_id | root_org_id |
        | asha    | kerala      |
    """,
)
def test_case_42_everybody_is_no_condition_on_the_organisation(found):
    assert set(found.missed) == {"asha@blank", "asha@all"}


@case(
    43,
    associations="""
        | batch_id | tenant_id | rule                              |
        | known    | ap        | {"user":{"rootOrgId":"?channel"}} |
        | unknown  |           | {"user":{"rootOrgId":"?channel"}} |
    """,
    enrolments="""
        | batch_id | user_id |
        | known    | asha    |
        | known    | ravi    |
        | unknown  | asha    |
    """,
    learners="""
        | user_id | root_org_id |
        | ravi    | kerala      |
    """,
)
def test_case_43_the_placeholder_is_the_tenant_or_the_rule_cannot_be_used(found):
    assert (set(found.missed), found.held) == ({"asha@known"}, {"asha@unknown": "rule_unusable"})


@case(
    44,
    associations="""
        | rule                                                  |
        | {"enrollment":{"status":2},"user":{"rootOrgId":"ap"}} |
    """,
    enrolments=TWO,
    learners="""
        | user_id | root_org_id |
        | ravi    | custodian   |
    """,
)
def test_cases_44_and_45_the_organisation_of_today_decides_and_is_flagged(found):
    assert found.missed == {"asha": "v1"}
    assert found.flags("asha") == ["organisation_of_today"]


@case(
    69,
    associations="""
        | batch_id | rule                                                        |
        | age      | [{"key":"age","expression":"<=","value":"20"}]              |
        | time     | [{"key":"timespent","expression":"<","value":"3600000"}]    |
        | share    | [{"key":"completed","expression":">","value":"60"}]         |
    """,
    enrolments="""
        | batch_id | user_id | completed_at     | content_status                       |
        | age      | asha    | 2026-02-01T10:00 | {}                                   |
        | age      | ravi    | 2026-02-01T10:00 | {}                                   |
        | age      | mira    | 2026-02-01T10:00 | {}                                   |
        | time     | asha    | 2026-02-01T10:00 | {}                                   |
        | time     | ravi    | 2026-02-01T10:00 | {}                                   |
        | share    | asha    | 2026-02-01T10:00 | {"video": 2, "q1": 2, "q2": 2, "x": 2} |
        | share    | ravi    | 2026-02-01T10:00 | {"video": 2, "q1": 1, "q2": 2, "x": 2} |
    """,
    learners="""
        | user_id | born_on    |
        | asha    |            |
        | ravi    | 2005-02-02 |
        | mira    | 2005-02-01 |
    """,
    consumption="""
        | userid | batchid | contentid | timespent |
        | asha   | time    | video     | 3000000   |
        | asha   | time    | q1        | 599999    |
    """,
)
def test_case_69_what_is_not_known_is_not_met_and_why_is_recorded(found):
    assert set(found.missed) == {"ravi@age", "asha@time", "asha@share"}
    assert found.tally[("unknown", "no_birth_date")] == 1
    assert found.tally[("unknown", "no_time_spent")] == 1
