"""Starting a DAG on the local Airflow and telling how its tasks get on."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.airflow_api import Run
from tools.airflow_home import airflow_folder
from tools.local_airflow import LocalAirflow
from tools.progress import Progress

LONGEST_SECONDS = 900
# Airflow would try longer; somebody sits in front of this.
MOST_TRIES = 2
PAUSE_SECONDS = 0.5
CLOCKS_DIFFER = timedelta(minutes=1)
WORDS = {
    "success": "is done",
    "skipped": "had nothing to do",
    "running": "works",
    "failed": "failed",
    "up_for_retry": "failed and is tried again",
    "upstream_failed": "is left out",
}


class RunFailedError(Exception):
    """A run did not end well; holds the end of the failed task's log."""


@dataclass
class Followed:
    """What was said of a run's tasks, and until when it may take."""

    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST_SECONDS)


@dataclass(frozen=True)
class Step:
    """A DAG to run once, when those that it follows have succeeded."""

    dag_id: str
    after: tuple[str, ...] = ()
    form: dict[str, object] | None = None
    # What somebody does by hand just before.
    first: Callable[[], None] | None = None


def follow(
    airflow: LocalAirflow,
    dag_id: str,
    progress: Progress,
    form: dict[str, object] | None = None,
) -> None:
    """Returns when the run has succeeded; RunFailedError says why it has not."""
    follow_all(airflow, [Step(dag_id, form=form)], progress)


def follow_all(airflow: LocalAirflow, steps: Sequence[Step], progress: Progress) -> None:
    """Start each step as soon as it may be, and return when all have succeeded."""
    since = datetime.now(UTC) - CLOCKS_DIFFER
    waiting, running, done = list(steps), dict[Run, Followed](), set[str]()
    while waiting or running:
        airflow.check_alive()
        for step in [one for one in waiting if done.issuperset(one.after)]:
            waiting.remove(step)
            if step.first is not None:
                step.first()
            running[started(airflow, step, progress)] = Followed()
        if not running:
            names = ", ".join(step.dag_id for step in waiting)
            raise RunFailedError(f"No step is left that these could follow: {names}.")
        states, tasks = airflow.api.runs(since), airflow.api.tasks(since)
        for run, followed in list(running.items()):
            tell(airflow, run, followed, tasks.get(run, {}), progress)
            if is_done(airflow, run, followed, states.get(run, "queued")):
                del running[run]
                done.add(run[0])
        time.sleep(PAUSE_SECONDS)


def started(airflow: LocalAirflow, step: Step, progress: Progress) -> Run:
    if count := airflow.api.end_open_runs(step.dag_id):
        progress.say(f"{step.dag_id}: runs that an earlier stop left open are ended: {count}")
    airflow.api.unpause(step.dag_id)
    return step.dag_id, airflow.api.trigger(step.dag_id, step.form)


def tell(
    airflow: LocalAirflow,
    run: Run,
    followed: Followed,
    tasks: dict[str, tuple[str, int]],
    progress: Progress,
) -> None:
    """What is new of a run's tasks; RunFailedError for one that fails each time."""
    for task_id, now in tasks.items():
        if followed.said.get(task_id) != now and now[0] in WORDS:
            progress.say(f"{run[0]}: {task_id} {WORDS[now[0]]}")
            if now[0] == "up_for_retry":
                tail = log_tail(airflow.home, *run, task_id)
                if now[1] >= MOST_TRIES:
                    raise RunFailedError(f"{run[0]}: {task_id} fails each time.\n{tail}")
                print(tail, flush=True)
        followed.said[task_id] = now


def is_done(airflow: LocalAirflow, run: Run, followed: Followed, state: str) -> bool:
    dag_id = run[0]
    if state == "failed":
        failed = [task for task, (ended, _) in followed.said.items() if ended == "failed"]
        raise RunFailedError(
            f"{dag_id} did not succeed; the task {', '.join(failed) or '(none)'} failed.\n"
            + "\n".join(log_tail(airflow.home, *run, task) for task in failed)
        )
    if time.monotonic() > followed.until:
        raise RunFailedError(f"{dag_id} is not done after {LONGEST_SECONDS // 60} minutes.")
    return state == "success"


def log_tail(home: Path, dag_id: str, run_id: str, task_id: str, lines: int = 20) -> str:
    """The end of the last try's log, and where all of it is."""
    logs = airflow_folder(home) / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}"
    tries = sorted((logs / f"task_id={task_id}").glob("attempt=*.log"))
    if not tries:
        return f"    {task_id} left no log in {logs}"
    written = tries[-1].read_text(encoding="utf-8", errors="replace").splitlines()
    events = [f"    | {event(line)}" for line in written[-lines:]]
    return "\n".join([*events, f"    all of it: {tries[-1]}"])


def event(line: str) -> str:
    """What a line of Airflow's log says, without its frame."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    return str(told.get("event", line)) if isinstance(told, dict) else line
