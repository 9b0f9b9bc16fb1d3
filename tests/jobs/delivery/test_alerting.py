"""The team hears of a run that failed or is late: once, by mail, with what to do."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.delivery.alerting.job import tell_team
from jobs.errors import RequestError

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def told(store, make_settings):
    """told(kind, **about) -> 1 where the duty is there, told or not before."""
    settings = make_settings(team_address="team@platform.example")

    def tell(kind, *, settings=settings, dag_id="refresh", run_id="scheduled__1", task_id=""):
        return tell_team(
            settings, store, kind, dag_id=dag_id, run_id=run_id, task_id=task_id, now=NOW
        )  # fmt: skip

    return tell


def test_the_same_run_is_told_of_once_and_each_kind_and_task_by_itself(told, ask):
    for _ in range(2):
        told("run_failed", task_id="build")
        told("run_late")
    told("run_failed", task_id="publish")

    assert ask("SELECT kind, count(*) FROM operations.delivery GROUP BY kind") == [
        ("team_notice", 3)
    ]


def test_nobody_is_told_where_the_team_has_no_mailbox(told, ask, make_settings):
    assert told("run_late", settings=make_settings()) == 0
    assert ask("SELECT 1 FROM operations.delivery") == []


def test_an_alert_that_there_is_not_is_refused(told):
    with pytest.raises(RequestError, match="no alert 'party'"):
        told("party")


@pytest.mark.parametrize(
    ("kind", "subject", "reason"),
    [
        ("run_failed", "A run failed (refresh)",
         "refresh: the run scheduled__1 failed for good at the task build."),
        ("run_late", "A run is late (refresh)",
         "refresh: the run scheduled__1 has not ended in time."),
    ],
    ids=["failed", "late"],
)  # fmt: skip
def test_the_mail_says_what_happened_and_which_page_says_what_to_do(
    told, world, kind, subject, reason
):
    told(kind, task_id="build" if kind == "run_failed" else "")
    world.settings["team_address"] = "team@platform.example"

    world.deliver(now=NOW + timedelta(minutes=1))

    (message,) = world.messages
    assert message["Subject"] == subject
    text = message.get_body(("plain",)).get_content()
    assert reason in text
    assert "docs/runbooks/refresh.md" in text
