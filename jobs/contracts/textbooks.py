"""The clean table of textbooks: what each one is, and every unit of it with its QR codes."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, INTEGER, TEXT, list_of, struct_of

LIVE, REVIEW, DRAFT = "Live", "Review", "Draft"
# A live textbook that is being changed has a second version under its id with this ending.
IMAGE_ENDING = ".img"

TEXTBOOK_NODE = struct_of(
    node_id=TEXT,
    level=INTEGER,
    chapter=INTEGER,
    names=list_of(TEXT),
    codes=list_of(TEXT),
    content_count=INTEGER,
    unit_count=INTEGER,
)

TEXTBOOKS = Contract(
    name="textbooks",
    grain="one row per version of a textbook: a live one that is being changed has two",
    key=("textbook_id", "version_id"),
    source="content, content_hierarchy",
    fields=(
        Field("textbook_id", TEXT, "the textbook, without the ending .img", required=True),
        Field("version_id", TEXT, "as the platform names it: do_1.img changes do_1", required=True),
        Field("name", TEXT, "its title"),
        Field("description", TEXT, "its description"),
        Field("icon", TEXT, "the address of its icon"),
        Field("status", TEXT, "Live, Review, Draft, Retired, ..., as the platform holds it"),
        Field("channel", TEXT, "the tenant that owns it; else the first that it was made for"),
        Field("framework_id", TEXT, "the framework of its board, medium, grades and subjects"),
        Field("board", TEXT, "the board"),
        Field("mediums", list_of(TEXT), "the mediums"),
        Field("grades", list_of(TEXT), "the grades, as KG or Class 7"),
        Field("subjects", list_of(TEXT), "the subjects"),
        Field("origin_id", TEXT, "the textbook that it is a copy of", null_means="no copy"),
        Field("package_version", INTEGER, "how often it was published", at_least=0),
        Field("created_at", INSTANT, "when made"),
        Field("updated_at", INSTANT, "when last changed, else when last published"),
        Field(
            "hierarchy_problem",
            TEXT,
            "why its hierarchy cannot be used",
            null_means="it can be used",
        ),
        Field("chapter_count", INTEGER, "units of the first level", at_least=0),
        Field("codes", list_of(TEXT), "its QR codes, each once, in capitals"),
        Field(
            "content_ids", list_of(TEXT), "its contents, each once, a unit's before those below it"
        ),
        Field(
            "nodes",
            list_of(TEXTBOOK_NODE),
            "the book itself (level 0) and its units in book order: the chapter from 1 (0 for the"
            " book), the units' names from the chapter down, QR codes, contents at the unit and"
            " below it, units right below it; NULL without a hierarchy",
        ),
    ),
)

TEXTBOOK_TABLES = {TEXTBOOKS.name: TEXTBOOKS}
