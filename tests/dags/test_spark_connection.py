"""Where Spark runs is said by one Airflow Connection."""

import json

import pytest


@pytest.fixture
def connected(monkeypatch):
    def connect(**connection):
        text = json.dumps({"conn_type": "spark"} | connection)
        monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", text)

    return connect


def variables(inherited=None):
    from orchestration.spark_connection import spark_variables

    return spark_variables(inherited or {})


@pytest.mark.parametrize(
    ("connection", "master"),
    [
        ({"host": "local[2]"}, "local[2]"),
        ({"host": "spark://m1", "port": 7077}, "spark://m1:7077"),
        ({"host": "spark://m1:7077,m2:7077"}, "spark://m1:7077,m2:7077"),
        ({"host": "m1", "port": 7077}, "spark://m1:7077"),
        ({"host": "yarn"}, "yarn"),
        ({"host": "k8s://https://10.0.0.1", "port": 6443}, "k8s://https://10.0.0.1:6443"),
        ({"host": "sc://connect", "port": 15002}, "sc://connect:15002"),
    ],
)
def test_host_and_port_are_the_master(connected, connection, master):
    connected(**connection)

    assert variables() == {"SUNBIRD_BATCH_SPARK_MASTER": master}


def test_extra_adds_to_the_spark_keys_that_are_set_already(connected):
    connected(host="yarn", extra={"queue": "etl", "conf": {"spark.a": 1}, "spark.b": "2"})

    told = variables({"SUNBIRD_BATCH_SPARK_CONF": '{"spark.a": "0", "spark.c": "3"}'})

    assert json.loads(told["SUNBIRD_BATCH_SPARK_CONF"]) == {
        "spark.a": "1",
        "spark.b": "2",
        "spark.c": "3",
        "spark.yarn.queue": "etl",
    }


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ({}, "has no host"),
        ({"host": "yarn", "extra": {"deploy-mode": "cluster"}}, "remove deploy-mode"),
        ({"host": "yarn", "extra": {"keytab": "x"}}, "the extra 'keytab'"),
    ],
)
def test_what_jobs_cannot_follow_is_refused_by_name(connected, connection, message):
    from airflow.sdk.exceptions import AirflowFailException

    connected(**connection)

    with pytest.raises(AirflowFailException, match=message):
        variables()
