"""Who may see and start which DAG in production."""

import pytest
from orchestration.rights import ANSWERS, SEES, STARTS, access_of, roles

from tools.airflow_home import ROOT

DAG_FILES = {path.stem for path in (ROOT / "dags").glob("*.py")}


def test_rights_name_dags_that_there_are():
    named = {dag_id for table in (STARTS, SEES) for dag_ids in table.values() for dag_id in dag_ids}

    assert named <= DAG_FILES


def test_nobody_but_the_team_reaches_erasure_and_retention():
    assert access_of("retention") == {}


def test_help_desk_answers_requests_and_only_looks_at_the_refresh():
    assert access_of("progress_exhaust") == {
        "Help desk": {"DAGs": {"can_read", "can_edit"}, "DAG Runs": {"can_create"}}
    }
    assert access_of("refresh")["Help desk"] == {"DAGs": {"can_read"}}


@pytest.mark.parametrize("role", sorted(STARTS))
def test_role_has_no_right_to_every_dag_and_answers_only_where_it_must(role):
    permissions = roles()[role]

    assert not {("can_read", "DAGs"), ("can_edit", "DAGs")} & set(permissions)
    assert (set(ANSWERS) <= set(permissions)) == (role == "Certificate desk")
