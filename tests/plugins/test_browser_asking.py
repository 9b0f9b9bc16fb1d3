"""The page in a real browser: the form from empty to mailed, and a viewer who may not."""

import pytest
from playwright.sync_api import expect

from jobs.samples import batches, staff

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

HELD = "22222222-2222-2222-2222-222222222222"


def test_a_request_goes_from_an_empty_form_to_mailed_before_the_readers_eyes(
    visit, sunbird, run_command
):
    page, store = sunbird
    tab = visit("/requests")
    tab.get_by_role("link", name="Request a file").click()
    tab.get_by_role("searchbox").fill("spring")
    tab.get_by_role("button", name="Search").click()
    tab.get_by_role("link", name=batches.FINISHED.name).click()
    tab.get_by_label("Progress").check()
    tab.get_by_text(staff.MENTOR_TWO).click()
    tab.get_by_label("Purpose").select_option("learner_support")
    tab.get_by_role("button", name="Request the file").click()

    expect(tab.locator("#progress")).to_contain_text("waits for its turn")
    ended = run_command(page.environment, "exhaust", "progress-exhaust")
    assert ended.returncode == 0, ended.stderr[-2000:]

    expect(tab.locator("#progress .large")).to_contain_text("mailed", timeout=60_000)
    expect(tab.locator("#progress")).to_contain_text("learner support")
    request_id = tab.url.rsplit("/", 1)[1]
    with store.transaction() as connection:
        row = connection.execute(
            "SELECT status, requested_by, request_data ->> 'purpose' AS purpose FROM job_request WHERE request_id = %s",
            [request_id],
        ).fetchone()
    assert row == {
        "status": "SUCCESS", "requested_by": staff.MENTOR_TWO, "purpose": "learner_support",
    }  # fmt: skip


def test_the_form_works_without_javascript_too(visit):
    tab = visit(f"/requests/new/{batches.FINISHED.batch_id}", java_script_enabled=False)

    tab.get_by_role("button", name="Request the file").click()

    expect(tab.get_by_role("heading", level=1)).to_have_text("Progress")


def test_a_held_message_is_dropped_with_a_reason(visit, sunbird):
    _, store = sunbird
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.delivery (delivery_id, kind, recipient_user_id, status,"
            " attempts, created_at, is_personal, facts, attachments)"
            " VALUES (%s, 'exhaust_ready', 'm', 'held', 1, now(), true, '{}', '[]')",
            [HELD],
        )
    tab = visit("/tables")
    tab.get_by_role("link", name="Held messages").click()
    tab.get_by_label("Why").fill("the mentor has it")
    tab.get_by_role("button", name="Drop").click()

    expect(tab.get_by_role("status")).to_have_text("Dropped.")
    expect(tab.locator("main")).to_contain_text("No message is held")


def test_a_viewer_looks_and_is_told_what_is_not_theirs(visit):
    tab = visit("/requests", "viewer")
    expect(tab.get_by_role("link", name="Request a file")).to_have_count(0)
    tab.goto(tab.url + "/new")

    expect(tab.get_by_role("heading", level=1)).to_have_text("Not yours")
    expect(tab.locator("main")).to_contain_text("You may not ask for files.")
