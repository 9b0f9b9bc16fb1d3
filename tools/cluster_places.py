"""Where the containers' places are on this machine: folders, hosts and ports."""

import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.storage.postgres import free_port, is_free
from tools.airflow_home import ROOT, write_private
from tools.cluster_compose import Service

LOOPBACK = "127.0.0.1"
# What a container listens at; a process of this machine listens for this machine alone.
EVERYWHERE = "0.0.0.0"  # noqa: S104
# The ports that people type in; the others are whichever are free.
WELL_KNOWN = {"8080", "8090"}
# Each once in compose.yaml, so that a number says whose it is.
PORTS = ("1025", "5432", "7070", "7077", "8080", "8090", "8180", "8181", "8182")


@dataclass(frozen=True)
class Places:
    """Turns what a container is told into what a process here is told."""

    home: Path
    hosts: tuple[str, ...]
    ports: dict[str, int]

    def here(self, service: Service) -> Service:
        """The same service, as a process of this machine."""
        return replace(
            service,
            command=tuple(self.word(word, service.name) for word in service.command),
            health=tuple(self.word(word, service.name) for word in service.health),
            environment={
                name: self.value(text, service.name) for name, text in service.environment.items()
            },
        )

    def word(self, text: str, service: str) -> str:
        """A word of a command."""
        return sys.executable if text == "python" else self.text(text, service)

    def value(self, text: str, service: str) -> str:
        """A variable, which may also be the name of a host, or hold it in JSON."""
        text = re.sub(rf"^({self.host_names})$", LOOPBACK, text)
        return self.text(re.sub(rf'"({self.host_names})"', f'"{LOOPBACK}"', text), service)

    def text(self, text: str, service: str) -> str:
        for place, folder in self.folders(service).items():
            text = text.replace(place, str(folder))
        known = rf"(?<![\w.-])(?:{self.host_names}|0\.0\.0\.0|127\.0\.0\.1|localhost)"
        text = re.sub(rf"{known}:(\d+)\b", self.address, text).replace(EVERYWHERE, LOOPBACK)
        return str(self.ports.get(text, text))

    def folders(self, service: str) -> dict[str, Path]:
        return {
            "/opt/sunbird-batch": ROOT,
            "/var/lib/sunbird-batch": self.home,
            "/var/lib/airflow": self.home / "airflow",
            "/var/lib/tls": self.home / "tls",
            "/var/lib/spark-work": self.home / "spark" / service,
        }

    @property
    def host_names(self) -> str:
        return "|".join(re.escape(name) for name in self.hosts)

    def address(self, found: re.Match[str]) -> str:
        port = found.group(1)
        return f"{LOOPBACK}:{self.ports.get(port, port)}"


def choose_places(home: Path, services: dict[str, Service], *, store_port: int) -> Places:
    """Folders below the home, and ports that are free."""
    taken: dict[str, int] = {"5432": store_port}
    for port in PORTS:
        if port not in taken:
            usual = port in WELL_KNOWN and is_free(int(port))
            taken[port] = int(port) if usual else free_port()
    return Places(home, tuple(services), taken)


def keep_places(places: Places) -> None:
    """For whoever runs a command among the services later."""
    write_private(ports_file(places.home), json.dumps(places.ports))


def read_places(home: Path, services: dict[str, Service]) -> Places:
    """Those that `keep_places` kept last."""
    return Places(home, tuple(services), json.loads(ports_file(home).read_text(encoding="utf-8")))


def ports_file(home: Path) -> Path:
    return home / "secrets" / "cluster_ports.json"
