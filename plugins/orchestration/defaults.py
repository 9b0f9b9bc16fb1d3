"""What every task gets unless its DAG says otherwise."""

from datetime import timedelta
from typing import Any

from orchestration.alerts import TeamAlert

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "sunbird-batch",
    # For a store, a lake or a network that comes back; a bad request has its own tries.
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=20),
    "on_failure_callback": TeamAlert(),
}
