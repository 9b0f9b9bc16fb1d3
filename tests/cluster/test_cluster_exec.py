"""A command among the services of the cluster that runs here."""

import pytest

from tools.cluster_compose import read_services
from tools.cluster_exec import main
from tools.cluster_places import choose_places, keep_places
from tools.cluster_standins import make_secrets
from tools.running import note_running


@pytest.fixture
def cluster_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNBIRD_BATCH_HOME", str(tmp_path))
    return tmp_path / "cluster"


@pytest.fixture
def running(cluster_home):
    """What a running cluster leaves for others to find."""
    services = read_services(make_secrets(cluster_home))
    places = choose_places(cluster_home, services, store_port=1)
    keep_places(places)
    note_running(cluster_home, "http://127.0.0.1:8080")
    return places


def test_command_sees_what_its_service_sees_and_nothing_of_who_types_it(
    running, monkeypatch, capfd
):
    monkeypatch.setenv("SUNBIRD_BATCH_TEAM_ADDRESS", "mine@example.org")
    code = "import os; print(os.environ['SPARK_MASTER_PORT'], 'TEAM' in str(os.environ))"

    assert main(["spark-master", "python", "-c", code]) == 0

    assert capfd.readouterr().out == f"{running.ports['7077']} False\n"


def test_end_of_the_command_is_the_end(running):
    assert main(["links", "python", "-c", "raise SystemExit(99)"]) == 99


def test_service_that_there_is_not_is_told_with_those_that_there_are(running, capfd):
    assert main(["spark-worker-3", "python"]) == 2
    assert "spark-worker-1, spark-worker-2" in capfd.readouterr().err


def test_where_nothing_runs_it_is_told_what_starts_it(cluster_home, capfd):
    assert main(["links", "python"]) == 1
    assert "`make cluster` starts one" in capfd.readouterr().err
