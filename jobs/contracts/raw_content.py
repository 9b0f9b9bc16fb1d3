"""Contents and collections as Sunbird holds them, and the trees of collections."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, INTEGER, JSON, TEXT, list_of

CONTENT_HIERARCHY = Contract(
    name="content_hierarchy",
    grain="one row per collection",
    key=("identifier",),
    fields=(
        Field("identifier", TEXT, "the collection", required=True),
        Field("hierarchy", JSON, "the tree of its contents", required=True),
        Field("optionalnodes", list_of(TEXT), "contents that need not be completed"),
    ),
)

CONTENT = Contract(
    name="content",
    grain="one row per content or collection",
    key=("identifier",),
    fields=(
        Field("identifier", TEXT, "the content", required=True),
        Field("name", TEXT, "its name"),
        Field("status", TEXT, "Live, Unlisted, Review, Draft or Retired"),
        Field("channel", TEXT, "the tenant that owns it"),
        Field("contenttype", TEXT, "Course, TextBook, SelfAssess, Resource, ..."),
        Field("primarycategory", TEXT, "the newer form of the content type"),
        Field("objecttype", TEXT, "Content, Collection or QuestionSet"),
        Field("mimetype", TEXT, "the MIME type"),
        Field("userconsent", TEXT, "Yes where learners are asked for consent"),
        Field("createdfor", list_of(TEXT), "the organisations that it was made for"),
        Field("description", TEXT, "its description"),
        Field("icon", TEXT, "the address of its icon"),
        Field("framework", TEXT, "the framework of its board, medium, grade and subject"),
        Field("board", TEXT, "the board"),
        Field("medium", list_of(TEXT), "the mediums"),
        Field("gradelevel", list_of(TEXT), "the grades"),
        Field("subject", list_of(TEXT), "the subjects"),
        Field("organisation", list_of(TEXT), "who made it"),
        Field("keywords", list_of(TEXT), "its keywords"),
        Field("totalquestions", INTEGER, "questions of an assessment"),
        Field("dialcodes", list_of(TEXT), "QR codes of a collection as a whole"),
        Field("origin", TEXT, "what it is a copy of"),
        Field("pkgversion", INTEGER, "how often it was published"),
        Field("createdon", INSTANT, "when made"),
        Field("lastupdatedon", INSTANT, "when last changed"),
        Field("lastpublishedon", INSTANT, "when last published"),
    ),
)

RAW_CONTENT_TABLES = {contract.name: contract for contract in (CONTENT_HIERARCHY, CONTENT)}
