"""compose.yaml as this project's tools read it: services with their commands and settings."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tools.airflow_home import ROOT

COMPOSE = ROOT / "compose.yaml"
# ${NAME}, ${NAME:-default} and ${NAME:?what to do}; $$ is a dollar.
VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


class ComposeError(Exception):
    """compose.yaml or its .env lacks something; the sentence says what to do."""


@dataclass(frozen=True)
class Service:
    """One service: what it starts, with what, after whom, and how its health is asked."""

    name: str
    image: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    # Service to the condition that it must have come to.
    waits_for: dict[str, str] = field(default_factory=dict)
    health: tuple[str, ...] = ()
    is_built: bool = False


def read_services(secrets: dict[str, str], file: Path = COMPOSE) -> dict[str, Service]:
    """Every service, in an order in which they can start, with the secrets in place."""
    whole = filled(yaml.safe_load(file.read_text(encoding="utf-8")), secrets)
    services = {name: service(name, told) for name, told in whole["services"].items()}
    return {name: services[name] for name in in_order(services)}


def service(name: str, told: dict[str, Any]) -> Service:
    health = told.get("healthcheck", {})
    return Service(
        name=name,
        image=told["image"],
        command=tuple(
            str(word) for word in [*told.get("entrypoint", ()), *told.get("command", ())]
        ),
        environment={key: str(value) for key, value in told.get("environment", {}).items()},
        waits_for={other: how["condition"] for other, how in told.get("depends_on", {}).items()},
        # The first word is docker's own: CMD.
        health=tuple(str(word) for word in health.get("test", ())[1:]),
        is_built="build" in told,
    )


def filled(node: Any, secrets: dict[str, str]) -> Any:
    """The same tree, with its variables replaced as docker compose replaces them."""
    if isinstance(node, dict):
        return {key: filled(value, secrets) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(value, secrets) for value in node]
    return (
        VARIABLE.sub(lambda found: value_of(found, secrets), node)
        if isinstance(node, str)
        else node
    )


def value_of(found: re.Match[str], secrets: dict[str, str]) -> str:
    dollar, name, kind, text = found.groups()
    if dollar:
        return "$"
    if secrets.get(name):
        return secrets[name]
    if kind == "-":
        return str(text)
    raise ComposeError(f"compose.yaml needs {name}: {text or 'it is in no .env'}.")


def in_order(services: dict[str, Service]) -> list[str]:
    placed: list[str] = []
    while len(placed) < len(services):
        ready = [
            name
            for name, one in services.items()
            if name not in placed and all(other in placed for other in one.waits_for)
        ]
        if not ready:
            raise ComposeError("The services of compose.yaml wait for each other in a circle.")
        placed += ready
    return placed


def read_env(file: Path) -> dict[str, str]:
    """The lines NAME=value of a .env."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
