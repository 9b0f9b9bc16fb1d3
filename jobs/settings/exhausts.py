"""What mentors get, and how many at a time."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from jobs.errors import SettingsError


class ExhaustSettings(BaseSettings):
    """What mentors get, and how many at a time."""

    platform_key: SecretStr | None = Field(
        None, description="16 characters: Sunbird's key for e-mail and mobile"
    )
    platform_salt: SecretStr | None = Field(
        None, description="Sunbird's salt, put before each round"
    )
    progress_layout: Literal["dashboard", "collection"] = Field(
        "dashboard", description="the states' column order, or Sunbird's own"
    )
    exhaust_formats: list[Literal["csv", "xlsx"]] = Field(
        ["csv"],
        min_length=1,
        description="files in an exhaust's zip, as JSON: csv, and xlsx too for long ids kept whole",
    )
    nested_content_types: list[str] = Field(
        ["Course"], description="content types of nested collections that get a column, as JSON"
    )
    nested_visibilities: list[str] = Field(
        ["Default"], description="visibilities of nested collections that get a column, as JSON"
    )
    assessment_content_types: list[str] = Field(
        ["SelfAssess"], description="content types that are assessments, as JSON"
    )
    assessment_object_types: list[str] = Field(
        ["QuestionSet"], description="object types that are assessments, with the categories below"
    )
    assessment_categories: list[str] = Field(
        ["Practice Question Set"], description="primary categories that are assessments, as JSON"
    )
    best_score: bool = Field(True, description="best attempt counts; false: the latest")
    admin_roles: list[str] = Field(
        ["COURSE_ADMIN", "ORG_ADMIN"], description="roles that may ask for any batch of a tenant"
    )
    batches_per_request: int = Field(20, ge=1, description="batches that one request may name")
    batches_per_channel: int = Field(
        30, ge=1, description="batches that one run makes for a channel; the rest is put off"
    )
    answers_per_file: int = Field(
        1_000_000,
        ge=1,
        le=1_048_575,
        description="rows in a CSV file of responses; more are split into several, with a manifest",
    )
    cut_workers: int = Field(2, ge=1, le=32, description="requests that are cut at the same time")
    requests_per_run: int = Field(50, ge=1, description="requests that one run takes")
    request_tries: int = Field(3, ge=1, description="builds of a request before it is failed")
    lease_seconds: int = Field(120, ge=1, description="silence after which a lease is taken over")

    @field_validator("exhaust_formats")
    @classmethod
    def with_csv(cls, formats: list[str]) -> list[str]:
        if "csv" not in formats:
            raise ValueError("the CSV is always made: add csv")
        return formats

    def platform_secrets(self) -> tuple[str, str]:
        """The platform's key and salt for personal columns; SettingsError where none is set."""
        if self.platform_key is None or self.platform_salt is None:
            raise SettingsError(
                "E-mails and phones are kept under the platform's cipher, and its key is not set:"
                " set SUNBIRD_BATCH_PLATFORM_KEY and SUNBIRD_BATCH_PLATFORM_SALT."
            )
        return self.platform_key.get_secret_value(), self.platform_salt.get_secret_value()
