"""The folder, the secrets and the variables of the local Airflow of one home."""

import importlib.metadata
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql

from jobs.storage.postgres import free_port, is_free, make_database, swap_database

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "airflow"
DEFAULT_PORT = 8080
LOGIN = "admin"
# Whatever runs for this home's Airflow carries it, so that nothing can be left behind.
MARK = "SUNBIRD_BATCH_LOCAL_AIRFLOW"


def airflow_folder(home: Path) -> Path:
    folder = home / "airflow"
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    return folder


def variables(home: Path, *, store_url: str, port: int, runs_schedules: bool) -> dict[str, str]:
    """What each component needs, the secrets included; the same for all of them."""
    known = airflow_secrets(home)
    database = swap_database(store_url, DATABASE).replace("postgresql:", "postgresql+psycopg2:", 1)
    return {
        "AIRFLOW_HOME": str(airflow_folder(home)),
        "AIRFLOW_CONFIG": str(ROOT / "airflow.cfg"),
        "SUNBIRD_BATCH_ROOT": str(ROOT),
        "SUNBIRD_BATCH_HOME": str(home),
        MARK: str(home),
        "PYTHONUNBUFFERED": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": known["jwt_secret"],
        "AIRFLOW__CORE__FERNET_KEY": known["fernet_key"],
        "AIRFLOW__API__SECRET_KEY": known["secret_key"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{LOGIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(logins_file(home)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__API__PORT": str(port),
        # Tasks find the server by it: a changed port alone would leave them without one.
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(runs_schedules),
        # Where nothing runs by the clock nobody edits a DAG either: reading all of them every half
        # minute takes from what works.
        **({} if runs_schedules else {"AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600"}),
    }


def airflow_secrets(home: Path) -> dict[str, str]:
    """Made once per home and kept, since running components must agree on them."""
    file = home / "secrets" / "airflow.json"
    if not file.is_file():
        made = {
            "jwt_secret": secrets.token_urlsafe(64),
            "fernet_key": Fernet.generate_key().decode(),
            "secret_key": secrets.token_urlsafe(32),
            "password": secrets.token_urlsafe(9),
        }
        write_private(file, json.dumps(made))
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    if not logins_file(home).is_file():
        write_private(logins_file(home), json.dumps({LOGIN: known["password"]}))
    return known


def logins_file(home: Path) -> Path:
    return home / "secrets" / "airflow_logins.json"


def write_private(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = file.with_suffix(".new")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def choose_port() -> tuple[int, str]:
    """The port of the UI, and a sentence where it is not the usual one."""
    wanted = int(os.environ.get("AIRFLOW__API__PORT") or DEFAULT_PORT)
    if is_free(wanted):
        return wanted, ""
    port = free_port()
    return port, f"Port {wanted} is taken by another program; Airflow uses {port} instead."


def prepare_database(store_url: str, environment: dict[str, str]) -> bool:
    """Whether it had to be made or brought up to this Airflow's version."""
    url = make_database(store_url, DATABASE)
    version = f"airflow {importlib.metadata.version('apache-airflow')}"
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [DATABASE],
        ).fetchone()
        if found and found[0] == version:
            return False
        run_airflow(["db", "migrate"], environment)
        # The stamp lies in the database: whoever removes the one removes the other.
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(DATABASE), sql.Literal(version)
            )
        )
    return True


def run_airflow(arguments: list[str], environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise RuntimeError(f"airflow {' '.join(arguments)} failed:\n{ended.stderr[-3000:]}")
