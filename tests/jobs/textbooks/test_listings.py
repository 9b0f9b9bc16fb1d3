"""Which textbooks stand in whose report: adoption by time, mode and the state of the source."""

from datetime import timedelta

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.contracts.usage_credits import USAGE_TENANTS
from jobs.textbooks.listings import listings
from tests.jobs.textbooks.report_tables import AS_OF, TIMEZONE, frame_of

PUBLISHER, STATE, OTHER = "ncert", "gj", "mh"
TENANTS = [(name, f"org-{name}", name, name.upper()) for name in (PUBLISHER, STATE, OTHER)]
DAY = timedelta(days=1)


def book(textbook_id, **more):
    own = {"textbook_id": textbook_id, "version_id": textbook_id, "status": "Live", "name": "Maths"}
    lists = {"mediums": ["English"], "grades": ["Class 7"], "subjects": ["Maths"]}
    return own | lists | {"channel": PUBLISHER, "board": "CBSE"} | more


def adopted(textbook_id, mode="asis", channel=STATE, since=AS_OF - DAY, until=None, **more):
    said = {"textbook_id": textbook_id, "mode": mode, "adopting_channel": channel, "board": "GJ"}
    return said | {"valid_from": since, "valid_to": until} | more


def listed(spark, books, adoptions=()):
    found = listings(
        frame_of(spark, TEXTBOOKS, books),
        frame_of(spark, TEXTBOOK_ADOPTION, adoptions),
        spark.createDataFrame(TENANTS, USAGE_TENANTS.spark_schema()),
        as_of=AS_OF,
        timezone=TIMEZONE,
    )
    return [row.asDict() for row in found.orderBy("book_position").collect()]


def test_an_adoption_shows_from_its_first_instant_until_its_last_and_only_a_live_source(spark):
    books = [book(name) for name in ("now", "ended", "begins", "later")]
    books += [book("retired", status="Retired"), book("draft", status="Draft")]
    adoptions = [
        adopted("now"),
        adopted("ended", until=AS_OF),
        adopted("begins", since=AS_OF),
        adopted("later", since=AS_OF + DAY),
        adopted("retired"),
        adopted("draft"),
        adopted("unknown"),
    ]
    found = listed(spark, books, adoptions)

    assert {row["textbook_id"] for row in found if row["owner_channel"] == STATE} == {
        "now", "begins",
    }  # fmt: skip
    # Retired ones are in nobody's report.
    assert {row["textbook_id"] for row in found if row["ownership"] == "own"} == {
        "now", "ended", "begins", "later", "draft",
    }  # fmt: skip


def test_what_a_state_says_of_its_own_depends_on_how_it_adopted(spark):
    own = {"mediums": ["Gujarati"], "grades": ["Class 8"], "subjects": ["Ganit"], "name": "Ganit"}
    adoptions = [adopted(mode, mode, **own) for mode in ("asis", "medium", "metadata")]
    found = listed(spark, [book(mode) for mode in ("asis", "medium", "metadata")], adoptions)
    told = {
        row["textbook_id"]: (row["textbook_name"], row["mediums"], row["grades"], row["subjects"])
        for row in found
        if row["owner_channel"] == STATE
    }

    assert told == {
        "asis": ("Maths", ["English"], ["Class 7"], ["Maths"]),
        "medium": ("Maths", ["Gujarati"], ["Class 7"], ["Maths"]),
        "metadata": ("Ganit", ["Gujarati"], ["Class 8"], ["Ganit"]),
    }


def test_a_copy_is_adopted_from_its_live_source_and_own_without_one(spark):
    books = [
        book("source"),
        book("copy", origin_id="source", channel=STATE),
        book("own copy", origin_id="source"),
        book("orphan", origin_id="gone", channel=STATE),
    ]
    told = {
        row["textbook_id"]: (row["ownership"], row["source_id"]) for row in listed(spark, books)
    }

    assert told == {
        "source": ("own", "source"),
        "copy": ("adopted", "source"),
        "own copy": ("own", "own copy"),
        "orphan": ("own", "orphan"),
    }


def test_tenants_are_named_by_channel_or_organisation_and_unknown_ones_are_kept(spark):
    books = [
        book("one", channel="org-mh"),
        book("two", channel="nobody"),
        book("three", channel=None),
    ]
    told = {
        row["textbook_id"]: (row["owner_channel"], row["owner_slug"])
        for row in listed(spark, books)
    }

    assert told == {"one": ("mh", "mh"), "two": ("nobody", None), "three": ("", None)}


def test_textbooks_are_by_board_medium_grade_subject_and_name_blanks_last(spark):
    live = book("live", grades=["Class 2"])
    books = [
        book("no board", board=None),
        book("no medium", mediums=None),
        book("other grade", grades=["Diploma"]),
        book("twelfth", grades=["Class 12"]),
        book("second", grades=["Class 10", "Class 3"]),
        live | {"version_id": "live.img", "status": "Draft", "grades": ["Class 11"], "name": "A"},
        live,
        book("kg", grades=["KG"]),
        book("art", grades=["KG"], subjects=["Art"]),
        book("first board", board="Assam"),
    ]
    assert [row["version_id"] for row in listed(spark, books)] == [
        "first board", "art", "kg", "live", "live.img", "second", "twelfth", "other grade",
        "no medium", "no board",
    ]  # fmt: skip
