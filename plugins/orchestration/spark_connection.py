"""Where Spark runs: the Airflow Connection `spark_default`, as variables for a job."""

import json

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException

CONNECTION_ID = "spark_default"
MASTER = "SUNBIRD_BATCH_SPARK_MASTER"
CONF = "SUNBIRD_BATCH_SPARK_CONF"

# What the usual extras of a Spark connection mean to a driver that runs beside the task.
EXTRA_KEYS = {"queue": "spark.yarn.queue", "namespace": "spark.kubernetes.namespace"}


def spark_variables(inherited: dict[str, str]) -> dict[str, str]:
    """The job's variables; none where there is no connection: the job's own settings hold then."""
    try:
        connection = Connection.get(CONNECTION_ID)
    except AirflowNotFoundException:
        return {}
    variables = {MASTER: master_of(connection)}
    conf = json.loads(inherited.get(CONF) or "{}") | conf_of(connection)
    if conf:
        variables[CONF] = json.dumps(conf)
    return variables


def master_of(connection: Connection) -> str:
    host = connection.host or ""
    if not host:
        raise AirflowFailException(
            f"The connection {CONNECTION_ID} has no host. It is the Spark master: local[2],"
            " spark://host:7077, yarn, k8s://https://host:6443 or sc://host:15002."
        )
    # The URI form spark://host:7077 arrives without its scheme.
    known = "://" in host or host == "yarn" or host.startswith("local")
    master = host if known else f"spark://{host}"
    return f"{master}:{connection.port}" if connection.port else master


def conf_of(connection: Connection) -> dict[str, str]:
    """Spark keys of the connection's extra: `conf`, `spark.*`, `queue` and `namespace`."""
    extra = dict(connection.extra_dejson)
    conf = {key: str(value) for key, value in dict(extra.pop("conf", {})).items()}
    if extra.pop("deploy-mode", "client") != "client":
        raise AirflowFailException(
            f"The connection {CONNECTION_ID} asks for deploy-mode cluster. Jobs run their driver"
            " beside the task, so that stopping the task stops the job: remove deploy-mode."
        )
    for key, value in extra.items():
        if not key.startswith("spark.") and key not in EXTRA_KEYS:
            raise AirflowFailException(
                f"The connection {CONNECTION_ID} has the extra {key!r}, which jobs do not know."
                f" Known are: conf, deploy-mode, {', '.join(sorted(EXTRA_KEYS))} and spark.* keys."
            )
        conf[EXTRA_KEYS.get(key, key)] = str(value)
    return conf
