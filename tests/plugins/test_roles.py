"""The page under the login of production: a role sees what its own DAGs make, and no more."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.plugins.server import PASSWORD, served
from tools.airflow_home import ROOT, run_airflow

pytestmark = pytest.mark.full

DESK, ANALYST = "desk", "analyst"
FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
# As the cluster's setup and Airflow's own reading of the DAG files lay them.
LAY = f"""
import sys
sys.path.append("plugins")
from pathlib import Path
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from orchestration.rights import access_of, roles

with get_application_builder() as builder:
    manager = builder.sm
    manager.sync_roles()
    for name, permissions in roles().items():
        role = manager.add_role(name)
        for action, resource in permissions:
            manager.add_permission_to_role(role, manager.create_permission(action, resource))
    for dag_file in Path("dags").glob("*.py"):
        manager.sync_perm_for_dag(dag_file.stem, access_of(dag_file.stem))
    for login, name in (("{DESK}", "Help desk"), ("{ANALYST}", "Analyst")):
        role = manager.find_role(name)
        manager.add_user(login, login, login, f"{{login}}@x.example", role, "{PASSWORD}")
"""
# What the page answers to each of them.
RIGHTS = """
    | /                       | 200 | 200 |
    | /trends                 | 200 | 200 |
    | /requests               | 200 | 403 |
    | /requests/new           | 200 | 403 |
    | /messages               | 200 | 403 |
    | /tables                 | 200 | 200 |
    | /run-books/delivery     | 200 | 403 |
    | /run-books/usage_weekly | 403 | 200 |
    | /run-books/retention    | 403 | 403 |
"""


def lay_roles(environment):
    # This login's own tables stand beside those of Airflow.
    run_airflow(["db", "migrate"], environment)
    ended = subprocess.run(
        [sys.executable, "-c", LAY], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-3000:]


@pytest.fixture(scope="module")
def production(page_store, something):
    more = {"AIRFLOW__CORE__AUTH_MANAGER": FAB}
    with (
        tempfile.TemporaryDirectory(prefix="page-of-production-") as folder,
        served(
            Path(folder) / "var", page_store, more, users=(DESK, ANALYST), prepare=lay_roles
        ) as page,
    ):
        yield page


def panels(page, path, who):
    return set(re.findall(r"<h2[^>]*>([^<]*)</h2>", page.get(path, who).text))


@pytest.mark.parametrize(
    "row",
    [[cell.strip() for cell in line.split("|")[1:-1]] for line in RIGHTS.strip().splitlines()],
    ids=lambda row: row[0],
)
def test_a_page_answers_the_roles_whose_dags_it_is_about(production, row):
    path, *expected = row

    told = [str(production.get(path, who).status_code) for who in (DESK, ANALYST)]
    assert told == expected


def test_each_role_has_the_panels_of_its_own_dags(production):
    assert panels(production, "/", DESK) == {
        "Requests", "Batches", "Mail", "Checks before publishing", "Freshness of each table",
    }  # fmt: skip
    assert panels(production, "/", ANALYST) == {
        "Missed certificates", "Checks before publishing", "Freshness of each table",
    }  # fmt: skip
    assert panels(production, "/trends", DESK) == {"Minutes from the request to the mail"}
    assert "Download ratios" in panels(production, "/trends", ANALYST)
