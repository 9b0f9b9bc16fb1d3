"""Who may see and do what: Airflow's own users, and their rights on the DAG that does the same.

Whoever may read a DAG sees what it makes. Whoever may start an exhaust DAG may ask for its file,
and whoever may change `delivery` decides about held messages. There is no list of users here.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.models.dag import DagModel
from fastapi import Depends, HTTPException, Path
from pydantic import StringConstraints

EXHAUSTS = {
    "progress-exhaust": "progress_exhaust",
    "userinfo-exhaust": "userinfo_exhaust",
    "response-exhaust": "response_exhaust",
}
# The panels of the page, and the DAG that makes what each shows.
PANELS = {
    "requests": tuple(EXHAUSTS.values()),
    "batches": ("batch_status",),
    "missed": ("missed_certificates",),
    "verdicts": ("refresh",),
    "tables": ("refresh",),
    "mail": ("delivery",),
    "usage": ("usage_metrics",),
    "completions": ("collection_summary",),
}


def may_look(user: Any, dag_id: str) -> bool:
    return may(user, "GET", dag_id)


def may_start(user: Any, dag_id: str) -> bool:
    return may(user, "POST", dag_id, DagAccessEntity.RUN)


def may_change(user: Any, dag_id: str) -> bool:
    return may(user, "PUT", dag_id)


def may(user: Any, method: Any, dag_id: str, entity: DagAccessEntity | None = None) -> bool:
    """What Airflow itself answers of this user, method and DAG."""
    return get_auth_manager().is_authorized_dag(
        method=method,
        access_entity=entity,
        details=DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id)),
        user=user,
    )


def panels_of(user: Any) -> set[str]:
    return {name for name, dags in PANELS.items() if any(may_look(user, dag) for dag in dags)}


def kinds_of(user: Any, allows: Callable[[Any, str], bool]) -> list[str]:
    return [kind for kind, dag_id in EXHAUSTS.items() if allows(user, dag_id)]


def refuse_unless(allowed: object, what: str) -> None:
    """403 with a sentence that says which right is missing."""
    if not allowed:
        raise HTTPException(403, f"You may not {what}. Ask an administrator of this Airflow.")


def sees(*panels: str) -> Any:
    """A dependency: the user, if any of the panels is theirs to see; 401 and 403 otherwise."""

    def seen(user: GetUserDep) -> Any:
        refuse_unless(bool(panels_of(user) & set(panels)), "see this page")
        return user

    return Depends(seen)


def decides() -> Any:
    """A dependency: the user, if held messages are theirs to decide about."""

    def deciding(user: GetUserDep) -> Any:
        refuse_unless(may_change(user, "delivery"), "release or drop messages")
        return user

    return Depends(deciding)


def started(dag_ids: Iterable[str]) -> Any:
    """A dependency: the user, if any of the DAGs is theirs to start."""

    def starting(user: GetUserDep) -> Any:
        refuse_unless(any(may_start(user, dag_id) for dag_id in dag_ids), "ask for files")
        return user

    return Depends(starting)


Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_:.-]{1,200}$")]
# One line of what a person typed: an argument of a command can hold no control characters.
Line = StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
