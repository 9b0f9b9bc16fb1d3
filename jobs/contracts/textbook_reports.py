"""How far textbooks are made, and which of their QR codes have content."""

from __future__ import annotations

from jobs.contracts.contract import Contract, Field
from jobs.contracts.textbooks import DRAFT, LIVE, REVIEW
from jobs.contracts.types import DATE, INTEGER, LONG, TEXT, Type

STATUSES = (LIVE, REVIEW, DRAFT)
OWN, ADOPTED, BOTH = "own", "adopted", "all"
OVERALL, TENANT = "overall", "tenant"
TOTAL, BY_GRADE, BY_SUBJECT = "total", "grade", "subject"
TERM_1, TERM_2 = "T1", "T2"
LEAF, LINKED, LEAF_AND_LINKED = "Leaf Node", "QR Linked", "Leaf Node & QR Linked"
LEVELS = 5

FRESH = "every week, on Monday at 05:00; a week that is made again is replaced"


def count(name: str, meaning: str, unit: str, *, kind: Type = LONG, null_means: str = "") -> Field:
    required = not null_means
    return Field(
        name, kind, meaning, required=required, at_least=0, unit=unit, null_means=null_means
    )


UNREADABLE = "its hierarchy cannot be used"
WEEK = Field("week_on", DATE, "the Monday of the week that the report is of", required=True)
SLUG = Field("owner_slug", TEXT, "the tenant's slug", null_means="no tenant with a slug")
NAME = Field("owner_name", TEXT, "the tenant's name", null_means="no tenant with a slug")
OWNERSHIP = Field(
    "ownership",
    TEXT,
    "own: the tenant publishes it; adopted: it shows another's",
    required=True,
    one_of=(OWN, ADOPTED),
)
OWNER = (
    Field("owner_channel", TEXT, "the tenant whose file it is in; empty: none", required=True),
    SLUG,
    OWNERSHIP,
)
BOOK = (
    Field("textbook_id", TEXT, "the textbook", required=True),
    Field("source_id", TEXT, "the publisher's textbook: itself where own", required=True),
    Field("board", TEXT, "the board that it is shown under; empty: none given", required=True),
)
METADATA = (
    Field("mediums", TEXT, "its mediums, by comma", null_means="none given"),
    Field("grades", TEXT, "its grades, by comma", null_means="none given"),
    Field("subjects", TEXT, "its subjects, by comma", null_means="none given"),
    Field("textbook_name", TEXT, "its title, as the owner has it"),
)
PLACE = Field(
    "book_position",
    LONG,
    "its place among all textbooks: by board, medium, grade, subject and name, blanks last",
    required=True,
    at_least=1,
)
DAYS = (
    Field("created_on", DATE, "when the source was made, in the report time zone"),
    Field("updated_on", DATE, "when the source was last changed, in the report time zone"),
    Field("hierarchy_problem", TEXT, "why nothing is counted", null_means="it is counted"),
)
NODE = (
    count("node_number", "the unit's place in the book; 0 is the book itself", "", kind=INTEGER),
    Field("level", INTEGER, "1 a chapter, 5 the lowest that is named", required=True, at_least=0),
    *(
        Field(f"level_{n}_name", TEXT, f"the unit of level {n}", null_means="not so deep")
        for n in range(1, LEVELS + 1)
    ),
)
SCANS = (
    count("scan_count", "credited to the owner since 1 June", "scans"),
    count("all_scan_count", "whoever is credited, since 1 June", "scans"),
)
CODES = (
    count(
        "code_count", "QR codes, each time it stands in the book", "codes", null_means=UNREADABLE
    ),
    count(
        "code_with_content_count",
        "those with a content at their unit or below it",
        "codes",
        null_means=UNREADABLE,
    ),
    count(
        "code_without_content_count",
        "those without any content there",
        "codes",
        null_means=UNREADABLE,
    ),
)
SUMMARY = (
    WEEK,
    Field("owner_scope", TEXT, "one tenant, or all", required=True, one_of=(OVERALL, TENANT)),
    Field("owner_channel", TEXT, "the tenant; empty: all, or none", required=True),
    SLUG,
    NAME,
    Field(
        "ownership",
        TEXT,
        "own, adopted, or all of both; overall each source is counted once, so that all are the"
        " own of some tenant, and adopted are those of them that others show",
        required=True,
        one_of=(BOTH, OWN, ADOPTED),
    ),
    Field(
        "dimension",
        TEXT,
        "total: each once; grade and subject: one with two of them is in both",
        required=True,
        one_of=(TOTAL, BY_GRADE, BY_SUBJECT),
    ),
    Field("value", TEXT, "the grade or subject; empty: total, or none given", required=True),
)
SUMMARY_KEY = ("week_on", "owner_scope", "owner_channel", "ownership", "dimension", "value")
SUMMED_CODES = (
    count("code_with_content_count", "QR codes with content, as often as they stand", "codes"),
    count("code_without_content_count", "QR codes without any content", "codes"),
)
PROBLEMS = count("hierarchy_problem_count", "not counted: no usable hierarchy", "textbooks")

QR_STATUS_TEXTBOOK = Contract(
    name="qr_status_textbook",
    grain="one row per week, tenant, live textbook and board: the publisher's, and each adopter's",
    key=("week_on", "owner_channel", "textbook_id", "board"),
    source="textbooks, textbook_adoption, organisation",
    freshness=FRESH,
    fields=(
        *(WEEK, *OWNER, NAME, *BOOK, *METADATA, *DAYS, *CODES),
        count("term_1_without_content_count", "of the first term", "codes", null_means=UNREADABLE),
        count("term_2_without_content_count", "of the second term", "codes", null_means=UNREADABLE),
        PLACE,
    ),
)

QR_STATUS_CODE = Contract(
    name="qr_status_code",
    grain="one row per week, tenant, live textbook, board, unit and QR code of the unit",
    key=("week_on", "owner_channel", "textbook_id", "board", "node_number", "code"),
    source="textbooks, textbook_adoption, organisation, scans_by_code_daily",
    freshness=FRESH,
    fields=(
        *(WEEK, *OWNER, *BOOK, *METADATA, *NODE),
        Field("code", TEXT, "the QR code", required=True),
        Field(
            "term",
            TEXT,
            "T1: the book itself and the first half of its chapters",
            required=True,
            one_of=(TERM_1, TERM_2),
        ),
        count("content_count", "contents at the unit and below it", "contents"),
        *(*SCANS, PLACE),
    ),
)

QR_STATUS_SUMMARY = Contract(
    name="qr_status_summary",
    grain="one row per week, tenant or all, ownership, and grade or subject or total of live ones",
    key=SUMMARY_KEY,
    source="qr_status_textbook, organisation",
    freshness=FRESH,
    fields=(
        *SUMMARY,
        count("textbook_count", "live textbooks", "textbooks"),
        *SUMMED_CODES,
        PROBLEMS,
    ),
)

VERSION = (
    Field("version_id", TEXT, "the version: one ending .img changes a live one", required=True),
    Field("status", TEXT, "its status", required=True, one_of=STATUSES),
)

TEXTBOOK_CREATION = Contract(
    name="textbook_creation",
    grain="one row per week, tenant, version of a textbook and board; adopted ones are live",
    key=("week_on", "owner_channel", "textbook_id", "version_id", "board"),
    source="textbooks, textbook_adoption, organisation",
    freshness=FRESH,
    fields=(
        *(WEEK, *OWNER, NAME, *BOOK, *VERSION, *METADATA, *DAYS),
        count("content_count", "contents, each once", "contents", null_means=UNREADABLE),
        *CODES,
        count("leaf_count", "units without a unit below", "units", null_means=UNREADABLE),
        count(
            "leaf_without_content_count", "those without a content", "units", null_means=UNREADABLE
        ),
        PLACE,
    ),
)

TEXTBOOK_CREATION_NODE = Contract(
    name="textbook_creation_node",
    grain="one row per week, tenant, version of a textbook, board, unit and QR code of the unit;"
    " units without a unit below have a row without one too",
    key=("week_on", "owner_channel", "textbook_id", "version_id", "board", "node_number", "code"),
    source="textbooks, textbook_adoption, organisation, scans_by_code_daily",
    freshness=FRESH,
    fields=(
        *(WEEK, *OWNER, *BOOK, *VERSION, *METADATA),
        Field(
            "node_type",
            TEXT,
            "whether units are below it and QR codes lead to it",
            required=True,
            one_of=(LEAF, LINKED, LEAF_AND_LINKED),
        ),
        *NODE,
        Field("code", TEXT, "the QR code; empty: none leads to it", required=True),
        count("content_count", "contents at the unit and below it", "contents"),
        *(*SCANS, PLACE),
    ),
)

TEXTBOOK_CREATION_SUMMARY = Contract(
    name="textbook_creation_summary",
    grain="one row per week, tenant or all, ownership, and grade or subject or total",
    key=SUMMARY_KEY,
    source="textbook_creation, organisation",
    freshness=FRESH,
    fields=(
        *SUMMARY,
        count("live_count", "live versions", "textbooks"),
        count("review_count", "versions in review", "textbooks"),
        count("draft_count", "drafts", "textbooks"),
        count("with_codes_count", "versions with a QR code", "textbooks"),
        count("without_codes_count", "versions without any QR code", "textbooks"),
        *(PROBLEMS, *SUMMED_CODES),
    ),
)

TEXTBOOK_REPORT_TABLES: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        QR_STATUS_TEXTBOOK,
        QR_STATUS_CODE,
        QR_STATUS_SUMMARY,
        TEXTBOOK_CREATION,
        TEXTBOOK_CREATION_NODE,
        TEXTBOOK_CREATION_SUMMARY,
    )
}
