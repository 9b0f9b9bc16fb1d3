"""The one typed object that reads the environment; nothing else does.

Every variable is `SUNBIRD_BATCH_` and the field's name in capitals. A secret can also be given as
a file: `SUNBIRD_BATCH_SMTP_PASSWORD_FILE=/run/secrets/smtp` reads its first line.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import model_validator
from pydantic_settings import SettingsConfigDict

from jobs import environment
from jobs.environment import PREFIX
from jobs.errors import SettingsError
from jobs.settings.certificates import CertificateSettings
from jobs.settings.compute import ComputeSettings
from jobs.settings.exhausts import ExhaustSettings
from jobs.settings.lineage import LineageSettings
from jobs.settings.lms import LmsSettings
from jobs.settings.mail import MailSettings
from jobs.settings.places import PlaceSettings
from jobs.settings.privacy import PrivacySettings
from jobs.settings.summaries import SummarySettings
from jobs.settings.textbooks import TextbookSettings
from jobs.settings.usage import UsageSettings

__all__ = ["PREFIX", "Settings", "load_settings", "without_effect"]


# The last one's fields come first on the page of settings.
class Settings(
    TextbookSettings,
    UsageSettings,
    SummarySettings,
    CertificateSettings,
    LineageSettings,
    LmsSettings,
    PrivacySettings,
    ExhaustSettings,
    MailSettings,
    ComputeSettings,
    PlaceSettings,
):
    """Every setting with its default; the descriptions are the documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        wanted = [name for name in secret_fields() if name not in values]
        values |= environment.secrets_in_files(wanted)
        # The samples leave the keys of their own users here; a real platform's come by variable.
        secrets = Path(values.get("home") or "var").expanduser() / "secrets"
        for name in ("platform_key", "platform_salt"):
            if not values.get(name) and (secrets / name).is_file():
                values[name] = environment.first_line(secrets / name)
        return values


# Told to other processes than the jobs: to Airflow, and to what `make` calls.
OF_OTHERS = ("ROOT", "LOCAL_AIRFLOW", "CHROMIUM")


def without_effect(given: Iterable[str]) -> list[str]:
    """A sentence for each variable named like a setting that is none, values left out."""
    files = [f"{name}_file" for name in secret_fields()]
    return environment.without_effect(
        given, (name.upper() for name in (*Settings.model_fields, *files, *OF_OTHERS))
    )


def secret_fields() -> list[str]:
    """The settings that can stand in a file each."""
    fields = Settings.model_fields.items()
    return [name for name, field in fields if "SecretStr" in str(field.annotation)]


def load_settings() -> Settings:
    """The settings of this process; SettingsError names every variable that cannot be used."""
    try:
        return Settings()
    except OSError as error:
        raise SettingsError(f"A settings file cannot be read: {error}.") from error
    except ValueError as error:
        raise SettingsError(environment.told(error)) from None
