"""Airflow reads this file by its name: what holds for every DAG, whoever writes it."""

from airflow.sdk import DAG
from orchestration.rights import EXHAUST, RUNS_OF_EXHAUSTS, access_of

__all__ = ["dag_policy"]


def dag_policy(dag: DAG) -> None:
    """Gives each DAG the rights of orchestration.rights; none stands in a DAG's own file."""
    dag.access_control = {
        role: {resource: set(actions) for resource, actions in rights.items()}
        for role, rights in access_of(dag.dag_id).items()
    }
    if EXHAUST in dag.tags:
        dag.allowed_run_types = RUNS_OF_EXHAUSTS
