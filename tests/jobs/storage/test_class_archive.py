"""Java's archive of Spark's classes: used where it fits, and never in the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.errors import UnavailableError
from jobs.storage import class_archive
from jobs.storage.class_archive import ARCHIVE, CACHE, archive_of, make_archive, reading_options
from jobs.storage.java import bundled_java, java_program, wrapped

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def java_home(tmp_path, monkeypatch):
    """A home's wrapper of the wheel's Java, in an environment that has no archive yet."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return wrapped(bundled_java(), tmp_path / "home" / "java")


def put(java_home, kind, content=b"no archive"):
    place = class_archive.place_of(java_home, kind)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    return place


def test_without_an_archive_java_is_told_nothing(java_home):
    assert archive_of(java_home) is None
    assert reading_options(java_home) == ""


@pytest.mark.parametrize(
    ("kind", "option"), [(CACHE, "-XX:AOTCache="), (ARCHIVE, "-XX:SharedArchiveFile=")]
)
def test_java_is_told_of_its_archive_by_the_kind_that_it_is(java_home, kind, option):
    place = put(java_home, kind)

    assert f"{option}{place}" in reading_options(java_home)


def test_homes_of_one_environment_share_an_archive_and_another_java_has_none(java_home, tmp_path):
    put(java_home, CACHE)
    other = tmp_path / "jdk"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "java").write_bytes(b"\x7fELF" + bytes(2000))

    assert archive_of(wrapped(bundled_java(), tmp_path / "second" / "java"))
    assert archive_of(other) is None


def test_somebodys_own_short_script_is_not_taken_for_the_wheels_java(tmp_path):
    program = tmp_path / "jdk" / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nexec /opt/java/bin/java "$@"\n')

    assert java_program(tmp_path / "jdk") == program


def test_torn_archive_neither_stops_java_nor_speaks_on_its_output(java_home):
    put(java_home, CACHE)
    line = [java_home / "bin" / "java", *reading_options(java_home).split(), "--version"]

    ended = subprocess.run(line, capture_output=True, text=True)

    assert ended.returncode == 0
    assert ended.stdout.startswith("openjdk")


def test_archive_that_is_there_is_not_made_again(java_home, monkeypatch):
    place = put(java_home, CACHE)
    monkeypatch.setattr(class_archive, "trained", lambda *_: pytest.fail("made again"))

    assert make_archive(java_home) == place


def test_java_that_makes_none_is_named_and_nothing_half_made_stays(java_home, monkeypatch):
    monkeypatch.setattr(class_archive, "trained", lambda *_: [])

    with pytest.raises(UnavailableError, match=f"The Java at {java_home} made no archive"):
        make_archive(java_home)

    assert list(class_archive.place_of(java_home, CACHE).parent.iterdir()) == []


STRICT = """
import sys
sys.prefix = sys.argv[1]
from pathlib import Path
from jobs.settings import Settings
from jobs.storage.spark import JAVA_OPTIONS, spark_session

options = JAVA_OPTIONS + " -XX:AOTMode=on"
settings = Settings(
    home=Path(sys.argv[2]), spark_conf={"spark.driver.extraJavaOptions": options}
)
with spark_session(settings, name="strict") as spark:
    print(spark.range(3).count())
"""


@pytest.mark.full
def test_archive_is_made_and_taken_by_a_java_that_would_not_start_without_it(java_home, tmp_path):
    def started():
        return subprocess.run(
            [sys.executable, "-c", STRICT, tmp_path / "environment", tmp_path / "home"],
            cwd=ROOT, env=os.environ | {"JAVA_HOME": str(java_home)},
            capture_output=True, text=True,
        )  # fmt: skip

    made = make_archive(java_home)
    with_it = started()
    made.write_bytes(b"torn")
    without = started()

    assert java_program(java_home) == bundled_java()
    assert made.suffix == CACHE
    assert with_it.stdout.splitlines()[-1] == "3", with_it.stderr
    assert without.returncode != 0
