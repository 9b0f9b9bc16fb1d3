"""Where state lives: the home, the store, the lake and the object store."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from jobs import environment


class PlaceSettings(BaseSettings):
    """Where state lives: the home, the store, the lake and the object store."""

    home: Path = Field(Path("var"), description="folder of all embedded state")
    report_timezone: str = Field("Asia/Kolkata", description="the time zone of a day")
    language: str = Field("en", description="language of mails to users who declare none")
    store_url: SecretStr | None = Field(
        None, description="PostgreSQL, postgresql://user:password@host/name; none: an embedded one"
    )
    analyst_store_url: SecretStr | None = Field(
        None, description="the same database as the role `analyst`; none: the owner takes that role"
    )
    operator_store_url: SecretStr | None = Field(
        None,
        description="the same database as the role `operator`; none: the owner takes that role",
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
    objects_url: str | None = Field(
        None, description="s3://bucket/prefix; none: the folder <home>/objects"
    )
    s3_endpoint_url: str | None = Field(None, description="an S3-compatible server")
    s3_region: str = Field("ap-south-1", description="region of the bucket")

    @field_validator("report_timezone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        return environment.known_zone(name)

    @field_validator("home")
    @classmethod
    def absolute_home(cls, home: Path) -> Path:
        return home.expanduser().resolve()

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
