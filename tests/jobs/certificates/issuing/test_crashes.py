"""The issue is killed at each step; the next run ends it, and nobody has two certificates."""

import os
import signal

import pytest

from jobs.settings import PREFIX

# What a run does, in this order; the first is killed in every test run.
STEPS = [
    "certificates: before the commit",
    pytest.param("upload: written aside", marks=pytest.mark.full),
    pytest.param("certificates: files written", marks=pytest.mark.full),
    pytest.param("certificates: committed", marks=pytest.mark.full),
    pytest.param("certificate events: told", marks=pytest.mark.full),
]
COMMAND = ("certificate", "issue-approved")


@pytest.fixture
def settings_of_issue(night_settings, store, tmp_path):
    return {
        "home": night_settings.home,
        "store_url": store.url,
        "certificates_url": night_settings.certificates_url,
        "certificate_event_folder": tmp_path / "events",
    }


@pytest.mark.parametrize("step", STEPS)
def test_case_61_a_run_that_was_killed_is_ended_by_the_next_one(
    step, platform_now, approve, settings_of_issue, run_command, jobs, ask, night_settings,
    version, objects, tmp_path,
):  # fmt: skip
    platform_now()
    approve("asha", "ravi")
    # The command has the objects of its home: the template's pictures are there too.
    for key in (version["artwork_key"], version["signature_key"]):
        target = night_settings.objects / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(objects.read(key))

    killed_at = {
        f"{PREFIX}{name.upper()}": str(value)
        for name, value in (settings_of_issue | {"kill_at": step}).items()
    }
    killed = run_command(os.environ | killed_at, *COMMAND)
    ended = jobs(*COMMAND, **settings_of_issue)

    assert killed.returncode == -signal.SIGKILL
    assert ended.code in (0, 99), ended.err[-2000:]
    issued = ask("SELECT certificate_id, user_id FROM operations.certificate_issued")
    assert sorted(user for _, user in issued) == ["asha", "ravi"]
    kept = {path.stem for path in (night_settings.objects / "certificates").rglob("*.pdf")}
    told = {path.stem for path in (tmp_path / "events").glob("*.json")}
    assert kept == told == {certificate for certificate, _ in issued}
    assert ask("SELECT count(*) FROM operations.certificate_event WHERE told_at IS NULL") == [(0,)]
