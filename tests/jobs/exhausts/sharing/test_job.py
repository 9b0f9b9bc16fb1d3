"""The same request many times: one build, one mail, equal answers; other wishes are refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from jobs.errors import RequestError
from jobs.storage.stranded import stranded
from tests.jobs.exhausts.small_platform import KIND, NOW, BreaksFor, user_ids

FIFTY = 50


def at_once(work, times=FIFTY):
    """What the work gives, done by as many threads that begin together."""
    start = Barrier(times)

    def begin(number):
        start.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))


def insert(
    platform, request_id, *, body="b1", by="asha", channel="up", tag="mine", key=None, now=NOW
):
    """A row as a portal writes it, by the only right that its role has."""
    with psycopg.connect(platform.store.url) as connection:
        connection.execute("SET LOCAL ROLE portal")
        connection.execute(
            "INSERT INTO job_request (tag, request_id, job_id, status, request_data, requested_by,"
            " requested_channel, dt_job_submitted, iteration, encryption_key)"
            " VALUES (%s, %s, %s, 'SUBMITTED', %s, %s, %s, %s, 0, %s) ON CONFLICT DO NOTHING",
            [
                f"{tag}:{channel}",
                request_id,
                KIND,
                json.dumps({"batchId": body}),
                by,
                channel,
                now,
                key,
            ],
        )


def rows(platform):
    return platform.select("SELECT * FROM job_request ORDER BY dt_job_submitted, request_id")


def answer_all(platform):
    """Rounds of claim, cut and check until nothing waits; how often a file was written."""
    written = []

    class Counts(BreaksFor):
        def put(self, key, path):
            written.append(key)
            self.objects.put(key, path)

    while platform.claim():
        platform.cut(objects=Counts(platform.objects, "", None))
        platform.check()
    return written


def mails(platform):
    return platform.select("SELECT kind, request_id FROM operations.delivery")


def test_fifty_at_once_by_command_are_one_build_one_mail_and_fifty_equal_answers(platform):
    ids = at_once(lambda _: platform.ask("b1"))
    assert len(set(ids)) == 1
    assert len(answer_all(platform)) == 1
    assert len(mails(platform)) == 1
    assert {platform.ask("b1") for _ in range(FIFTY)} == set(ids)
    assert platform.request(ids[0])["status"] == "SUCCESS"


def test_fifty_equal_rows_of_racing_portals_are_one_request(platform):
    at_once(lambda _: insert(platform, "R1"))
    assert len(rows(platform)) == 1
    assert len(answer_all(platform)) == 1
    assert len(mails(platform)) == 1


@pytest.mark.parametrize("times", [10, pytest.param(FIFTY, marks=pytest.mark.full)])
def test_many_rows_of_a_portal_that_draws_its_ids_share_one_answer(platform, times):
    at_once(lambda number: insert(platform, f"R{number}"), times)
    assert len(answer_all(platform)) == 1
    told = {
        (row["status"], str(row["download_urls"]), str(row["processed_batches"]))
        for row in rows(platform)
    }
    assert len(rows(platform)) == times
    assert len(told) == 1
    assert len(mails(platform)) == 1
    assert user_ids(platform.csv("R7")) == ["u1", "u2", "u3"]
    with platform.store.transaction() as connection:
        assert stranded(connection, table="job_request", job_ids=[KIND], now=NOW) == []


def test_a_row_with_the_same_tag_and_other_wishes_is_refused(platform):
    insert(platform, "R1")
    insert(platform, "R2", body="b2", now=NOW + timedelta(seconds=1))
    insert(platform, "R3", key="another", now=NOW + timedelta(seconds=2))
    answer_all(platform)
    assert platform.request("R1")["status"] == "SUCCESS"
    for request_id in ("R2", "R3"):
        assert "R1 of the same day has the same tag" in platform.failure(request_id)


def test_by_command_the_same_tag_with_another_key_is_refused(platform):
    platform.ask("b1", tag="mine", key="one key")
    assert platform.ask("b1", tag="mine", key="one key")
    with pytest.raises(RequestError, match="another key"):
        platform.ask("b1", tag="mine", key="another")


@pytest.mark.parametrize(
    "other",
    [
        {"by": "meera"},
        {"tag": "another"},
        {"now": NOW + timedelta(days=1)},
    ],
)
def test_another_user_tag_or_day_is_another_request(platform, other):
    insert(platform, "R1")
    insert(platform, "R2", **other)
    assert len(answer_all(platform)) == 2
    assert len(mails(platform)) == 2


def test_another_tenants_equal_request_is_its_own(platform):
    """G6: not by its rows, and not when the tenants' tags are the same text."""
    insert(platform, "R1", tag="mine")
    insert(platform, "R2", tag="mine", by="br-admin", channel="br")
    platform.change("UPDATE job_request SET tag = 'mine'")
    answer_all(platform)
    (own,), (others,) = rows(platform)[0]["download_urls"], rows(platform)[1]["download_urls"]
    assert own != others
    assert sorted(mail["request_id"] for mail in mails(platform)) == ["R1", "R2"]
    # The other tenant gets its own learners of the course only, and there is none.
    assert user_ids(platform.csv("R2")) == []


def test_rows_that_waited_share_a_failure_and_one_message(platform):
    for number in range(3):
        insert(platform, f"R{number}", by="stranger", now=NOW - timedelta(seconds=9 - number))
    answer_all(platform)
    assert {row["status"] for row in rows(platform)} == {"FAILED"}
    assert len({row["err_message"] for row in rows(platform)}) == 1
    assert len(mails(platform)) == 1


def test_a_row_asked_after_the_failure_is_worked_on_afresh(platform):
    insert(platform, "R1", body="b-none", now=NOW - timedelta(seconds=60))
    answer_all(platform)
    insert(platform, "R2", now=NOW + timedelta(seconds=60))
    answer_all(platform)
    assert [row["status"] for row in rows(platform)] == ["FAILED", "SUCCESS"]


def test_a_row_whose_earlier_one_is_asked_again_meanwhile_waits_for_it(platform):
    insert(platform, "R1", body="b-none", now=NOW - timedelta(seconds=60))
    answer_all(platform)
    insert(platform, "R2", body="b-none", now=NOW)
    platform.claim()
    platform.change("UPDATE job_request SET status = 'SUBMITTED' WHERE request_id = 'R1'")
    assert platform.cut() == {"deferred": 1}
    assert platform.request("R2")["status"] == "SUBMITTED"
    assert platform.request("R2")["iteration"] == 0
