"""What usage is credited by: tenants and textbooks as of a day, and each event with its owner."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DATE, LONG, TEXT, list_of
from jobs.contracts.usage_events import KINDS, PLATFORMS
from jobs.contracts.usage_metrics import CREDITED, UNKNOWN_PLATFORM

BOOK_KEY, CONTENT_KEY, CODE_KEY = "book", "content", "code"

USAGE_TENANTS = Contract(
    name="usage_tenants",
    grain="one row per tenant with a slug",
    key=("channel",),
    source="organisation",
    freshness="kept once for each day; a day made again reads the one of that day",
    fields=(
        Field("channel", TEXT, "the tenant's channel", required=True),
        Field("org_id", TEXT, "its root organisation, which others name it by", required=True),
        Field("slug", TEXT, "the tenant's word in addresses", required=True),
        Field("name", TEXT, "its name"),
    ),
)

USAGE_TEXTBOOK_KEYS = Contract(
    name="usage_textbook_keys",
    grain="one row per textbook, content of textbooks, or QR code of textbooks",
    key=("key_kind", "key"),
    source="textbooks",
    freshness="kept once for each day; a day made again reads the one of that day",
    fields=(
        Field(
            "key_kind",
            TEXT,
            "what the key is",
            required=True,
            one_of=(BOOK_KEY, CONTENT_KEY, CODE_KEY),
        ),
        Field("key", TEXT, "the textbook, the content or the code", required=True),
        Field(
            "live_textbook_ids",
            list_of(TEXT),
            "the live textbooks that it is of; for a copy the one it was copied from",
        ),
        Field(
            "publisher_channel",
            TEXT,
            "who published all of its textbooks",
            null_means="several did, or a textbook names nobody",
        ),
        Field("is_ambiguous", BOOLEAN, "whether several publishers did", required=True),
    ),
)

USAGE_DIMENSIONS = {table.name: table for table in (USAGE_TENANTS, USAGE_TEXTBOOK_KEYS)}

CREDITED_EVENTS = Contract(
    name="credited_events",
    grain="one row per event that is credited: a scan, a play, a download or a session",
    key=(),
    source="events, usage_tenants, usage_textbook_keys, textbook_adoption",
    fields=(
        Field("day", DATE, "the day of the event", required=True),
        Field("kind", TEXT, "what happened", required=True, one_of=KINDS),
        Field("owner_scope", TEXT, "whose it is", required=True, one_of=CREDITED),
        Field("owner_channel", TEXT, "the tenant credited; empty where none", required=True),
        Field(
            "platform",
            TEXT,
            "of the producer",
            required=True,
            one_of=(*PLATFORMS, UNKNOWN_PLATFORM),
        ),
        Field("device_id", TEXT, "play and session: the device", null_means="not sent"),
        Field("code", TEXT, "scan: the QR code; empty where it is not one code", required=True),
        Field("is_successful", BOOLEAN, "scan: whether anything was found", required=True),
        Field("milliseconds", LONG, "play and session: time spent", required=True, at_least=0),
        Field("state_code", TEXT, "where the device was, or unknown, or abroad", required=True),
        Field("is_adopted_credit", BOOLEAN, "credited to who adopted the textbook", required=True),
        Field("is_location_unknown", BOOLEAN, "adopted, and the place unknown", required=True),
        Field("is_location_conflict", BOOLEAN, "adopted, and two places named", required=True),
        Field("is_tied", BOOLEAN, "credited to one of several of the state", required=True),
    ),
)
