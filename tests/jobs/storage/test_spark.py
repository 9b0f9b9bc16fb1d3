"""Spark in one place: the session's keys, and what its workers are told."""

import os
import sys

import pytest

from jobs.storage import spark as storage_spark
from jobs.storage.spark import prepare_environment, session_conf


def test_session_is_in_utc_and_never_guesses_missing_text(spark):
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.conf.get("spark.sql.execution.arrow.pyspark.fallback.enabled") == "false"
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"


def test_what_the_settings_say_wins(make_settings):
    settings = make_settings(spark_conf={"spark.ui.enabled": "true"}, spark_driver_memory="3g")

    conf = session_conf(settings, is_brief=True)

    assert conf["spark.ui.enabled"] == "true"
    assert conf["spark.driver.memory"] == "3g"
    assert "TieredStopAtLevel" in conf["spark.driver.extraJavaOptions"]


def test_a_cluster_gets_none_of_the_keys_for_one_machine(make_settings):
    conf = session_conf(make_settings(spark_master="spark://host:7077"), is_brief=False)

    assert "spark.driver.host" not in conf
    assert "TieredStopAtLevel" not in conf["spark.driver.extraJavaOptions"]
    assert conf["spark.sql.session.timeZone"] == "UTC"


def test_little_data_is_brief_on_a_cluster_too(make_settings):
    settings = make_settings(spark_master="spark://host:7077")

    conf = session_conf(settings, is_brief=True)

    assert "TieredStopAtLevel" in conf["spark.executor.extraJavaOptions"]
    # Executors of other machines read the platform's key where the driver's home is.
    assert conf["spark.executorEnv.SUNBIRD_BATCH_HOME"] == str(settings.home)


def test_workers_run_this_python_and_find_this_project(make_settings, monkeypatch):
    for name in ("JAVA_HOME", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "SPARK_LOCAL_IP"):
        monkeypatch.setenv(name, "before")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("SUNBIRD_BATCH_HOME", "before")
    settings = make_settings()

    prepare_environment(settings)

    assert os.environ["PYSPARK_PYTHON"] == sys.executable
    assert os.environ["PYTHONPATH"] == f"{storage_spark.PROJECT}{os.pathsep}/elsewhere"
    assert os.environ["SUNBIRD_BATCH_HOME"] == str(settings.home)
    # Pages of users pass through here.
    assert (settings.home / "tmp").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("home", ["plain", "with blank"])
def test_home_of_the_workers_is_the_one_that_was_set(make_settings, monkeypatch, tmp_path, home):
    monkeypatch.setenv("SUNBIRD_BATCH_HOME", "before")
    monkeypatch.setenv("JAVA_HOME", os.environ.get("JAVA_HOME", ""))
    monkeypatch.setenv("PYTHONPATH", "")

    prepare_environment(make_settings(home=tmp_path / home))

    assert os.environ["SUNBIRD_BATCH_HOME"] == str(tmp_path / home)
