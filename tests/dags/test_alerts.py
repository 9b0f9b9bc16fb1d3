"""What the one notifier says and does, of a task that failed and of a run that is late."""

import logging
from types import SimpleNamespace

import psycopg
import pytest

from jobs.settings import PREFIX


@pytest.fixture
def notices(store, monkeypatch, tmp_path):
    """notices() -> what the outbox holds, of a team with a mailbox."""
    for name, value in {
        "HOME": tmp_path, "STORE_URL": store.url, "TEAM_ADDRESS": "team@platform.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"{PREFIX}{name}", str(value))

    def now():
        with psycopg.connect(store.url) as connection:
            return connection.execute(
                "SELECT recipient_role, facts ->> 'kind', facts ->> 'reason'"
                " FROM operations.delivery"
            ).fetchall()

    return now


@pytest.fixture
def alert(caplog):
    """A notifier whose lines `caplog` hears."""
    from orchestration.alerts import TeamAlert

    notifier = TeamAlert()
    notifier._log = logging.getLogger("team alert")
    caplog.set_level(logging.ERROR)
    return notifier


def test_a_task_that_failed_is_a_line_and_a_message_with_ids_only(alert, notices, caplog):
    task = SimpleNamespace(dag_id="refresh", task_id="build", run_id="r1", try_number=4)

    alert.notify({"ti": task, "exception": ValueError("Asha Rao, 98450 12345")})

    assert notices() == [
        ("team", "run_failed", "refresh: the run r1 failed for good at the task build.")
    ]
    assert "refresh.build failed for good, run r1, try 4." in caplog.text
    assert "Asha" not in caplog.text


def test_a_run_that_is_late_is_told_in_the_same_way_and_once(notices):
    from orchestration.alerts import TeamAlert

    context = {"dag_run": {"dag_id": "refresh", "dag_run_id": "r1"}, "deadline": {}}
    for _ in range(2):
        # As Airflow's executor calls it.
        TeamAlert(context=dict(context))(dict(context))

    assert notices() == [("team", "run_late", "refresh: the run r1 has not ended in time.")]


def test_a_store_that_does_not_answer_is_one_more_line_and_stops_nothing(
    alert, notices, caplog, monkeypatch
):
    monkeypatch.setenv(f"{PREFIX}STORE_URL", "postgresql://nobody@127.0.0.1:1/none")

    alert.tell("run_failed", "refresh", "r1", "build")

    assert "The team could not be told: exit code 14" in caplog.text
