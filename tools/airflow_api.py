"""The few requests that the tools make to a local Airflow."""

import http.client
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

# The DAG's id and the run's.
Run = tuple[str, str]


class AirflowApiError(Exception):
    """The server's answer was not what was asked for."""


@dataclass
class AirflowApi:
    """The REST API of the Airflow on this machine's port."""

    port: int
    login: str
    password: str
    token: str = field(default="", repr=False)

    def health(self) -> dict[str, str]:
        """State per component; empty while the server does not answer."""
        try:
            told = self.request("GET", "/api/v2/monitor/health", with_token=False)
        except (OSError, http.client.HTTPException, AirflowApiError):
            return {}
        return {name: part.get("status") or "" for name, part in told.items() if part}

    def dag_ids(self) -> list[str]:
        return [dag["dag_id"] for dag in self.request("GET", "/api/v2/dags?limit=100")["dags"]]

    def import_errors(self) -> list[str]:
        told = self.request("GET", "/api/v2/importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace']}" for error in told]

    def set_pool(self, name: str, slots: int, description: str) -> None:
        pools = self.request("GET", "/api/v2/pools?limit=100")["pools"]
        pool = {"slots": slots, "description": description, "include_deferred": False}
        if name not in [known["name"] for known in pools]:
            self.request("POST", "/api/v2/pools", {"name": name} | pool)

    def unpause(self, dag_id: str) -> None:
        self.request("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})

    def end_open_runs(self, dag_id: str) -> int:
        """How many there were: left by an Airflow that was stopped while they ran."""
        count = 0
        for state in ("running", "queued"):
            path = f"/api/v2/dags/{dag_id}/dagRuns"
            for run in self.request("GET", f"{path}?state={state}&limit=100")["dag_runs"]:
                run_path = f"{path}/{quote(run['dag_run_id'])}"
                self.request("PATCH", run_path, {"state": "failed", "note": "stopped by hand"})
                count += 1
        return count

    def trigger(self, dag_id: str, form: dict[str, object] | None = None) -> str:
        """The new run's id; `form` is what a person would fill in."""
        # Airflow insists on the word: a run asked for by hand has no logical date.
        body = {"logical_date": None, "conf": form or {}}
        run = self.request("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)
        return str(run["dag_run_id"])

    def task_states(self, dag_id: str, run_id: str) -> dict[str, tuple[str, int]]:
        """State and number of the try, per task."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances"
        return {
            task["task_id"]: (task["state"] or "waiting", task["try_number"])
            for task in self.request("GET", path)["task_instances"]
        }

    def runs(self, since: datetime) -> dict[Run, str]:
        """The state of every run that was asked for since; one question for all of them."""
        path = f"/api/v2/dags/~/dagRuns?limit=100&run_after_gte={quote(since.isoformat())}"
        return {
            (run["dag_id"], run["dag_run_id"]): run["state"]
            for run in self.request("GET", path)["dag_runs"]
        }

    def tasks(self, since: datetime) -> dict[Run, dict[str, tuple[str, int]]]:
        """State and number of the try, per task, of the same runs."""
        told: dict[Run, dict[str, tuple[str, int]]] = {}
        path = "/api/v2/dags/~/dagRuns/~/taskInstances?limit=100"
        for task in self.request("GET", f"{path}&run_after_gte={quote(since.isoformat())}")[
            "task_instances"
        ]:
            of_run = told.setdefault((task["dag_id"], task["dag_run_id"]), {})
            of_run[task["task_id"]] = (task["state"] or "waiting", task["try_number"])
        return told

    def request(
        self, method: str, path: str, body: Any = None, *, with_token: bool = True
    ) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if with_token:
            headers["Authorization"] = f"Bearer {self.token or self.sign_in()}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, body=text, headers=headers)
            answer = connection.getresponse()
            told = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 300:
            raise AirflowApiError(f"{method} {path} was answered {answer.status}: {told[:500]}")
        return json.loads(told) if told else {}

    def sign_in(self) -> str:
        who = {"username": self.login, "password": self.password}
        self.token = self.request("POST", "/auth/token", who, with_token=False)["access_token"]
        return self.token
