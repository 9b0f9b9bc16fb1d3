"""One object reads the environment, names what it cannot use, and keeps secrets to itself."""

import os

import pytest
from pydantic import SecretStr

from jobs.errors import SettingsError
from jobs.settings import PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """set(NAME=text): variables of ours; the outside ones are gone, the home is the test's."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(f"{PREFIX}HOME", str(tmp_path / "home"))

    def set_variables(**variables):
        for name, text in variables.items():
            monkeypatch.setenv(f"{PREFIX}{name}", str(text))

    return set_variables


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_without_any_variable_all_is_on_this_machine(tmp_path):
    settings = load_settings()

    assert settings.home == tmp_path / "home"
    assert (settings.store_url, settings.objects_url, settings.smtp_host) == (None, None, None)
    assert settings.spark_master.startswith("local")


def test_home_that_is_relative_stays_the_same_wherever_a_process_goes(
    environment, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    environment(HOME="state")

    assert load_settings().home == tmp_path / "state"


SECRET = "postgresql://owner:canary@host/database"
SECRETS = [
    name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
]


@pytest.mark.parametrize("name", SECRETS)
def test_secret_can_be_the_first_line_of_a_file_and_is_never_shown(environment, tmp_path, name):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\nsecond line\n")
    environment(**{f"{name.upper()}_FILE": file})

    settings = load_settings()

    assert getattr(settings, name) == SecretStr(SECRET)
    assert "canary" not in repr(settings)


def test_secret_itself_wins_over_its_file(environment, tmp_path):
    (tmp_path / "secret").write_text("of the file")
    environment(SMTP_PASSWORD_FILE=tmp_path / "secret", SMTP_PASSWORD="itself")

    assert load_settings().smtp_password == SecretStr("itself")


def test_samples_leave_the_keys_of_their_users_where_they_are_found(environment, tmp_path):
    secrets = tmp_path / "home" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "platform_key").write_text("0123456789abcdef\n")
    (secrets / "platform_salt").write_text("salt\n")

    assert load_settings().platform_secrets() == ("0123456789abcdef", "salt")
    environment(PLATFORM_KEY="of the platform")
    assert load_settings().platform_secrets() == ("of the platform", "salt")


def test_missing_platform_keys_are_named():
    with pytest.raises(SettingsError, match=r"_PLATFORM_KEY.*_PLATFORM_SALT"):
        load_settings().platform_secrets()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SMTP_PORT", "many"),
        ("SMTP_SECURITY", "perhaps"),
        ("SMTP_TIMEOUT_SECONDS", "0"),
        ("LAKE_BUCKETS", "0"),
        ("PROGRESS_LAYOUT", "other"),
        ("JOB_REQUEST_TABLE", "a table; DROP"),
        ("REPORT_TIMEZONE", "Asia/Nowhere"),
        ("REPORT_TIMEZONE", "/etc/passwd"),
        ("ADMIN_ROLES", "COURSE_ADMIN"),
        ("SPARK_CONF", "{"),
    ],
)
def test_wrong_value_is_named_by_its_variable(environment, name, text):
    environment(**{name: text})

    with pytest.raises(SettingsError) as told:
        load_settings()

    assert f"{PREFIX}{name}" in str(told.value)


def test_all_wrong_values_are_named_at_once_and_none_is_repeated(environment):
    environment(SMTP_PORT="canary", LAKE_BUCKETS="canary")

    with pytest.raises(SettingsError, match=r"LAKE_BUCKETS.*SMTP_PORT|SMTP_PORT.*LAKE_B") as told:
        load_settings()

    assert "canary" not in str(told.value)


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_secret_file_that_holds_nothing_is_named(environment, tmp_path, content):
    file = tmp_path / "empty"
    if content is not None:
        file.write_text(content)
    environment(SMTP_PASSWORD_FILE=file)

    with pytest.raises(SettingsError, match=str(file)):
        load_settings()
