"""The clean table of frameworks: what a tenant may choose from, and which boards are its own."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, TEXT, list_of, struct_of

TERM = struct_of(category=TEXT, code=TEXT, name=TEXT, status=TEXT)

FRAMEWORKS = Contract(
    name="frameworks",
    grain="one row per tenant and framework that it owns or uses",
    key=("channel", "framework_id"),
    source="channel_framework, framework",
    fields=(
        Field("channel", TEXT, "the tenant", required=True),
        Field("framework_id", TEXT, "the framework", required=True),
        Field("is_default", BOOLEAN, "whether its users choose from it", required=True),
        Field("state", TEXT, "the tenant's state; NULL: it has no territory"),
        Field("state_code", TEXT, "the state, ISO 3166-2:IN, as IN-KA"),
        Field("boards", list_of(TEXT), "the boards that are its own; NULL: all of its frameworks"),
        Field("terms", list_of(TERM), "every term, those not Live too"),
    ),
)

FRAMEWORK_TABLES = {FRAMEWORKS.name: FRAMEWORKS}
