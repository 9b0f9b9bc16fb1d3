"""Requests that run late: mentor and team hear of it once, whether or not anything runs."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import sql

from jobs.doctor import requests as examined
from jobs.storage.lateness import waited
from jobs.storage.store import Reader
from tests.jobs.delivery.letters import counts, text

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEAM = "team@sunbird.example"


@pytest.fixture
def late(world, store):
    """A world whose only request was asked at AT and is not answered; nothing runs for it."""
    world.settings["team_address"] = TEAM
    mailer, published = world.deliver, []

    def deliver(now):
        if not published:
            world.publish()
        published.append(now)
        return mailer(now)

    def change(**values):
        with store.transaction() as connection:
            for name, value in values.items():
                statement = sql.SQL("UPDATE job_request SET {} = %s")
                connection.execute(statement.format(sql.Identifier(name)), [value])

    world.deliver, world.change = deliver, change
    change(status="SUBMITTED", dt_job_submitted=AT)
    return world


def after(minutes):
    return AT + timedelta(minutes=minutes)


def test_nobody_is_told_before_the_time(late):
    assert late.deliver(after(19)) == counts()


def test_mentor_and_team_are_told_at_twenty_minutes_and_never_again(late):
    assert late.deliver(after(20)) == counts(sent=2)
    told = {message["To"]: message for message in late.messages}
    assert set(told) == {"asha@school.example", TEAM}
    assert told["asha@school.example"]["Subject"] == (
        "Progress report takes longer than usual, 21 Nov 2026"
    )
    assert "Your request is not lost" in text(told["asha@school.example"])
    assert told[TEAM]["Subject"] == "A request runs late (9F86D081)"
    assert "Asked at 2026-11-21 09:00 UTC and not answered after 20 minutes." in text(told[TEAM])
    for minutes in (22, 40, 600):
        assert late.deliver(after(minutes)) == counts()


def test_the_wait_is_told_in_the_mentors_language(late):
    late.learner["language"] = "Hindi"
    late.deliver(after(20))
    (mail,) = [message for message in late.messages if message["To"] != TEAM]
    assert mail["Content-Language"] == "hi"
    assert "आपका अनुरोध खोया नहीं है" in text(mail)
    assert "not lost" not in text(mail)


def test_bound_is_a_setting_and_a_request_being_worked_on_is_watched_too(late):
    late.settings["late_minutes"] = 5
    late.change(status="PROCESSING")
    assert late.deliver(after(5)) == counts(sent=2)


def test_request_of_a_kind_that_is_answered_elsewhere_is_not_watched(late):
    late.change(job_id="cost-exhaust")
    assert late.deliver(after(60)) == counts()


def test_request_asked_again_is_watched_from_then_on(late):
    late.change(dt_job_completed=after(300))
    assert late.deliver(after(310)) == counts()
    assert late.deliver(after(320)) == counts(sent=2)


def test_wait_that_is_over_before_the_mail_went_out_is_not_told_to_the_mentor(late):
    late.script["MAIL"] = ["421 Closing down"] * 2
    late.deliver(after(20))
    late.change(status="SUCCESS")
    late.deliver(after(30))
    late.deliver(after(40))
    assert {message["To"] for message in late.messages} == {TEAM}
    (mentors,) = [notice for notice in late.notices() if notice["kind"] == "exhaust_late"]
    assert mentors["status"] == "obsolete"


def test_unknown_mentor_is_not_told_and_the_team_is_told_of_the_wait_only(late):
    late.learner["email_cipher"] = None
    assert late.deliver(after(20)) == counts(sent=1, failed=1)
    assert late.deliver(after(40)) == counts()


def test_doctor_names_the_late_request(late, store, make_settings):
    with store.transaction() as connection:
        found = {one.part: one for one in examined(connection, make_settings(), after(21))}
    assert not found["requests"].ok
    assert "1 wait for more than 20 minutes (the first is 9F86D081)" in found["requests"].says


def test_minutes_run_from_the_asking_to_the_servers_yes(late, store):
    with store.transaction() as connection:
        assert waited(connection) is None
    for number, minutes in enumerate((2, 4, 30)):
        late.enqueue(delivery_id=f"d{number}")
        with store.transaction() as connection:
            connection.execute(
                "UPDATE operations.delivery SET status = 'sent', sent_at = %s WHERE delivery_id = %s",
                [after(minutes), f"d{number}"],
            )
    with store.transaction() as connection:
        took = waited(connection)
    assert (took.answers, took.p50, took.longest) == (3, 4.0, 30.0)
    assert took.p95 == pytest.approx(27.4)
    with store.reader_transaction(Reader.ANALYST) as connection:
        assert connection.execute("SELECT max(minutes) FROM exhaust_minutes").fetchone() == (30.0,)
