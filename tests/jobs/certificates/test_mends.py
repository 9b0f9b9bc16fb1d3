"""Statements for the platform: guarded, and of nothing but what was proposed."""

from datetime import UTC, datetime, timedelta, timezone

from jobs.certificates.mends import statements, write_statements

AT = datetime(2026, 2, 3, 10, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
ROW = {"user_id": "o'brien", "course_id": "do_1", "batch_id": "b1", "proposed_value": AT}
WHERE = "WHERE userid = 'o''brien' AND courseid = 'do_1' AND batchid = 'b1'"
DATE = ROW | {"problem": "enrolment_date_missing", "stale_contents": None}
DONE = ROW | {"problem": "completion_missing", "stale_contents": None}
STALE = ROW | {"problem": "content_status_stale", "stale_contents": ["n", "x"]}


def test_a_value_that_the_platform_holds_by_then_is_not_overwritten():
    assert statements(DATE) == [
        "UPDATE sunbird_courses.user_enrolments SET enrolled_date = '2026-02-03 04:30:00+0000'"  # noqa: S608
        f" {WHERE} IF enrolled_date = null AND enrolleddate = null AND active = true;"
    ]
    assert statements(DONE) == [
        "UPDATE sunbird_courses.user_enrolments SET completedon = '2026-02-03 04:30:00+0000',"  # noqa: S608
        f" status = 2 {WHERE} IF completedon = null AND active = true;"
    ]


def test_a_content_status_is_never_written_as_a_whole(tmp_path):
    assert statements(STALE) == [
        f"DELETE contentstatus['{content}'] FROM sunbird_courses.user_enrolments {WHERE}"
        " IF completedon = null AND active = true;"
        for content in ("n", "x")
    ]
    path = tmp_path / "file"
    assert write_statements(path, [[DATE], [DONE, STALE]]) == 4
    assert len(path.read_text().splitlines()) == 5
    assert AT.astimezone(UTC).hour == 4
