"""Airflow's API server with three users, and how they ask it for the page."""

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

import httpx

from jobs.settings import PREFIX
from jobs.storage import postgres
from tools.airflow_home import (
    ROOT,
    airflow_secrets,
    logins_file,
    prepare_database,
    variables,
    write_private,
)

PASSWORD = "a word"
USERS = ("viewer", "user", "admin")
START_SECONDS = 90


@dataclass
class Page:
    """The server, asked as one of its users or as nobody; redirects are told, not followed."""

    url: str
    environment: dict[str, str] = field(repr=False)
    tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def sign_in(self, users):
        for name in users:
            who = {"username": name, "password": PASSWORD}
            told = httpx.post(f"{self.url}/auth/token", json=who, timeout=30)
            self.tokens[name] = told.json()["access_token"]

    def ask(self, method, path, who, **more):
        cookies = {"_token": self.tokens[who]} if who != "nobody" else {}
        with httpx.Client(cookies=cookies, timeout=60) as client:
            return client.request(method, f"{self.url}/sunbird-batch{path}", **more)

    def get(self, path, who="admin"):
        return self.ask("GET", path, who)

    def post(self, path, who, *, headers=None, **form):
        return self.ask("POST", path, who, data=form, headers=headers)


@contextlib.contextmanager
def served(home, store, more, users=USERS, prepare=lambda environment: None):
    """Airflow's API server with its users; ended with all that it started."""
    port = postgres.free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= variables(home, store_url=store.url, port=port, runs_schedules=False) | {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{one}:{one}" for one in USERS),
        f"{PREFIX}STORE_URL": store.url,
        f"{PREFIX}OPERATOR_STORE_URL": store.operator_url,
    }
    environment |= more
    airflow_secrets(home)
    write_private(logins_file(home), json.dumps(dict.fromkeys(USERS, PASSWORD)))
    prepare_database(store.url, environment)
    prepare(environment)
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "airflow", "api-server", "--workers", "1"],
            env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        page = Page(f"http://127.0.0.1:{port}", environment)
        wait_for(page, server, log)
        page.sign_in(users)
        yield page
    finally:
        end(server)


def wait_for(served, server, log):
    until = time.monotonic() + START_SECONDS
    while True:
        if server.poll() is not None or time.monotonic() > until:
            raise AssertionError(log.read_text()[-3000:])
        try:
            httpx.get(f"{served.url}/api/v2/version", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.3)
        else:
            return


def end(server):
    os.killpg(server.pid, 15)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, 9)
        server.wait()
