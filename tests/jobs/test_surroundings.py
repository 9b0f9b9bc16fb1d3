"""What lies around the jobs: variables that nothing reads, packages that are not there."""

import pytest

from jobs import surroundings
from jobs.settings import PREFIX


def test_package_that_is_not_installed_is_told():
    (found,) = surroundings.package("Airflow", "no-such-package")

    assert not found.ok
    assert "requirements.txt" in found.do


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("SMPT_HOST", "SMTP_HOST"),
        ("STORE_URI", "STORE_URL"),
        ("smtp_pasword_file", "SMTP_PASSWORD_FILE"),
        # Only a secret can stand in a file.
        ("SMTP_HOST_FILE", "SMTP_HOST"),
    ],
)
def test_misspelt_variable_is_told_with_the_nearest_and_without_its_value(
    monkeypatch, name, nearest
):
    monkeypatch.setenv(f"{PREFIX}{name}", "canary")

    (found,) = surroundings.variables()

    assert not found.ok
    assert found.says == (
        f"{PREFIX}{name.upper()} is no setting and has no effect; the nearest that there is:"
        f" {PREFIX}{nearest}."
    )


@pytest.mark.parametrize(
    "name", ["SMTP_HOST", "smtp_port", "STORE_URL_FILE", "JAVA_HOME", "ROOT", "KILL_AT"]
)
def test_setting_is_none_of_them(monkeypatch, name):
    monkeypatch.setenv(f"{PREFIX}{name}", "1")

    (found,) = surroundings.variables()

    assert found.ok


def test_variable_that_is_like_none_is_told_alone(monkeypatch):
    monkeypatch.setenv(f"{PREFIX}QZXJ", "1")

    (found,) = surroundings.variables()

    assert found.says == f"{PREFIX}QZXJ is no setting and has no effect."


def test_every_command_warns_of_them_and_goes_on(jobs):
    ended = jobs("policy", "--help", smpt_host="canary")

    assert ended.code == 0
    assert "warning: SUNBIRD_BATCH_SMPT_HOST is no setting" in ended.err
    assert "canary" not in ended.err
