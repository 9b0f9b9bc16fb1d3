"""Who agreed to share what with whom, as the platform held it at the last refresh."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, TEXT

CONSENTS = Contract(
    name="consents",
    grain="one row per collection, user and organisation that may have the user's data",
    key=("object_id", "user_id", "consumer_id"),
    source="user_consent, guardian_consent",
    fields=(
        Field("object_id", TEXT, "the collection", required=True),
        Field("user_id", TEXT, "the user", required=True),
        Field("consumer_id", TEXT, "the organisation", required=True),
        Field("status", TEXT, "active while the user agrees, in lower case"),
        Field("expires_at", INSTANT, "when the consent ends"),
        Field("updated_at", INSTANT, "when it was given or withdrawn"),
        Field("guardian_verified_at", INSTANT, "when a guardian's consent was verified"),
        Field("guardian_expires_at", INSTANT, "when that ends; NULL: not of itself"),
    ),
)

PLATFORM_SETTINGS = Contract(
    name="platform_settings",
    grain="one row per setting of the platform",
    key=("setting_id",),
    source="system_settings",
    fields=(
        Field("setting_id", TEXT, "the setting", required=True),
        Field("value", TEXT, "its value"),
    ),
)

CONSENT_TABLES = {contract.name: contract for contract in (CONSENTS, PLATFORM_SETTINGS)}
