"""Certificates: the ledger, the nightly search for missed ones, and their issue."""

from pydantic_settings import BaseSettings


class CertificateSettings(BaseSettings):
    """Certificates: the ledger, the nightly search for missed ones, and their issue."""
