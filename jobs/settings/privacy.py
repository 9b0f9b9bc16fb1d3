"""Personal data: how it is protected, how long it stays, and who may ask for it."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings


class PrivacySettings(BaseSettings):
    """Personal data: how it is protected, how long it stays, and who may ask for it."""

    purposes: list[str] = Field(
        ["training_follow_up", "certificates_and_awards", "learner_support", "training_records"],
        min_length=1,
        description="purposes for which files of personal data are made, as JSON",
    )
    default_purpose: str = Field(
        "training_follow_up",
        description="the purpose of a request whose portal sends none; one of the above",
    )
    consent_minutes: int = Field(
        60, ge=1, description="age of the consents above which no personal data is made or sent"
    )
    minors: dict[str, Literal["guardian", "never", "own_consent"]] = Field(
        {"*": "guardian"},
        description="minors in a tenant's files, as JSON by tenant, * for all others: with a"
        " guardian's consent, never, or with their own",
    )

    exhaust_days: int = Field(
        7, ge=1, description="days after which a file made for a request is removed"
    )
    quarantine_days: int = Field(
        30, ge=1, description="days after which the keys of rows kept out of a table are removed"
    )
    usage_user_days: int = Field(
        90,
        ge=1,
        description="days after which events that arrived name no user any more; clicks on"
        " certificates and reports do, since their figures are to date",
    )
    learner_list_days: int = Field(
        365, ge=1, description="days for which it is known who was in a file that was removed"
    )

    @field_validator("minors")
    @classmethod
    def with_a_rule_for_all(cls, minors: dict[str, str]) -> dict[str, str]:
        return {"*": "guardian"} | minors

    @model_validator(mode="after")
    def known_default_purpose(self) -> Self:
        if self.default_purpose not in self.purposes:
            raise ValueError("default_purpose is one of purposes")
        return self
