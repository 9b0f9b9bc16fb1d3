"""The platform's curriculum frameworks, flattened from the framework API, and who uses them."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import TEXT, list_of

FRAMEWORK = Contract(
    name="framework",
    grain="one row per term of a framework",
    key=("framework", "channel", "category", "code", "name"),
    fields=(
        Field("framework", TEXT, "the framework", required=True),
        Field("channel", TEXT, "the tenant that owns it", required=True),
        Field("category", TEXT, "board, medium, gradeLevel or subject", required=True),
        Field("code", TEXT, "the term's code", required=True),
        Field("name", TEXT, "what people choose", required=True),
        Field("status", TEXT, "Live or Retired; NULL counts as Live"),
        Field("associations", list_of(TEXT), "codes of terms that belong to it; not used"),
    ),
)

CHANNEL_FRAMEWORK = Contract(
    name="channel_framework",
    grain="one row per tenant",
    key=("channel",),
    fields=(
        Field("channel", TEXT, "the tenant", required=True),
        Field("defaultframework", TEXT, "the framework that its users choose from"),
        Field("state", TEXT, "its state; NULL for a board without a territory, such as CBSE"),
        Field("statecode", TEXT, "the state, ISO 3166-2:IN"),
        Field("boards", list_of(TEXT), "the boards that are its own; NULL: all of its frameworks"),
    ),
)

RAW_FRAMEWORK_TABLES = {contract.name: contract for contract in (FRAMEWORK, CHANNEL_FRAMEWORK)}
