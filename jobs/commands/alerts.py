"""What the orchestrator's notifier calls."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.arguments import done, utc_now
from jobs.settings import load_settings


def alert(
    kind: Annotated[str, typer.Argument(help="run_failed or run_late")],
    dag: Annotated[str, typer.Option(help="the DAG")],
    run: Annotated[str, typer.Option(help="its run")],
    task: Annotated[str, typer.Option(help="the task that failed")] = "",
) -> None:
    """Tell the team of a run that failed or is late, once, by mail."""
    from jobs.delivery.alerting.job import tell_team
    from jobs.storage.store import open_store

    settings = load_settings()
    if settings.team_address is None:
        print("result: the team has no mailbox; SUNBIRD_BATCH_TEAM_ADDRESS names one")
        done(0)
    with open_store(settings) as store:
        tell_team(settings, store, kind, dag_id=dag, run_id=run, task_id=task, now=utc_now())
    print("result: the team is told by the next run of the mailer")
