"""Real commands tell a real server which tables they touched, and nothing else."""

import re

import pytest

from jobs import lineage
from jobs.__main__ import command_name
from jobs.errors import NOTHING_TO_DO, GateError
from jobs.lineage.sending import DAG_ID, DAG_RUN, TASK_ID, told
from tests.jobs.exhausts.small_platform import KEY, KIND, SALT

CLEAN, OPERATIONS = "sunbird-lake://clean", "sunbird-store://operations"
LEARNERS_WORDS = ("u1", "u2", "asha", "example.org", "Teaching Fractions", KEY)


@pytest.fixture
def step(jobs, platform, monkeypatch, lineage_server):
    """step("claim") -> Ended: a task of the DAG progress_exhaust, by its command."""
    monkeypatch.setattr("jobs.commands.exhausts.refresh_missing", lambda *_: None)

    def run(name, **settings):
        places = {
            "home": platform.settings.home, "store_url": platform.store.url,
            "platform_key": KEY, "platform_salt": SALT, "openlineage_url": lineage_server.url,
        } | settings  # fmt: skip
        told_to = {key: value for key, value in places.items() if value is not None}
        return jobs("exhaust", KIND, "--run", "r1", "--step", name, **told_to)

    return run


def names(datasets):
    return {(one["namespace"], one["name"]) for one in datasets}


def test_a_request_is_told_as_the_tables_that_it_was_cut_from_and_no_word_more(
    platform, step, lineage_server, monkeypatch
):
    # What the client's own settings would add beside our names.
    monkeypatch.setenv("OPENLINEAGE__FACETS__ENVIRONMENT_VARIABLES", '["PATH"]')
    platform.ask("b1")
    assert [step(name).code for name in ("claim", "cut", "check")] == [0, 0, 0]

    ends = [event for event in lineage_server.events if event["eventType"] == "COMPLETE"]
    cut = ends[0]
    assert cut["job"] == {"namespace": "sunbird-batch", "name": "exhaust", "facets": {}}
    assert {(CLEAN, "progress"), (CLEAN, "batches"), (CLEAN, "learners")} <= names(cut["inputs"])
    assert {name for end in ends for name in names(end["outputs"])} == {
        (OPERATIONS, "exhaust_file")
    }
    assert all(path == "/api/v1/lineage" for path, _ in lineage_server.bodies)
    sent = "".join(body for _, body in lineage_server.bodies)
    assert [word for word in LEARNERS_WORDS if word in sent] == []
    assert re.findall(r'"(?:facets|inputFacets|outputFacets)":\{"', sent) == []


def test_start_and_end_are_of_one_run_and_in_airflow_named_by_dag_and_task(
    platform, step, lineage_server, monkeypatch
):
    platform.ask("b1")
    step("claim")
    for name, value in (("DAG", "progress_exhaust"), ("TASK", "cut"), ("DAG_RUN", "manual__1")):
        monkeypatch.setenv(f"AIRFLOW_CTX_{name}_ID", value)
    step("cut")

    start, end = lineage_server.events
    assert [start["eventType"], end["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == end["run"]["runId"]
    assert start["eventTime"] <= end["eventTime"]
    assert start["schemaURL"].startswith("https://openlineage.io/spec/")
    assert start["job"]["name"] == "progress_exhaust.cut"
    parent = end["run"]["facets"]["parent"]
    assert (parent["job"]["namespace"], parent["job"]["name"]) == (
        "sunbird-batch",
        "progress_exhaust",
    )
    assert start["run"]["facets"]["parent"]["run"] == parent["run"]
    assert "manual__1" not in "".join(body for _, body in lineage_server.bodies)


def test_a_command_that_touches_no_table_and_one_without_the_setting_say_nothing(
    platform, step, lineage_server
):
    assert step("claim").code == NOTHING_TO_DO
    platform.ask("b1")
    assert [step(name, openlineage_url=None).code for name in ("claim", "cut")] == [0, 0]

    assert lineage_server.bodies == []


def test_a_failure_is_told_by_its_kind_without_its_words(make_settings, lineage_server):
    settings = make_settings(openlineage_url=lineage_server.url, openlineage_namespace="north")

    def fails():
        lineage.note_read(lineage.RAW, "users")
        lineage.note_made(lineage.CLEAN, "learners")
        raise GateError("asha@example.org is not a number")

    with pytest.raises(GateError), told(settings, "refresh"):
        fails()

    _, end = lineage_server.events
    assert (end["eventType"], end["job"]["namespace"]) == ("FAIL", "north")
    assert end["run"]["facets"]["errorMessage"]["message"] == "GateError"
    assert names(end["inputs"]) == {("sunbird-lake://raw", "users")}
    assert "asha" not in "".join(body for _, body in lineage_server.bodies)


def test_the_key_is_sent_as_a_bearer_token(make_settings, lineage_server):
    settings = make_settings(openlineage_url=lineage_server.url, openlineage_api_key="k-17")
    with told(settings, "refresh"):
        lineage.note_made(lineage.CLEAN, "learners")

    assert {headers["Authorization"] for headers in lineage_server.headers} == {"Bearer k-17"}


@pytest.mark.parametrize("status", [400, 503])
def test_a_server_that_refuses_costs_the_work_nothing_and_is_told_in_the_log(
    platform, step, lineage_server, status
):
    lineage_server.status = status
    platform.ask("b1")
    step("claim")
    ended = step("cut")

    assert ended.code == 0
    assert "event='lineage_not_told'" in ended.err
    assert step("check").code == 0


def test_a_server_that_is_not_there_costs_the_work_nothing(platform, step):
    platform.ask("b1")
    step("claim")

    assert step("cut", openlineage_url="http://127.0.0.1:9").code == 0


def test_a_table_that_is_read_and_made_is_an_output(make_settings):
    lineage.forget()
    lineage.note_read(lineage.CLEAN, "learners")
    lineage.note_made(lineage.CLEAN, "learners")

    assert lineage.touched() == ([], [(lineage.CLEAN, "learners")])


def test_a_command_is_named_without_what_is_asked_of_it():
    assert command_name(["privacy", "report", "--user", "u1"]) == "privacy report"
    assert command_name(["refresh", "--due"]) == "refresh"
    assert command_name(["query", "SELECT 1"]) == "query"
    assert command_name([]) == ""


def test_a_job_that_airflow_starts_knows_its_dag_and_task():
    from airflow.sdk.execution_time.context import ENV_VAR_FORMAT_PREFIX
    from orchestration.job_process import without_airflow

    given = dict.fromkeys((DAG_ID, TASK_ID, DAG_RUN), "x")

    assert all(name.startswith(ENV_VAR_FORMAT_PREFIX) for name in given)
    assert given.items() <= without_airflow(given).items()
