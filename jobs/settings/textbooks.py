"""Textbooks: who may adopt them, and what a file of adoptions may hold."""

from pydantic import Field
from pydantic_settings import BaseSettings


class TextbookSettings(BaseSettings):
    """Textbooks: who may adopt them, and what a file of adoptions may hold."""

    adoption_roles: list[str] = Field(
        ["BOOK_REVIEWER"],
        min_length=1,
        description="roles whose holders adopt textbooks for their own tenant, as JSON",
    )
    adoption_as_is_roles: list[str] = Field(
        ["BOOK_CREATOR", "CONTENT_CREATOR"],
        description="roles whose holders may adopt too, but only without changing anything",
    )
    adoption_inbox: str | None = Field(
        None,
        description="folder or s3://bucket/prefix with adoption files, as"
        " <channel>/<user id>/<name>.csv; none: inbox in the home",
    )
    adoption_inbox_seconds: int = Field(
        60, ge=0, description="age of a file in the inbox before it is taken in by itself"
    )
    adoption_file_bytes: int = Field(
        50_000_000, ge=1000, description="size above which an adoption file is refused"
    )
    adoption_file_rows: int = Field(
        50_000, ge=1, description="rows above which an adoption file is refused"
    )
    adoption_name_length: int = Field(
        200, ge=1, description="characters that a state's own name of a textbook may have"
    )
    adoption_description_length: int = Field(
        2000, ge=1, description="characters that a state's own description may have"
    )
