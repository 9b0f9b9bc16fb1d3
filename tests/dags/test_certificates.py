"""The three DAGs of certificates: found at night, asked about, issued."""

import json
from datetime import timedelta

import pytest
from jinja2.sandbox import SandboxedEnvironment

from tests.dags.test_job import job, run, texts  # noqa: F401 -- a fixture among them

QUESTION = {"batch": "b1", "version": "v1", "reason": "earned", "asked_at": "2026-03-10T20:00:00Z"}


class Instance:
    """What a template sees of the running task."""

    map_index = 1

    def __init__(self, answer):
        self.kept = {"questions": [{"batch": "other"}, QUESTION], "decide.ask": answer}

    def xcom_pull(self, task_ids, map_indexes=None):
        assert map_indexes in (None, 1)
        return self.kept[task_ids]


@pytest.fixture
def keep(dag_bag):
    return dag_bag.dags["certificate_approval"].get_task("decide.keep")


def rendered(keep, answer):
    environment = SandboxedEnvironment()
    values = [
        environment.from_string(one).render(ti=Instance(answer)) for one in keep.arguments[2:]
    ]
    return dict(zip(values[::2], values[1::2], strict=True))


def test_a_night_is_built_by_spark_and_published_for_the_same_instant(dag_bag):
    dag = dag_bag.dags["missed_certificates"]
    build, publish = dag.get_task("build"), dag.get_task("publish")

    assert build.downstream_task_ids == {"publish"}
    assert (build.spark, publish.spark) == (True, False)
    assert build.arguments[:3] == publish.arguments[:3]
    assert [asset.name for asset in publish.outlets] == ["missed_certificate"]


def test_a_person_may_take_two_days_and_silence_is_no_answer(dag_bag):
    dag = dag_bag.dags["certificate_approval"]
    ask = dag.get_task("decide.ask")

    assert dag.dagrun_timeout is None
    assert ask.execution_timeout is None
    assert ask.response_timeout == timedelta(days=2)
    assert ask.options == ["Approve", "Reject", "Later"]
    assert ask.defaults == ["Later"]


def test_an_answer_is_handed_on_with_its_own_question(keep):
    answer = {
        "chosen_options": ["Approve"],
        "params_input": {"exclude": "u1 u2", "note": 'seen "on paper"'},
        "responded_by_user": {"id": "7", "name": "meena"},
    }

    given = rendered(keep, answer)

    assert json.loads(given.pop("--question")) == QUESTION
    assert given == {
        "--chosen": "Approve", "--by": "meena", "--exclude": "u1 u2", "--note": 'seen "on paper"',
    }  # fmt: skip


@pytest.mark.parametrize("typed", [None, {}, {"exclude": None, "note": None}], ids=str)
def test_silence_is_handed_on_as_nobodys(keep, typed):
    answer = {"chosen_options": ["Later"], "params_input": typed, "responded_by_user": None}

    given = rendered(keep, answer)

    assert (given["--chosen"], given["--by"]) == ("Later", "nobody")
    assert (given["--exclude"], given["--note"]) == ("", "")


def test_what_a_job_returns_makes_tasks_and_fills_no_log(job):  # noqa: F811
    operator = job("print('return: [{\"batch\": \"b1\"}]'); print('result: 1 questions')")

    task = run(operator)

    assert task.pushed == {"result": "1 questions"}
    assert not [line for line in texts(operator) if "return:" in line]


def test_what_a_person_typed_stands_in_no_log(job):  # noqa: F811
    operator = job("pass", "certificate", "answer", "--note", "Asha is my aunt", told_arguments=2)

    run(operator)

    assert not [line for line in texts(operator) if "aunt" in line]
