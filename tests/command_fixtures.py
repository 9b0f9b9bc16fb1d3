"""Commands as they are typed: real arguments, environment, output and exit code."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from jobs.__main__ import main
from jobs.settings import PREFIX

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def jobs(monkeypatch, capsys):
    """jobs("refresh", "batches", home=..., store_url=...) -> Ended, in this process."""

    def run(*arguments, **settings):
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"{PREFIX}{name.upper()}", str(value))
            patch.setattr(sys, "argv", ["jobs", *arguments])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    yield run
    # The command's log goes to this test's standard error, which is about to be closed.
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def run_command():
    """run_command(environment, "exhaust", ...) -> the ended process of `python -m jobs`."""

    def run(environment, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "jobs", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=250,
        )  # fmt: skip

    return run
