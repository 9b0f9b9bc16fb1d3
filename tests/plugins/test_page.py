"""The page Sunbird Batch on a real Airflow: what is asked and decided there, and what is told."""

import time

import psycopg
import pytest

from jobs.storage.postgres import swap_database
from tests.plugins.forms import BATCH, HELD, form_of, hidden, told
from tools.airflow_home import DATABASE

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("something")]


def test_a_user_asks_for_a_file_and_the_queue_has_it_once_however_often_it_is_sent(
    page, page_store
):
    form = form_of(page, "user") | {
        "kind": "userinfo-exhaust", "asker": "m1", "purpose": "learner_support",
        "password": "Only for us 2 to know",
    }  # fmt: skip

    first = page.post(f"/requests/new/{BATCH}", "user", **form)
    again = page.post(f"/requests/new/{BATCH}", "user", **form)

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    request_id = first.headers["location"].rsplit("/", 1)[1]
    with page_store.transaction() as connection:
        (row,) = connection.execute(
            "SELECT * FROM job_request WHERE request_id = %s", [request_id]
        ).fetchall()
    assert (row["job_id"], row["requested_by"], row["status"]) == (
        "userinfo-exhaust", "m1", "SUBMITTED",
    )  # fmt: skip
    assert row["request_data"] == {"batchId": BATCH, "purpose": "learner_support"}
    assert "Only for us" not in row["encryption_key"]
    shown = page.get(f"/requests/{request_id}", "viewer")
    assert "waits for its turn" in shown.text
    assert 'data-again="3"' in shown.text


def test_what_the_command_refuses_stands_above_the_form_with_what_was_chosen(page):
    form = form_of(page, "user") | {
        "kind": "userinfo-exhaust", "asker": "m1", "purpose": "advertising",
    }  # fmt: skip

    refused = page.post(f"/requests/new/{BATCH}", "user", **form)

    assert refused.status_code == 409
    assert "&#39;advertising&#39;, is not one for which files are made" in told(refused)
    assert hidden(refused.text, "number") == form["number"]
    assert 'value="m1"' in refused.text


@pytest.mark.parametrize(("decision", "becomes"), [("release", "pending"), ("drop", "obsolete")])
def test_a_held_message_is_released_or_dropped_with_a_reason_and_a_name(
    page, page_store, held, decision, becomes
):
    token = form_of(page, "user")["token"]
    path = f"/messages/{HELD}/{decision}"

    without = page.post(path, "user", token=token, reason="  ")
    done = page.post(path, "user", token=token, reason="--by=somebody else")
    late = page.post(path, "user", token=token, reason="it did not arrive")

    assert (without.status_code, told(without)) == (422, "Say why: the audit log keeps it.")
    assert done.status_code == 303
    assert held() == becomes
    assert late.status_code == 409
    assert f"No message {HELD} is held." in told(late)
    with page_store.transaction() as connection:
        noted = connection.execute(
            "SELECT * FROM operations.audit_log ORDER BY audit_id DESC LIMIT 1"
        ).fetchone()
    assert noted["asked_by"] == "user"
    assert noted["details"]["reason"] == "--by=somebody else"


def test_who_changed_something_stands_in_airflows_own_audit_log(page, page_store):
    form = form_of(page, "admin") | {"kind": "progress-exhaust", "asker": "m2"}
    request_id = page.post(f"/requests/new/{BATCH}", "admin", **form).headers["location"][-32:]
    with psycopg.connect(swap_database(page_store.url, DATABASE)) as connection:
        noted = connection.execute(
            "SELECT owner, dag_id, extra::json ->> 'request_id' FROM log"
            " WHERE event = 'sunbird_batch.request' ORDER BY id DESC LIMIT 1"
        ).fetchone()

    assert noted == ("admin", "progress_exhaust", request_id)


def test_a_viewer_sees_no_button_that_would_be_refused(page, held):
    # An answer is kept for some seconds.
    while "Release" not in page.get("/messages", "user").text:
        time.sleep(0.5)

    assert HELD in page.get("/messages", "viewer").text
    assert "Release" not in page.get("/messages", "viewer").text
    assert "Request a file" not in page.get("/requests", "viewer").text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/run-books/nothing", 404), ("/run-books/..%2f..%2fREADME", 404), ("/tables/nothing", 404),
     ("/static/../app.py", 404), ("/requests/nowhere", 409)],
    ids=["no run book", "a way out", "no table", "no file", "no request"],
)  # fmt: skip
def test_what_is_not_there_is_told_on_a_page(page, path, status):
    answer = page.get(path)

    assert answer.status_code == status
    assert "Traceback" not in answer.text
