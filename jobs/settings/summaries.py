"""Summaries of batches and of groups."""

from pydantic import Field
from pydantic_settings import BaseSettings


class SummarySettings(BaseSettings):
    """Summaries of batches and of groups."""

    summary_fresh_minutes: int = Field(
        180,
        ge=1,
        description="age of the tables from which on the collection summary and the groups'"
        " activity are told with a warning",
    )
