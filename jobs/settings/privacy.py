"""Personal data: how it is protected, how long it stays, and who may ask for it."""

from pydantic_settings import BaseSettings


class PrivacySettings(BaseSettings):
    """Personal data: how it is protected, how long it stays, and who may ask for it."""
