"""Twelve promises about Airflow's settings: kept by compose.yaml, and each can be seen to fail."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools.airflow_home import ROOT
from tools.cluster_compose import read_env, read_services
from tools.cluster_hardening import CHECKS, judge
from tools.cluster_places import choose_places

KEPT = {
    ("core", "auth_manager"): "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    ("core", "simple_auth_manager_all_admins"): "False",
    ("core", "fernet_key"): "mBQ6b0cXwK2cVgM2WUYnqeUnhBfnFgVBS9dMY8Ipdz8=",
    ("core", "test_connection"): "Disabled",
    ("core", "allowed_deserialization_classes"): "airflow.*",
    ("core", "allowed_deserialization_classes_regexp"): "",
    ("core", "sensitive_var_conn_names"): "platform_key,links_secret",
    ("core", "hide_sensitive_var_conn_fields"): "True",
    ("logging", "min_length_masked_secret"): "5",
    ("api_auth", "jwt_secret"): "j" * 64,
    ("api", "secret_key"): "s" * 32,
    ("api", "expose_config"): "False",
    ("api", "expose_stacktrace"): "False",
    ("api", "enable_swagger_ui"): "False",
    ("api", "require_confirmation_dag_change"): "True",
}


class Conf(dict):
    def get(self, section, key, **_):
        return self[section, key]

    def getboolean(self, section, key):
        return self[section, key] == "True"

    def getint(self, section, key):
        return int(self[section, key])


def dag(dag_id, **told):
    usual = {
        "fileloc": dag_id, "access_control": {}, "params": (), "tags": (),
        "allowed_run_types": frozenset({"manual"}),
    }  # fmt: skip
    return SimpleNamespace(**({"dag_id": dag_id} | usual | told))


TWO_DAGS = (dag("one"), dag("two"))


def broken(conf=(), dags=TWO_DAGS):
    return [what for what, problem in judge(Conf(KEPT | dict(conf)), dags).items() if problem]


def test_there_are_twelve_and_settings_that_keep_them_all_are_found_so():
    assert len(CHECKS) == 12
    assert broken() == []


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("core", "auth_manager", "airflow.api_fastapi.SimpleAuthManager"),
        ("core", "simple_auth_manager_all_admins", "True"),
        ("core", "fernet_key", ""),
        ("core", "fernet_key", "not a key"),
        ("core", "test_connection", "Enabled"),
        ("core", "allowed_deserialization_classes", "airflow.* jobs.*"),
        ("core", "allowed_deserialization_classes_regexp", ".*"),
        ("core", "sensitive_var_conn_names", ""),
        ("core", "hide_sensitive_var_conn_fields", "False"),
        ("logging", "min_length_masked_secret", "40"),
        ("api_auth", "jwt_secret", "short"),
        ("api", "secret_key", ""),
        ("api", "expose_config", "True"),
        ("api", "expose_stacktrace", "True"),
        ("api", "enable_swagger_ui", "True"),
        ("api", "require_confirmation_dag_change", "False"),
    ],
)
def test_each_weak_setting_is_found(section, key, value):
    assert len(broken({(section, key): value})) == 1


@pytest.mark.parametrize(
    "dags",
    [
        [dag("one", access_control=None)],
        [dag("one", fileloc="same.py"), dag("two", fileloc="same.py")],
        [dag("one", tags=("exhaust",), allowed_run_types=None)],
        [dag("one", params=("email",))],
        [dag("one", params=("request_id",), tags=("exhaust",))],
    ],
    ids=["no rights", "two in a file", "any run", "a person in a form", "a form of an exhaust"],
)
def test_each_weak_dag_is_found(dags):
    assert len(broken(dags=dags)) == 1


@pytest.fixture(scope="module")
def airflow_services(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hardening")
    subprocess.run(["sh", ROOT / "docker" / "env.sh", folder / ".env"], check=True)
    services = read_services(read_env(folder / ".env"))
    places = choose_places(folder, services, store_port=1)
    here = {name: places.here(one) for name, one in services.items()}
    return {name: one for name, one in here.items() if name.startswith("airflow-")}


def test_all_parts_of_airflow_have_the_same_settings(airflow_services):
    told = [
        {
            name: value
            for name, value in one.environment.items()
            if re.match("AIRFLOW_(?!CONN)", name)
        }
        for one in airflow_services.values()
    ]

    assert len(told) == 4
    assert all(settings == told[0] for settings in told)


def test_composes_airflow_keeps_twelve_of_twelve(airflow_services):
    environment = airflow_services["airflow-scheduler"].environment
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    ended = subprocess.run(
        [sys.executable, "-m", "tools.cluster_hardening"],
        env=kept | environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip

    assert ended.stdout.splitlines()[-1] == "12 of 12", ended.stdout + ended.stderr
    assert ended.returncode == 0
