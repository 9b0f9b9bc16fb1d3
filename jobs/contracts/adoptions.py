"""Textbooks that a state adopted from their publisher: who shows which book, as what, and when."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, INSTANT, INTEGER, TEXT, list_of

AS_IS, MEDIUMS, METADATA = "asis", "medium", "metadata"
MODES = (AS_IS, MEDIUMS, METADATA)

TEXTBOOK_ADOPTION = Contract(
    name="textbook_adoption",
    grain="one row per version of the adoption of a textbook for a board",
    key=("adoption_id",),
    source="adoption files",
    fields=(
        Field("adoption_id", TEXT, "the version", required=True),
        Field("textbook_id", TEXT, "the publisher's textbook", required=True),
        Field("board", TEXT, "the board that it is shown under", required=True),
        Field("publisher_channel", TEXT, "the tenant that published it", required=True),
        Field("adopting_channel", TEXT, "the tenant that adopted it", required=True),
        Field("state", TEXT, "the adopting tenant's state; NULL where it has no territory"),
        Field("state_code", TEXT, "the state, ISO 3166-2:IN, as IN-KA"),
        Field("framework_id", TEXT, "the framework that it was checked against", required=True),
        Field("mode", TEXT, "what the state says of its own", required=True, one_of=MODES),
        Field("mediums", list_of(TEXT), "mediums it is shown under; as is: the publisher's"),
        Field("grades", list_of(TEXT), "mode metadata: grades it is shown under"),
        Field("subjects", list_of(TEXT), "mode metadata: subjects it is shown under"),
        Field("name", TEXT, "mode metadata: the state's name of it"),
        Field("description", TEXT, "mode metadata: the state's description of it"),
        Field("icon", TEXT, "mode metadata: the state's icon of it"),
        Field("adopter_id", TEXT, "the user who adopted it", required=True, personal=True),
        Field("file_id", TEXT, "SHA-256 of the file", required=True),
        Field("row_number", INTEGER, "the row of the file", required=True),
        Field("valid_from", INSTANT, "shown from then on", required=True),
        Field("valid_to", INSTANT, "not shown from then on", null_means="still shown"),
        Field("is_current", BOOLEAN, "whether it is the version shown now", required=True),
        Field("source_package_version", TEXT, "the publisher's version when adopted"),
        Field("notified_at", INSTANT, "when users of the state were told of it"),
    ),
)

ADOPTION_TABLES = {TEXTBOOK_ADOPTION.name: TEXTBOOK_ADOPTION}
