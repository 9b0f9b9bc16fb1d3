"""The form of certificates: every field is the command's, and what is typed stays out of the log."""

import re

import pytest
from typer.main import get_command

from jobs.__main__ import app


@pytest.fixture(scope="module")
def dag(dag_bag):
    return dag_bag.dags["certificate_association"]


def test_form_is_filled_in_by_itself_and_only_says_what_would_be(dag):
    filled = dag.params.dump()

    assert filled["dry_run"] is True
    assert filled["action"] == "attach"
    assert all(dag.params.get_param(name).description for name in dag.params)


def test_every_field_reaches_the_command_under_its_own_name(dag):
    arguments = dag.get_task("change").arguments
    options = {
        option
        for param in get_command(app).commands["certificate"].commands["form"].params
        for option in (*param.opts, *param.secondary_opts)
    }
    named = {
        option for argument in arguments[2:] for option in re.findall(r"--[a-z][a-z_-]*", argument)
    }

    assert named <= options
    assert {f"--{name.replace('_', '-')}" for name in dag.params} <= named


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("action", "praise"), ("type", "praise"), ("course", "do 1"), ("batch", "../b"),
        ("artwork", "page.svg"), ("signature", "relative.png"), ("since", "soon"), ("reason", ""),
        ("name", "two\nlines"), ("dry_run", "perhaps"),
    ],
)  # fmt: skip
def test_field_refuses_what_the_command_would_refuse(dag, field, wrong):
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        dag.params.get_param(field).resolve(value=wrong)


def test_log_tells_the_action_and_nothing_that_a_person_typed(dag):
    change = dag.get_task("change")

    assert change.arguments[: change.told_arguments] == [
        "certificate", "form", "--action={{ params.action }}",
    ]  # fmt: skip
