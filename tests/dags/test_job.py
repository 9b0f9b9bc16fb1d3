"""The one way to start a job, with real processes."""

import os
import signal
import textwrap
import threading
import time

import psutil
import pytest


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Makes an operator whose `python -m jobs` is the given program."""
    from orchestration.job import JobOperator

    package = tmp_path / "jobs"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setenv("SUNBIRD_BATCH_ROOT", str(tmp_path))

    def make(program: str, *arguments: str, **kwargs):
        (package / "__main__.py").write_text(textwrap.dedent(program))
        operator = JobOperator(task_id="build", arguments=list(arguments), **kwargs)
        operator.heard = []
        monkeypatch.setattr(type(operator), "log", Ear(operator.heard), raising=False)
        return operator

    return make


class Ear:
    """A log that remembers each line and when it was heard."""

    def __init__(self, heard):
        self.heard = heard

    def info(self, text, *values):
        self.heard.append((time.monotonic(), text % values if values else text))

    warning = error = info


class Task:
    def __init__(self):
        self.pushed = {}

    def xcom_push(self, *, key, value):
        self.pushed[key] = value


def run(operator):
    from airflow.sdk.bases.operator import ExecutorSafeguard

    task = Task()
    token = ExecutorSafeguard.tracker.set(operator)
    try:
        operator.execute(context={"ti": task})
    finally:
        ExecutorSafeguard.tracker.reset(token)
    return task


def texts(operator):
    return [text for _, text in operator.heard]


def test_job_gets_its_arguments_in_the_project_folder_and_its_lines_are_logged(job, tmp_path):
    operator = job("import os, sys; print(sys.argv[1:], os.getcwd())", "refresh", "--due")

    run(operator)

    assert texts(operator) == ["starts: -m jobs refresh --due", f"['refresh', '--due'] {tmp_path}"]


def test_errors_are_logged_among_the_lines_and_odd_bytes_do_not_stop_them(job):
    operator = job(r"""
        import sys
        sys.stdout.buffer.write(b"one \xff\n"); sys.stdout.flush()
        print("two", file=sys.stderr)
        print("last, without an end of line", end="")
    """)

    run(operator)

    assert texts(operator)[1:] == ["one �", "two", "last, without an end of line"]


def test_lines_are_logged_while_the_job_runs(job, tmp_path):
    go_on = tmp_path / "go-on"
    operator = job(f"""
        import pathlib, time
        print("first")
        while not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.02)
    """)
    # The job ends only after its first line was heard.
    original = operator.log.info
    operator.log.info = lambda text, *v: (original(text, *v), text == "first" and go_on.touch())

    run(operator)

    assert texts(operator)[1:] == ["first"]


def test_nothing_to_do_skips_what_follows(job):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match="jobs deliver found nothing to do"):
        run(job("raise SystemExit(99)", "deliver"))


@pytest.mark.parametrize("code", [2, 10, 11, 12, 16])
def test_what_another_try_would_not_change_fails_at_once(code):
    from airflow.sdk.exceptions import AirflowFailException
    from orchestration.job import raise_for

    with pytest.raises(AirflowFailException, match=f"ended with {code}, which another try"):
        raise_for(code, ["refresh"])


@pytest.mark.parametrize("code", [1, 13, 14, 15, -9])
def test_what_may_pass_is_tried_again(code):
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
    from orchestration.job import raise_for

    with pytest.raises(AirflowException, match="tried again") as raised:
        raise_for(code, ["refresh"])
    assert not isinstance(raised.value, AirflowFailException)


def test_operator_and_jobs_agree_on_the_exit_codes():
    from orchestration import job

    from jobs import errors

    known = {e.exit_code for e in errors.BatchError.__subclasses__()}
    assert known > job.FAILS_AT_ONCE
    assert job.NOTHING_TO_DO == errors.NOTHING_TO_DO


FAMILY = """
    import os, signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.{manners})
    child = subprocess.Popen([sys.executable, "-c",
        "import signal, time; signal.signal(signal.SIGTERM, signal.{manners});"
        "print('ready', flush=True); time.sleep(600)"])
    print("family", os.getpid(), child.pid)
    {then}
"""


def family(operator):
    told = [t for t in texts(operator) if t.startswith("family")]
    return [int(pid) for pid in told[0].split()[1:]] if told else []


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("manners", ["SIG_DFL", pytest.param("SIG_IGN", marks=pytest.mark.full)])
def test_stopping_the_task_leaves_nothing_of_its_job(job, manners):
    from airflow.sdk.exceptions import AirflowException

    operator = job(FAMILY.format(manners=manners, then="time.sleep(600)"))

    def stop():
        assert wait_until(lambda: "ready" in texts(operator))
        operator.on_kill()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(AirflowException, match="was stopped by signal"):
        run(operator)
    stopper.join()

    assert len(family(operator)) == 2
    assert wait_until(lambda: all(gone(pid) for pid in family(operator)))


def test_a_time_out_ends_the_job_too(job):
    from airflow.sdk.exceptions import AirflowTaskTimeout

    operator = job(FAMILY.format(manners="SIG_DFL", then="time.sleep(600)"))

    def time_out(number, frame):
        raise AirflowTaskTimeout("too long")

    # Airflow's own time-out is an alarm in the main thread as well.
    before = signal.signal(signal.SIGUSR1, time_out)

    def ring():
        assert wait_until(lambda: "ready" in texts(operator))
        os.kill(os.getpid(), signal.SIGUSR1)

    bell = threading.Thread(target=ring)
    bell.start()
    try:
        with pytest.raises(AirflowTaskTimeout):
            run(operator)
    finally:
        bell.join()
        signal.signal(signal.SIGUSR1, before)

    assert wait_until(lambda: all(gone(pid) for pid in family(operator)))


def test_a_child_left_behind_neither_holds_the_task_nor_survives_it(job):
    operator = job(FAMILY.format(manners="SIG_DFL", then="raise SystemExit(0)"))

    run(operator)

    assert wait_until(lambda: all(gone(pid) for pid in family(operator)))


def test_spark_ui_is_linked_while_the_job_runs_and_its_result_is_kept(job):
    operator = job("print('spark ui: http://127.0.0.1:4040 (runs)\\nresult: 2 moved')")

    task = run(operator)

    link = operator.operator_extra_links[0]
    assert task.pushed == {"_link_SparkUi": "http://127.0.0.1:4040", "result": "2 moved"}
    assert link.get_link(operator, ti_key=None) == "http://127.0.0.1:4040"


def test_job_is_given_none_of_the_secrets_of_airflow():
    from orchestration.job import job_environment

    given = job_environment(
        {
            "AIRFLOW__CORE__FERNET_KEY": "x",
            "AIRFLOW_CONN_SPARK_DEFAULT": "x",
            "SUNBIRD_BATCH_HOME": "/somewhere",
        },
        spark=False,
    )

    assert given == {"SUNBIRD_BATCH_HOME": "/somewhere", "PYTHONUNBUFFERED": "1"}
