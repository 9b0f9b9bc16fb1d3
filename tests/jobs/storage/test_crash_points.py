"""Named places do nothing unless a test's setting names one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.settings import PREFIX
from jobs.storage import crash_points

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def disarmed():
    yield
    crash_points.arm(None)


def test_places_do_nothing_by_default_nor_when_another_is_named():
    crash_points.arm(None)
    crash_points.crash_point("send: taken")
    crash_points.arm("send: sent")
    crash_points.crash_point("send: taken")


def test_named_place_ends_the_process_by_a_real_signal():
    program = "from jobs.storage.crash_points import *; arm('here'); crash_point('here')"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == -9


def test_each_place_has_a_name_of_its_own():
    text = "".join(path.read_text() for path in (ROOT / "jobs").rglob("*.py"))
    names = re.findall(r'crash_point\("([^"]+)"\)', text)
    assert sorted(names) == sorted(set(names))


def test_only_the_settings_say_where():
    assert [
        path.name
        for path in (ROOT / "jobs").rglob("*.py")
        if f"{PREFIX}KILL_AT" in path.read_text()
    ] == []
