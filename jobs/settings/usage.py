"""How usage is counted."""

from datetime import date
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class UsageSettings(BaseSettings):
    """How usage is counted."""

    usage_reopen_days: int = Field(
        7, ge=0, le=90, description="days after which late events do not change a day any more"
    )
    usage_location: Literal["device", "profile", "strict"] = Field(
        "device",
        description="the place that credits a state for an adopted textbook: the device's; the"
        " user's profile, else the device's; or strict, only where both are the same",
    )
    usage_board_credit: bool = Field(
        False,
        description="credit adopters without a territory by the board that users declare",
    )
    usage_launched_on: date = Field(
        date(2017, 9, 5), description="the platform's first day: clocks before it are wrong"
    )
    usage_malformed_limit_pct: float = Field(
        1.0,
        ge=0,
        le=100,
        description="torn lines, as a share of a day's telemetry, above which it is not taken",
    )
    analyst_addresses: tuple[str, ...] = Field(
        (),
        description="mailboxes, as a JSON list, that get the weekly summary of usage",
    )
    double_click_seconds: float = Field(
        2.0,
        ge=0,
        description="clicks of one person on one thing so close together count once; 0: each",
    )
