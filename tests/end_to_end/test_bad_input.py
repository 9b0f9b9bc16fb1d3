"""What a mentor, a portal or a server can get wrong: told in words, and nothing is lost."""

import os
import socket

import pytest

from jobs.errors import RequestError, UnavailableError
from jobs.samples import batches, places, staff
from jobs.settings import PREFIX

NORTH = places.NORTH.channel
EDGES, BIG = batches.EDGES.batch_id, batches.BIG.batch_id


@pytest.fixture
def typed(sunbird, jobs, monkeypatch):
    """typed("requests", store_url=...) -> Ended: a command on the small Sunbird."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    return lambda *arguments, **settings: jobs(*arguments, **(sunbird.places | settings))


@pytest.fixture
def closed_port():
    """A port where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def delivery(sunbird, request_id):
    with sunbird.store.transaction() as connection:
        return connection.execute(
            "SELECT * FROM operations.delivery WHERE request_id = %s", [request_id]
        ).fetchone()


def test_rows_kept_out_by_the_refresh_are_counted_with_their_reason(sunbird):
    counted = {table.table: table.quarantined for table in sunbird.refreshed}

    assert counted["enrolments"] == {
        "user_enrolments.duplicate": 2,
        "user_enrolments.missing_batchid": 1,
        "user_enrolments.missing_userid": 1,
    }
    assert counted["batches"] == {"course_batch.missing_batchid": 1}
    assert counted["attempts"] == {"assessment_aggregator.missing_attempt_id": 1}


def test_unknown_kind_is_refused_with_those_that_are_known(typed):
    asked = typed("request", "cost-exhaust", "--batch", BIG, "--requested-by", staff.MENTOR_BIG)

    assert asked.code == RequestError.exit_code
    assert "'cost-exhaust'" in asked.err
    assert "progress-exhaust" in asked.err
    assert "Traceback" not in asked.err


def test_request_of_a_kind_that_others_answer_is_left_to_them_and_the_doctor_names_it(
    typed, sunbird
):
    request_id = sunbird.ask(BIG, by=staff.MENTOR_BIG, channel=NORTH, kind="cost-exhaust")

    typed("exhaust", "progress-exhaust")

    assert sunbird.request(request_id)["status"] == "SUBMITTED"
    told = typed("doctor")
    assert told.code == 1
    assert "cost-exhaust (1)" in told.out
    with sunbird.store.transaction() as connection:
        connection.execute("DELETE FROM job_request WHERE request_id = %s", [request_id])


def test_requester_without_an_address_is_not_answered_with_a_file(typed, sunbird):
    request_id = sunbird.ask(
        batches.NOT_ATTEMPTED.batch_id, by=staff.MENTOR_WITHOUT_ADDRESS, channel=NORTH
    )

    assert typed("exhaust", "progress-exhaust").code == 0

    request = sunbird.request(request_id)
    assert (request["status"], request["download_urls"]) == ("FAILED", None)
    assert "no e-mail address" in request["err_message"]


def test_store_that_is_down_is_named_and_the_request_stays(typed, sunbird, closed_port):
    request_id = sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH)
    elsewhere = f"postgresql://batch:canary-password@127.0.0.1:{closed_port}/sunbird"

    for command in (["exhaust", "progress-exhaust"], ["requests"], ["refresh"], ["deliver"]):
        ended = typed(*command, store_url=elsewhere)

        assert ended.code == UnavailableError.exit_code
        assert f"127.0.0.1:{closed_port}" in ended.err
        assert "SUNBIRD_BATCH_STORE_URL" in ended.err
        assert "canary-password" not in ended.err + ended.out
        assert "Traceback" not in ended.err
    assert sunbird.request(request_id)["status"] == "SUBMITTED"
    assert typed("exhaust", "progress-exhaust").code == 0
    assert sunbird.request(request_id)["status"] == "SUCCESS"


def test_mail_server_that_is_down_delays_the_mail_and_loses_nothing(
    typed, sunbird, closed_port, mail_server
):
    request_id = sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH)

    ended = typed(
        "exhaust", "progress-exhaust", **mail_server.settings | {"smtp_port": closed_port}
    )

    assert ended.code == 0
    assert ended.out.endswith("; sent 0, failed 0, waiting 1\n")
    assert sunbird.request(request_id)["status"] == "SUCCESS"
    waits = delivery(sunbird, request_id)
    assert (waits["status"], waits["attempts"]) == ("pending", 0)
    assert "refused" in waits["server_said"]
    with sunbird.store.transaction() as connection:
        # Its time has come.
        connection.execute("UPDATE operations.delivery SET next_attempt_at = now()")
    assert typed("deliver", **mail_server.settings).out == "sent 1, failed 0, waiting 0\n"
    assert delivery(sunbird, request_id)["status"] == "sent"
    (mail,) = mail_server.messages
    assert mail.recipients == ["ritu@school.example"]


def test_object_store_that_is_down_leaves_the_request_in_the_queue(typed, sunbird, tmp_path):
    request_id = sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "objects").write_text("a file where a folder is needed")
    secrets = {"platform_key": sunbird.key, "platform_salt": sunbird.salt}

    ended = typed("exhaust", "progress-exhaust", home=tmp_path / "home", **secrets)

    assert ended.code == UnavailableError.exit_code
    assert str(tmp_path / "home" / "objects") in ended.err
    typed("exhaust", "progress-exhaust")
    assert sunbird.request(request_id)["status"] in ("PROCESSING", "SUCCESS")
