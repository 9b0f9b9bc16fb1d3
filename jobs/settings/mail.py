"""How messages are sent, and links to what is too large for one."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class MailSettings(BaseSettings):
    """How messages are sent, and links to what is too large for one."""

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
