"""The inbox of adoption files, by the clock and by hand."""

import pytest
from airflow.sdk.exceptions import ParamValidationError
from jinja2 import Environment


@pytest.fixture
def dag(dag_bag):
    return dag_bag.dags["textbook_adoption"]


@pytest.mark.parametrize(
    ("run_type", "dry_run", "expected"),
    [
        ("scheduled", True, "--no-dry-run"),
        ("manual", True, "--dry-run"),
        ("manual", False, "--no-dry-run"),
    ],
)
def test_the_clock_applies_and_a_person_first_sees_what_would_be(dag, run_type, dry_run, expected):
    template = Environment(autoescape=True).from_string(dag.get_task("take_in").arguments[2])

    assert dag.params["dry_run"] is True
    told = template.render(params={"dry_run": dry_run}, dag_run={"run_type": run_type})
    assert told == expected


def test_the_catalogue_is_made_anew_whether_or_not_a_file_waited(dag):
    catalogue = dag.get_task("catalogue")

    assert catalogue.upstream_task_ids == {"take_in"}
    assert (catalogue.trigger_rule, catalogue.arguments) == (
        "none_failed",
        ["textbooks", "catalogue", "--refresh"],
    )


@pytest.mark.parametrize(
    "wrong", ["books.csv", "../../etc/passwd/x.csv", "a/b/c/d.csv", "a//c.csv"]
)
def test_a_file_is_named_within_the_inbox_or_not_at_all(dag, wrong):
    dag.params["file"] = "0130/5f0a/books.csv"
    with pytest.raises(ParamValidationError):
        dag.params["file"] = wrong


def test_the_log_tells_nothing_that_a_person_typed(dag):
    assert dag.get_task("take_in").told_arguments == 2
