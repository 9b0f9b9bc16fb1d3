"""Certificates: the ledger, the nightly search for missed ones, and their issue."""

from datetime import date
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class CertificateSettings(BaseSettings):
    """Certificates: the ledger, the nightly search for missed ones, and their issue."""

    certificates_url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#]+",
        description="public address printed as a QR code on certificates; none: links_url",
    )
    certificate_keys: Path | None = Field(
        None,
        description="folder of RSA keys (PEM), of which the last by name signs certificates and all"
        " verify; none: <home>/secrets/certificate_keys, with a key made at first use",
    )
    certificate_baseline_on: date | None = Field(
        None,
        description="day since which the templates that the first look at a live platform finds are"
        " agreed to have been there; none: since that look",
    )
    certificate_groups: int = Field(
        10, ge=1, le=50, description="groups of findings that a person is asked about in one run"
    )
    certificate_mail: bool = Field(
        False, description="whether a learner is mailed a certificate that was issued late"
    )
    certificate_event_folder: Path | None = Field(
        None, description="folder that gets one Sunbird event per certificate issued; none: untold"
    )
    certificate_event_url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#]+",
        description="address that is posted the same events; none: untold",
    )
    certificate_event_authorization: SecretStr | None = Field(
        None, description="the header Authorization for it, such as Bearer ..."
    )
