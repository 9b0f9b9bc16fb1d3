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


@pytest.fixture
def issue_by_command(run_command, night_settings, store, objects, tmp_path):
    def run(**changes):
        home = {
            "HOME": night_settings.home, "STORE_URL": store.url,
            "CERTIFICATES_URL": night_settings.certificates_url,
            "CERTIFICATE_EVENT_FOLDER": tmp_path / "events",
        }  # fmt: skip
        named = {f"{PREFIX}{name}": str(value) for name, value in (home | changes).items()}
        return run_command(os.environ | named, "certificate", "issue-approved")

    return run


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_was_killed_is_ended_by_the_next_one(
    step, platform_now, approve, issue_by_command, ask, night_settings, version, objects, tmp_path
):  # fmt: skip
    platform_now()
    approve("asha", "ravi")
    # The command has the objects of its home: the template's pictures are there too.
    for key in (version["artwork_key"], version["signature_key"]):
        target = night_settings.objects / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(objects.read(key))

    killed = issue_by_command(KILL_AT=step)
    ended = issue_by_command()

    assert killed.returncode == -signal.SIGKILL
    assert ended.returncode in (0, 99), ended.stderr[-2000:]
    issued = ask("SELECT certificate_id, user_id FROM operations.certificate_issued")
    assert sorted(user for _, user in issued) == ["asha", "ravi"]
    kept = {path.stem for path in (night_settings.objects / "certificates").rglob("*.pdf")}
    told = {path.stem for path in (tmp_path / "events").glob("*.json")}
    assert kept == told == {certificate for certificate, _ in issued}
    assert ask("SELECT count(*) FROM operations.certificate_event WHERE told_at IS NULL") == [(0,)]
