"""What stands for docker's own in `make cluster`: the .env, and three images of others."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tools.airflow_home import ROOT, airflow_folder, write_private
from tools.cluster_compose import Service, read_env
from tools.cluster_places import LOOPBACK, Places

LISTENS = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 3).close()"


def make_secrets(home: Path) -> dict[str, str]:
    """The .env of this home, made once by the script that makes it for docker."""
    airflow_folder(home)
    file = home / "secrets" / "cluster.env"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["sh", ROOT / "docker" / "env.sh", file], check=True, capture_output=True)
    made = read_env(file)
    # Who starts a second one is told how to log in to the first.
    known = {"password": made["AIRFLOW_ADMIN_PASSWORD"]}
    write_private(home / "secrets" / "airflow.json", json.dumps(known))
    return made


def stood_in(services: dict[str, Service], places: Places, *, admin_url: str) -> dict[str, Service]:
    """The same services, with programs of Python's package index for the three that are images."""
    s3, mail, setup = services["objects"], services["mail"], services["setup"]
    address = f"http://{LOOPBACK}:{places.ports['7070']}/"
    moto = [sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(places.ports["7070"])]
    catcher = [sys.executable, "-m", "tools.cluster_mail", str(places.home / "mailbox")]
    health = [sys.executable, "-m", "tools.cluster_health"]
    listening = [sys.executable, "-c", LISTENS, str(places.ports["1025"])]
    return services | {
        "objects": replace(s3, command=tuple(moto), health=(*health, address)),
        "mail": replace(mail, command=tuple(catcher), health=tuple(listening)),
        "setup": replace(setup, environment=setup.environment | {"CLUSTER_ADMIN_URL": admin_url}),
    }
