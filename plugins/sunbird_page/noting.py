"""Who changed what through the page: a line of Airflow's own audit log, with ids only."""

import json
from typing import Any

from airflow.models.log import Log
from airflow.utils.session import create_session


def note(user: Any, event: str, *, dag_id: str, extra: dict[str, str]) -> None:
    with create_session() as session:
        session.add(
            Log(
                event=event,
                dag_id=dag_id,
                owner=str(user.get_id()),
                owner_display_name=str(user.get_name()),
                extra=json.dumps(extra),
            )
        )
