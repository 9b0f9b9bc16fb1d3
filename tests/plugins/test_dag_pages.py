"""The DAGs on a real Airflow: their pages, their lineage, and what the team hears of their runs."""

import time

import psycopg
import pytest
from playwright.sync_api import expect

from jobs.settings import PREFIX, load_settings
from jobs.storage.postgres import free_port, swap_database
from jobs.storage.store import open_store
from tools.airflow_home import DATABASE
from tools.follow import RunFailedError, follow
from tools.local_airflow import local_airflow
from tools.progress import Progress

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

# No Monday: the command refuses it, and its task fails at once and for good.
NO_MONDAY = {"week": "2026-11-18"}
SECONDS = 90


@pytest.fixture
def airflow(own_home, monkeypatch):
    """A whole Airflow over an empty home, of a team with a mailbox."""
    monkeypatch.setenv(f"{PREFIX}HOME", str(own_home))
    monkeypatch.setenv(f"{PREFIX}TEAM_ADDRESS", "team@platform.example")
    monkeypatch.setenv("AIRFLOW__API__PORT", str(free_port()))
    with local_airflow(own_home, Progress(), runs_schedules=False) as running:
        running.wait_until_ready(Progress())
        yield running


def test_the_team_hears_of_a_run_that_is_late_and_of_a_task_that_failed(airflow):
    # Paused, so that it waits: long enough to be late.
    run_id = airflow.api.trigger("refresh")
    with open_store(load_settings()) as store:
        make_late(store.url)
        late = until(store, "run_late")
        with pytest.raises(RunFailedError):
            follow(airflow, "usage_weekly", Progress(), NO_MONDAY)
        failed = until(store, "run_failed")

    assert late == f"refresh: the run {run_id} has not ended in time."
    assert failed.startswith("usage_weekly: the run manual__")
    assert failed.endswith("failed for good at the task tell.")


def make_late(store_url):
    """The clock of the only deadline that there is, moved on."""
    with psycopg.connect(swap_database(store_url, DATABASE)) as connection:
        moved = connection.execute("UPDATE deadline SET deadline_time = now()")
        assert moved.rowcount == 1


def until(store, kind):
    """The reason of the notice, as soon as it is in the outbox."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with store.transaction() as connection:
            row = connection.execute(
                "SELECT facts ->> 'reason' AS reason FROM operations.delivery"
                " WHERE kind = 'team_notice' AND facts ->> 'kind' = %s",
                [kind],
            ).fetchone()
        if row:
            return row["reason"]
        time.sleep(0.5)
    raise AssertionError(f"The team heard nothing of {kind} within {SECONDS} seconds.")


def test_the_page_of_a_dag_says_what_it_is_and_leads_to_its_run_book(airflow, chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    token = airflow.api.sign_in()
    context.add_cookies([{"name": "_token", "value": token, "url": airflow.url}])
    tab = context.new_page()
    tab.goto(f"{airflow.url}/dags/refresh")
    expect(tab.get_by_text("Refresh: clean tables and progress, by Spark").first).to_be_visible(
        timeout=60_000
    )

    tab.get_by_role("link", name="Run book").click()
    inside = tab.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="refresh", level=1)).to_be_visible(timeout=60_000)

    told = airflow.api.request("GET", "/api/v2/dags/refresh/details")["doc_md"]
    assert "[docs/runbooks/refresh.md](sunbird-batch/run-books/refresh)" in told
    context.close()


def test_airflow_knows_which_dag_makes_a_table_and_which_reads_it(airflow):
    assets = {
        asset["name"]: asset
        for asset in airflow.api.request("GET", "/api/v2/assets?limit=200")["assets"]
    }

    progress = assets["progress"]
    assert {task["dag_id"] for task in progress["producing_tasks"]} == {"refresh"}
    assert {task["dag_id"] for task in progress["consuming_tasks"]} == {
        "certificate_issue", "collection_summary", "group_activity", "missed_certificates",
        "progress_exhaust", "userinfo_exhaust",
    }  # fmt: skip
