"""compose.yaml, the images and the secrets: what docker is given, without docker."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.airflow_home import ROOT
from tools.cluster_compose import COMPOSE, ComposeError, filled, read_env, read_services
from tools.cluster_health import AIRFLOW, SPARK
from tools.cluster_places import LOOPBACK, choose_places

RAW = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
ONCE = {name for name, told in RAW.items() if told.get("restart") == "no"}
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")

every_service = pytest.mark.parametrize("name", sorted(RAW))


def make_env(file: Path) -> str:
    command = ["sh", str(ROOT / "docker" / "env.sh"), str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    file = tmp_path_factory.mktemp("env") / ".env"
    make_env(file)
    return read_env(file)


@pytest.fixture
def services(secrets):
    return read_services(secrets)


@every_service
def test_service_can_gain_no_rights(name):
    told = RAW[name]

    assert "no-new-privileges:true" in told["security_opt"]
    # PostgreSQL's own image starts as root to own its files, and steps down by itself.
    if name != "postgres":
        assert told["cap_drop"] == ["ALL"]
    if "build" in told:
        assert told["user"] == "10001:10001"
        assert told["read_only"] is True


@every_service
def test_service_that_stays_says_whether_it_is_well_and_comes_back(name):
    if name in ONCE:
        assert RAW[name]["healthcheck"] == {"disable": True}
        adopters = [one for one in RAW.values() if name in one.get("depends_on", {})]
        # `docker compose up --wait` takes an end for a failure unless somebody waits for it.
        assert {one["depends_on"][name]["condition"] for one in adopters} == {
            "service_completed_successfully"
        }
    else:
        assert RAW[name]["healthcheck"]["test"][0] == "CMD"
        assert RAW[name]["restart"] == "unless-stopped"


@every_service
def test_ports_are_open_to_this_machine_only(name):
    assert [port for port in RAW[name].get("ports", []) if not port.startswith("127.0.0.1:")] == []


@every_service
def test_image_is_pinned_or_made_here(name):
    image = RAW[name]["image"]

    assert "build" in RAW[name] or re.search(r":v?\d+\.\d+", image)
    assert "latest" not in image


def test_both_images_have_one_base_which_is_pinned_by_its_digest():
    stages = re.findall(r"^FROM (\S+) AS (\S+)", DOCKERFILE, re.MULTILINE)
    built = {name: base for base, name in stages}

    assert re.search(r"^ARG BASE=\S+@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert {base for base in built.values() if base not in built} == {"${BASE}"}
    assert built["airflow"] == built["spark"] == "runtime"
    for stage in ("airflow", "spark"):
        end = DOCKERFILE.partition(f" AS {stage}\n")[2].partition("\nFROM ")[0]
        assert "USER 10001:10001" in end
        assert "HEALTHCHECK" in end


def test_what_images_copy_is_there_and_let_in():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in let_in] == []


def test_modules_that_images_start_are_there():
    started = re.findall(r'"-m", "(tools\.\w+)"', DOCKERFILE)
    for told in RAW.values():
        words = [*told.get("entrypoint", []), *told.get("command", [])]
        words += told["healthcheck"].get("test", [])
        started += [word for word in words if str(word).startswith("tools.")]

    assert started
    assert [name for name in started if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []


def test_health_is_asked_of_parts_that_there_are():
    asked = re.findall(r'"tools.cluster_health", "([^"]+)"', DOCKERFILE)
    for told in RAW.values():
        words = told["healthcheck"].get("test", [])
        if "tools.cluster_health" in words:
            asked.append(words[-1])

    assert len(asked) == 10
    assert [part for part in asked if part not in (*SPARK, *AIRFLOW) and "://" not in part] == []


def test_secrets_are_made_once_for_their_owner_only(tmp_path):
    file = tmp_path / ".env"
    make_env(file)
    first = file.read_text()

    assert "stays as it is" in make_env(file)
    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600
    values = list(read_env(file).values())
    assert len(set(values)) == len(values)
    assert min(len(value) for value in values) >= 20


def test_secret_that_a_newer_version_needs_is_added_and_no_other_changes(tmp_path):
    file = tmp_path / ".env"
    make_env(file)
    before = read_env(file)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "SPARK_SECRET" not in line) + "MINE=x\n")

    make_env(file)

    after = read_env(file)
    assert after.pop("SPARK_SECRET") != before.pop("SPARK_SECRET")
    assert after == before | {"MINE": "x"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_secrets_that_are_missing_are_told_with_what_makes_them(secrets):
    del secrets["OBJECTS_SECRET"]
    try:
        with pytest.raises(ComposeError, match=r"needs OBJECTS_SECRET: run sh docker/env\.sh"):
            read_services(secrets)
    finally:
        secrets["OBJECTS_SECRET"] = "x" * 40


def test_variables_are_filled_as_docker_fills_them():
    known = {"A": "1"}

    assert filled(["${A:?no}", "${B:-2}", "$$A", "${A:-3}x"], known) == ["1", "2", "$A", "1x"]


def test_every_secret_of_the_file_is_made_and_every_one_made_is_used(secrets):
    assert set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text())) == set(secrets)


def test_nothing_of_a_container_is_left_in_what_a_process_here_is_told(services, tmp_path):
    places = choose_places(tmp_path, services, store_port=1)
    inside = re.compile(r"(?<![\w/.-])/(?:opt|var/lib)/|0\.0\.0\.0|@postgres|//(?:objects|mail)")
    hosts = re.compile(rf"(?:{'|'.join(name for name in services if '-' in name)}):\d")

    for service in map(places.here, services.values()):
        told = [*service.command, *service.health, *service.environment.values()]
        if service.is_built:
            assert [text for text in told if inside.search(text) or hosts.search(text)] == []


def test_processes_here_are_told_the_same_settings_but_for_places(services, tmp_path):
    places = choose_places(tmp_path, services, store_port=1)
    scheduler = services["airflow-scheduler"]
    here = places.here(scheduler)

    differ = {k for k, v in scheduler.environment.items() if here.environment[k] != v}
    named = re.compile(r"/opt/|/var/lib/|postgres:|objects:|server:|master:|0\.0\.0\.0")
    assert set(here.environment) == set(scheduler.environment)
    assert {
        name
        for name in differ
        if not named.search(scheduler.environment[name])
    } <= {"SUNBIRD_BATCH_SMTP_HOST", "SUNBIRD_BATCH_SMTP_PORT", "AIRFLOW__API__BASE_URL",
          "AIRFLOW__API__PORT", "SUNBIRD_BATCH_LINKS_URL"}  # fmt: skip
    assert here.environment["SUNBIRD_BATCH_SMTP_HOST"] == LOOPBACK
    assert here.command[0] == sys.executable


def test_platforms_key_is_given_to_no_service_but_by_the_shared_folder(services):
    holders = [
        name
        for name, service in services.items()
        if any("PLATFORM_KEY" in variable for variable in service.environment)
    ]

    assert holders == []


def test_dag_processor_has_no_way_into_the_store(services):
    environment = services["airflow-dag-processor"].environment

    assert [name for name in environment if "STORE" in name or name.startswith("AWS_")] == []
