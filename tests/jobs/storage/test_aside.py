"""What is made aside: whole or gone, and cleared after processes that were killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobs.storage.aside import YOUNG_SECONDS, clear, file_aside, folder_aside

ROOT = Path(__file__).resolve().parents[3]
LEAVES = """
import os, signal, sys
from pathlib import Path
from jobs.storage.aside import file_aside, folder_aside
with file_aside(Path(sys.argv[1])), folder_aside(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def age(path):
    past = time.time() - YOUNG_SECONDS - 1
    os.utime(path, (past, past))


@pytest.fixture
def left(tmp_path):
    """A file and a folder of a process that was killed a while ago."""
    ended = subprocess.run([sys.executable, "-c", LEAVES, str(tmp_path)], cwd=ROOT)
    assert ended.returncode == -9
    found = sorted(tmp_path.iterdir())
    assert len(found) == 2
    for path in found:
        age(path)
    return found


def test_next_one_clears_what_a_killed_process_left(tmp_path, left):
    with file_aside(tmp_path):
        assert not any(path.exists() for path in left)


def test_what_a_living_process_makes_is_left_alone_however_old(tmp_path):
    with file_aside(tmp_path) as (path, file), folder_aside(tmp_path) as folder:
        age(path)
        age(folder)
        clear(tmp_path)
        assert path.exists()
        assert folder.exists()
        file.write(b"whole")
        path.replace(tmp_path / "whole")
    assert [one.name for one in tmp_path.iterdir()] == ["whole"]


def test_what_was_just_made_is_left_alone_even_without_a_lock(tmp_path):
    (tmp_path / ".new.part").touch()
    clear(tmp_path)
    assert (tmp_path / ".new.part").exists()


def test_nobody_else_may_read_it(tmp_path):
    with file_aside(tmp_path) as (path, _), folder_aside(tmp_path / "made") as folder:
        assert path.stat().st_mode & 0o077 == 0
        assert folder.stat().st_mode & 0o077 == 0


def test_other_faults_of_the_disk_keep_their_own_words(tmp_path):
    with pytest.raises(FileNotFoundError), folder_aside(tmp_path) as folder:
        (folder / "missing").read_bytes()
