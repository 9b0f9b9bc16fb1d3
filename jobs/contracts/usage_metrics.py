"""Scans, downloads, plays and sessions of a day, and whose they are."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DATE, DOUBLE, LONG, TEXT
from jobs.contracts.usage_events import PLATFORMS

OVERALL, TENANT = "overall", "tenant"
UNMAPPED, UNATTRIBUTED, AMBIGUOUS = "unmapped", "unattributed", "ambiguous"
# What adds up to `overall`.
CREDITED = (TENANT, UNMAPPED, UNATTRIBUTED, AMBIGUOUS)
SCOPES = (OVERALL, *CREDITED)

ALL, UNKNOWN_PLATFORM = "all", "unknown"
UNKNOWN_STATE, ABROAD = "unknown", "abroad"

FRESH = "every day at 02:00; a day is made again while its events still arrive, up to seven days"

DAY = Field("day", DATE, "the day of the events in the report time zone", required=True)
OWNER = (
    Field(
        "owner_scope",
        TEXT,
        "whose: overall is the platform, and the other rows add up to it; tenant is credited to"
        " one; unmapped to a channel that is no tenant with a slug; unattributed is of no known"
        " textbook; ambiguous is of textbooks of several publishers",
        required=True,
        one_of=SCOPES,
    ),
    Field("owner_channel", TEXT, "the tenant credited; empty where it is none", required=True),
)
OWNER_NAMES = (
    Field("owner_slug", TEXT, "the tenant's slug as of the day", null_means="no tenant"),
    Field("owner_name", TEXT, "the tenant's name as of the day", null_means="no tenant"),
)
SCANS = (
    Field("scan_count", LONG, "QR code scans", required=True, at_least=0, unit="scans"),
    Field(
        "successful_scan_count",
        LONG,
        "scans that found something (`edata.size` over 0)",
        required=True,
        at_least=0,
        unit="scans",
    ),
    Field(
        "failed_scan_count",
        LONG,
        "scans that found nothing",
        required=True,
        at_least=0,
        unit="scans",
    ),
)
FAILED_RATIO = Field(
    "failed_scan_ratio",
    DOUBLE,
    "failed of all scans",
    at_least=0,
    at_most=1,
    null_means="no scans",
)


def count(name: str, meaning: str, unit: str) -> Field:
    return Field(name, LONG, meaning, required=True, at_least=0, unit=unit)


def hours(name: str, meaning: str) -> Field:
    return Field(name, DOUBLE, meaning, required=True, at_least=0, unit="hours")


ADOPTION = (
    count("adopted_credit_count", "credited to a state for a textbook that it adopted", "events"),
    count(
        "location_unknown_count",
        "of adopted textbooks, left with the publisher since no place of the device is known",
        "events",
    ),
    count(
        "location_conflict_count",
        "of adopted textbooks, where the device and the user's profile name different states",
        "events",
    ),
    count(
        "tied_credit_count",
        "credited to one of several tenants of the same state that adopted the textbook",
        "events",
    ),
)

USAGE_DAILY = Contract(
    name="usage_daily",
    grain="one row per day, owner and platform; the platform `all` and the owner `overall` hold"
    " each event and each device once",
    key=("day", "owner_scope", "owner_channel", "platform"),
    source="events, organisation, textbooks, textbook_adoption",
    freshness=FRESH,
    fields=(
        DAY,
        *OWNER,
        *OWNER_NAMES,
        Field(
            "platform",
            TEXT,
            "of the producer of the event",
            required=True,
            one_of=(ALL, *PLATFORMS, UNKNOWN_PLATFORM),
        ),
        *SCANS,
        FAILED_RATIO,
        count("unmapped_scan_count", "scans of codes of no tenant with a slug", "scans"),
        Field(
            "unmapped_scan_ratio",
            DOUBLE,
            "unmapped of all scans",
            at_least=0,
            at_most=1,
            null_means="no scans",
        ),
        count("download_count", "contents downloaded", "downloads"),
        count("play_count", "content plays", "plays"),
        count("play_device_count", "devices that played content, each once", "devices"),
        hours("play_hours", "time spent on content"),
        count("session_count", "sessions; credited to the channel of the producer", "sessions"),
        count("session_device_count", "devices with a session, each once", "devices"),
        hours("session_hours", "time spent in sessions"),
        *ADOPTION,
        Field("is_final", BOOLEAN, "whether no late event can change it any more", required=True),
    ),
)

USAGE_DAILY_BY_STATE = Contract(
    name="usage_daily_by_state",
    grain="one row per day, owner and state where the device was; the owner `overall` holds each"
    " event once",
    key=("day", "owner_scope", "owner_channel", "state_code"),
    source="events, organisation, textbooks, textbook_adoption",
    freshness=FRESH,
    fields=(
        DAY,
        *OWNER,
        *OWNER_NAMES,
        Field(
            "state_code",
            TEXT,
            "ISO 3166-2:IN of the place that decides the credit, as IN-KA; unknown; abroad",
            required=True,
        ),
        Field("state_name", TEXT, "the state", null_means="unknown or abroad"),
        *SCANS,
        FAILED_RATIO,
        count("download_count", "contents downloaded", "downloads"),
        count("play_count", "content plays", "plays"),
        count(
            "play_device_count",
            "devices that played content, each once in a state; one that moved is in two",
            "devices",
        ),
        hours("play_hours", "time spent on content"),
        count("adopted_credit_count", "credited to a state for an adopted textbook", "events"),
        Field("is_final", BOOLEAN, "whether no late event can change it any more", required=True),
    ),
)

SCANS_BY_CODE_DAILY = Contract(
    name="scans_by_code_daily",
    grain="one row per day, owner and QR code; a scan is in one row",
    key=("day", "owner_scope", "owner_channel", "code"),
    source="events, organisation, textbooks, textbook_adoption",
    freshness=FRESH,
    fields=(
        DAY,
        *OWNER,
        Field(
            "code",
            TEXT,
            "the QR code; empty where several were asked for at once, or none that can be one",
            required=True,
        ),
        *SCANS,
    ),
)

USAGE_TABLES: dict[str, Contract] = {
    contract.name: contract for contract in (USAGE_DAILY, USAGE_DAILY_BY_STATE, SCANS_BY_CODE_DAILY)
}
