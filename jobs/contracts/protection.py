"""How the files of each tenant must be protected, and the keys that they are locked with."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, TEXT

PLAIN = "PLAIN_DATASET"
PASSWORD = "PASSWORD_PROTECTED_DATASET"  # noqa: S105 -- the name of a level
TEXT_KEY = "TEXT_KEY_ENCRYPTED_DATASET"
PUBLIC_KEY = "PUBLIC_KEY_ENCRYPTED_DATASET"
# Sunbird's levels, the weakest first.
SECURITY_LEVELS = (PLAIN, PASSWORD, TEXT_KEY, PUBLIC_KEY)
EVERYWHERE = "*"

POLICY = Contract(
    name="policy",
    grain="one row per tenant and kind of file: how the file must be protected",
    key=("channel", "job_id"),
    source="`python -m jobs policy`",
    fields=(
        Field("channel", TEXT, "the tenant; * for all that have no row", required=True),
        Field("job_id", TEXT, "progress-exhaust, ...; * for all", required=True),
        # Not `one_of`: a level that nobody knows must stand here and make no file.
        Field("security_level", TEXT, f"one of {', '.join(SECURITY_LEVELS)}", required=True),
        Field("public_key", TEXT, "what the tenant's files are locked for: RSA in PEM, or age"),
        Field("text_key", TEXT, "the tenant's text key, as the platform's cipher", personal=True),
        Field("changed_at", INSTANT, "when the row was last set"),
    ),
)

POLICY_TABLES = {POLICY.name: POLICY}
