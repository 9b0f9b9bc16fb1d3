"""Sunbird's tables of consent, and who is the platform's custodian."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, JSON, TEXT

USER_CONSENT = Contract(
    name="user_consent",
    grain="one row per user, consumer and object",
    key=("user_id", "consumer_id", "object_id"),
    fields=(
        Field("user_id", TEXT, "the user who agreed, or no longer does", required=True),
        Field("consumer_id", TEXT, "the organisation that may have the data", required=True),
        Field("object_id", TEXT, "the collection that it is about", required=True),
        Field("status", TEXT, "ACTIVE or REVOKED"),
        Field("consent_data", JSON, "what was agreed to, as the portal keeps it"),
        Field("expiry", INSTANT, "when the consent ends"),
        Field("last_updated_on", INSTANT, "when given, or withdrawn"),
        Field("created_on", INSTANT, "when first given"),
        Field("object_type", TEXT, "Collection"),
        Field("consumer_type", TEXT, "ORGANISATION"),
        Field("id", TEXT, "the consent's own id"),
    ),
)

GUARDIAN_CONSENT = Contract(
    name="guardian_consent",
    grain="one row per minor whose guardian agreed",
    key=("user_id",),
    fields=(
        Field("user_id", TEXT, "the minor", required=True),
        Field("verified_on", INSTANT, "when the guardian's consent was verified", required=True),
        Field("expiry", INSTANT, "when it ends; NULL: with the minority"),
        Field("method", TEXT, "how it was verified"),
    ),
)

SYSTEM_SETTINGS = Contract(
    name="system_settings",
    grain="one row per setting of the platform",
    key=("id",),
    fields=(
        Field("id", TEXT, "the setting", required=True),
        Field("field", TEXT, "its name, most often the same"),
        Field("value", TEXT, "its value"),
    ),
)

PRIVACY_RAW_TABLES = {
    contract.name: contract for contract in (USER_CONSENT, GUARDIAN_CONSENT, SYSTEM_SETTINGS)
}
