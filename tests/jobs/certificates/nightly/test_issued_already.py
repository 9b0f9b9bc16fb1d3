"""What counts as issued: cases 20 to 26."""

from tests.jobs.certificates.nightly.night import case

ONE_VERSION = """
    | version_id |
    | v1         |
"""
ONE_LEARNER = """
    | user_id |
    | asha    |
"""


@case(
    20,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | certificates                                                                |
        | asha    | [{"id": "old", "name": "Course completion", "url": "https://x/certs/a.pdf"}] |
    """,
)
def test_case_20_a_certificate_of_the_old_list_is_one(found):
    assert (found.missed, found.held) == ({}, {})


@case(
    21,
    associations="""
        | template_name               |
        | Certificate  of  Completion |
    """,
    enrolments="""
        | user_id | certificates                                                     |
        | asha    | [{"identifier": "21-a", "name": " CERTIFICATE of\\u00a0 completion"}] |
        | ravi    | [{"identifier": "21-b", "name": "Certificate of completions"}]     |
    """,
    registry="""
        | id   |
        | 21-a |
        | 21-b |
    """,
)
def test_case_21_the_same_name_in_other_case_and_blanks_is_the_same(found):
    assert found.missed == {"ravi": "v1"}


@case(
    22,
    associations="""
        | version_id | template_id | certificate_type | template_name |
        | v1         | T1          | completion       | Completion    |
        | m1         | T2          | merit            | Merit         |
    """,
    enrolments="""
        | user_id | certificates                                     |
        | asha    | [{"identifier": "22-a", "name": "Completion"}]   |
    """,
    registry="""
        | id   |
        | 22-a |
    """,
)
def test_case_22_merit_is_missed_beside_an_issued_completion(found):
    assert found.missed == {"asha/T2": "m1"}


@case(
    23,
    associations="""
        | version_id | template_id | certificate_type |
        | v1         | T1          | completion       |
        | m1         | T2          | merit            |
    """,
    enrolments="""
        | user_id | certificates                                                |
        | asha    | [{"id": "a", "name": "Course completion"}]                   |
        | ravi    | [{"id": "a", "name": "Course completion"}, {"id": "b", "name": "Course completion"}] |
    """,
)
def test_case_23_one_certificate_under_a_name_of_two_templates_is_ambiguous(found):
    assert (found.missed, found.held) == ({}, {"asha": "name_twice", "asha/T2": "name_twice"})


@case(
    24,
    associations="""
        | version_id | template_id | template_name | flags          |
        | v1         | T1          | Old           | ["type_twice"] |
        | v2         | T2          | New           | ["type_twice"] |
    """,
    enrolments="""
        | user_id | certificates                 |
        | asha    | [{"id": "a", "name": "Old"}] |
    """,
)
def test_case_24_two_templates_left_attached_are_each_looked_at_with_a_warning(found):
    assert found.missed == {"asha/T2": "v2"}
    assert found.flags("asha/T2") == ["type_twice"]


@case(
    25,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | certificates                                               |
        | asha    | [{"identifier": " ", "name": "Course completion"}]          |
        | ravi    | [{"identifier": "25-gone", "name": "Course completion"}]    |
        | mira    | [{"identifier": "25-there", "name": "Course completion"}]   |
    """,
    registry="""
        | id       |
        | 25-there |
    """,
)
def test_case_25_a_broken_issue_is_listed_to_be_issued_again_in_its_place(found):
    assert found.held == {"asha": "broken_issue", "ravi": "broken_issue"}
    assert (found.rows["asha"].replaces_id, found.rows["ravi"].replaces_id) == (None, "25-gone")


@case(
    26,
    associations=ONE_VERSION,
    enrolments="""
        | user_id |
        | asha    |
        | ravi    |
        | mira    |
        | joy     |
    """,
    registry="""
        | id   | userid | batchid | courseid | templateid | status  |
        | 26-a | asha   | b       | c        | T1         | REVOKED |
        | 26-b | ravi   | b       | c        |            | deleted |
        | 26-c | mira   | b       | c        | T1         | ACTIVE  |
        | 26-d | joy    | b       | c        | T2         | REVOKED |
    """,
)
def test_case_26_what_was_revoked_on_purpose_is_not_issued_again(found):
    assert found.held == {"asha": "revoked", "ravi": "revoked"}
    assert found.missed == {"joy": "v1"}


@case(
    261,
    associations=ONE_VERSION,
    enrolments="""
        | user_id |
        | asha    |
        | ravi    |
    """,
    failures="""
        | user_id | batch_id | course_id | failed_at        | template_id | error           |
        | asha    | b        | c         | 2026-02-01T11:00 | T1          | no signatory    |
        | asha    | b        | c         | 2026-02-01T12:00 |             | registry is 503 |
        | ravi    | b        | c         | 2026-02-01T12:00 | T9          | another one     |
    """,
)
def test_what_the_live_issuer_said_last_of_the_template_is_the_cause(found):
    assert (found.rows["asha"].cause, found.rows["ravi"].cause) == ("registry is 503", None)


@case(
    262,
    associations="""
        | version_id | scope  | valid_from | valid_to   |
        | course     | course | 2026-01-01 |            |
        | batch      | batch  | 2026-01-01 | 2026-02-15 |
    """,
    enrolments="""
        | user_id | completed_at     |
        | asha    | 2026-02-01T10:00 |
        | ravi    | 2026-03-01T10:00 |
    """,
)
def test_the_batch_has_its_own_template_while_it_stands(found):
    assert found.missed == {"asha": "batch", "ravi": "course"}


@case(
    263,
    associations="""
        | origin   | artwork_key | flags          | valid_from | template_id |
        | watched  |             | ["no_artwork"] | 2026-01-01 | T1          |
        | watched  | key         | ["no_artwork"] | 2026-01-01 | T2          |
        | command  |             | []             | 2026-01-01 | T3          |
        | baseline |             | []             | 2026-03-01 | T4          |
    """,
    enrolments=ONE_LEARNER,
)
def test_case_51_without_its_artwork_it_is_held_and_before_the_ledger_only_listed(found):
    assert found.missed == {"asha/T2": "v1/T2", "asha/T3": "v1/T3"}
    assert (found.held, found.problems) == ({"asha": "artwork_missing"}, {"asha": "before_ledger"})


@case(
    264,
    associations=ONE_VERSION,
    enrolments="""
        | user_id | completed_at     |
        | asha    | 1970-01-01T00:00 |
        | ravi    | 2026-06-01T19:01 |
        | mira    | 2026-06-01T19:00 |
    """,
    batches="""
        | created_for | end_on |
        | ["ap"]      |        |
    """,
)
def test_dates_of_1970_and_of_the_future_are_listed_and_earn_nothing(found):
    assert found.problems == {"asha": "implausible_date", "ravi": "completed_in_future"}
    assert found.missed == {"mira": "v1"}
