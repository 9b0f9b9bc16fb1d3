"""Textbooks that a state adopted from their publisher: who shows which book, as what, and when."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, INSTANT, INTEGER, JSON, LONG, TEXT, list_of

AS_IS, MEDIUMS, METADATA = "asis", "medium", "metadata"
MODES = (AS_IS, MEDIUMS, METADATA)
APPLIED, REFUSED = "applied", "refused"
FILE_STATES = (APPLIED, REFUSED)
HIDDEN = ("source_not_live", "source_missing")

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
        Field("notified_at", INSTANT, "when users of the state were told of new values"),
        Field("removed_by", TEXT, "the user who ended it without another", personal=True),
    ),
)

ADOPTION_FILE = Contract(
    name="adoption_file",
    grain="one row per adoption file that was taken in, or refused whole",
    key=("intake_id",),
    source="adoption files",
    fields=(
        Field("intake_id", TEXT, "the file for one tenant, adopter, mode and board", required=True),
        Field("file_id", TEXT, "SHA-256 of the file", required=True),
        Field("file_name", TEXT, "its name", required=True),
        Field("adopting_channel", TEXT, "the tenant that adopts", required=True),
        Field("adopter_id", TEXT, "the user who adopts", required=True, personal=True),
        Field("mode", TEXT, "what the state says of its own; NULL: not told", one_of=MODES),
        Field("board", TEXT, "the board, where the file names none"),
        Field("status", TEXT, "what became of it", required=True, one_of=FILE_STATES),
        Field("refused_because", TEXT, "the code of why it was refused whole"),
        Field("row_count", LONG, "rows in it", required=True, at_least=0),
        Field("applied_count", LONG, "rows that changed something", required=True, at_least=0),
        Field("unchanged_count", LONG, "rows that said what was so", required=True, at_least=0),
        Field("rejected_count", LONG, "rows with an error", required=True, at_least=0),
        Field("error_count", LONG, "errors in its rows", required=True, at_least=0),
        Field("warning_count", LONG, "warnings on its rows", required=True, at_least=0),
        Field("taken_at", INSTANT, "when", required=True),
    ),
)

ADOPTION_NOTICE = Contract(
    name="adoption_notice",
    grain="one row per adopted textbook whose values a state changed: what its users are told",
    key=("notice_id",),
    source="adoption files",
    fields=(
        Field("notice_id", TEXT, "the notice; the id of its event", required=True),
        Field("adoption_id", TEXT, "the version that holds from now on", required=True),
        Field("textbook_id", TEXT, "the publisher's textbook", required=True),
        Field("board", TEXT, "the board whose users are told", required=True),
        Field("adopting_channel", TEXT, "the tenant that changed it", required=True),
        Field("state_code", TEXT, "the state, ISO 3166-2:IN"),
        Field("name", TEXT, "what the book is called there"),
        Field("changes", JSON, "what changed: field, before, after", required=True),
        Field("noticed_at", INSTANT, "when it changed", required=True),
        Field("event_key", TEXT, "the object that holds its event"),
        Field("told_at", INSTANT, "when its event was handed over; NULL: not yet"),
    ),
)

TEXTBOOK_CATALOGUE = Contract(
    name="textbook_catalogue",
    grain="one row per textbook and board that it is listed under: by its publisher, or adopted",
    key=("listing_id",),
    source="textbooks, textbook_adoption",
    fields=(
        Field("listing_id", TEXT, "the adoption, or the publisher's textbook", required=True),
        Field("textbook_id", TEXT, "the textbook that opens", required=True),
        Field("board", TEXT, "the board that it is listed under"),
        Field("listed_channel", TEXT, "the tenant on whose page it comes first"),
        Field("publisher_channel", TEXT, "the tenant that published it"),
        Field("adoption_id", TEXT, "the one adoption that decides; NULL: the publisher's own"),
        Field("mode", TEXT, "how it was adopted; NULL: the publisher's own", one_of=MODES),
        Field("mediums", list_of(TEXT), "mediums it is seen under", required=True),
        Field("grades", list_of(TEXT), "grades it is seen under", required=True),
        Field("subjects", list_of(TEXT), "subjects it is seen under", required=True),
        Field("name", TEXT, "its name there"),
        Field("description", TEXT, "its description there"),
        Field("icon", TEXT, "its icon there"),
        Field("chapter_count", LONG, "chapters of the publisher's textbook as it is now"),
        Field("package_version", TEXT, "the publisher's version as it is now"),
        Field("is_adopted", BOOLEAN, "whether a state adopted it", required=True),
        Field("is_shown", BOOLEAN, "whether readers see it", required=True),
        Field("hidden_because", TEXT, "why not: source_not_live, source_missing", one_of=HIDDEN),
        Field("is_in_workspace", BOOLEAN, "never, where it is adopted", required=True),
        Field("refreshed_at", INSTANT, "when the row was made", required=True),
    ),
)


ADOPTION_TABLES = {
    contract.name: contract
    for contract in (TEXTBOOK_ADOPTION, ADOPTION_FILE, ADOPTION_NOTICE, TEXTBOOK_CATALOGUE)
}
