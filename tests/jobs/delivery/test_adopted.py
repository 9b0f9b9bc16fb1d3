"""The answer to an adoption file, as its adopter reads it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jobs.delivery.facts import AdoptionChangeFacts, AdoptionFacts
from jobs.delivery.message import compose

AT = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
CHANGE = AdoptionChangeFacts(
    textbook_id="do_1", textbook_name="Maths 7", board="State (Gujarat)", is_new=False,
    fields={"name": ("Old", "<b>New</b>"), "mediums": ("", "Gujarati"), "mode": ("", "metadata")},
)  # fmt: skip


def message(*, language="en", attachments=(), **changes):
    facts = {
        "file_name": "books.csv", "tenant_name": "Gujarat", "mode": "medium", "taken_at": AT,
        "data_as_of": AT, "rows": 3, "added": 1, "updated": 1, "unchanged": 0, "rejected": 1,
        "errors": {"ADOPT_EMPTY_FIELD": 1, "ADOPT_TERM_NOT_IN_FRAMEWORK": 12},
        "changes": [CHANGE], "more_changes": 2,
    }  # fmt: skip
    return compose(
        "textbook_adoption", AdoptionFacts(**(facts | changes)),
        recipient_address="a@example.org", sender="b@example.org", sender_name="Sunbird",
        reply_to=None, delivery_id="d1", attachments=attachments, now=AT,
        timezone=ZoneInfo("Asia/Kolkata"), language=language,
    )  # fmt: skip


def plain(found):
    return found.get_body(("plain",)).get_content()


def test_it_counts_and_names_the_errors_and_shows_what_changed():
    found = message(attachments=[("books-errors.csv", b"x")])
    text = plain(found)

    assert found["Subject"] == "Textbook adoption: 2 applied, 1 rejected – books.csv"
    assert text.startswith("Rows rejected: 1 of 3; the others are applied")
    assert text.index("ADOPT_TERM_NOT_IN_FRAMEWORK): 12") < text.index("ADOPT_EMPTY_FIELD): 1")
    assert "Maths 7 (do_1), State (Gujarat): changed\n  Medium: Gujarati\n  Name: Old → " in text
    assert "More changes, in the file: 2" in text
    assert "Attached: books-errors.csv" in text
    page = found.get_body(("html",)).get_content()
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert "<b>New</b>" not in page


def test_when_all_passed_it_says_so():
    assert "all rows passed" in message(rejected=0, errors={})["Subject"]
    text = plain(message(rejected=0, errors={}, added=0, updated=0, changes=[], more_changes=0))
    assert text.startswith("All rows passed, and nothing had to be changed")


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("FILE_HEADER_MISSING", "missing: medium", "A column is missing in the header (missing: "),
        ("ADOPT_ADOPTER_ROLE", "", "The adopter may not adopt textbooks"),
        ("FILE_OF_LATER", "", "FILE_OF_LATER"),
    ],
)
def test_a_refused_file_says_why_and_counts_nothing(code, detail, said):
    text = plain(message(refused_because=code, refused_detail=detail, changes=[], errors={}))

    assert said in text
    assert "Newly adopted" not in text
    assert "Correct the file and hand it over again." in text


def test_an_old_list_of_textbooks_is_told():
    assert "The list of textbooks is older than it should be" in plain(message(is_stale=True))


def test_hindi_readers_get_hindi():
    found = message(language="hi")

    assert "पाठ्यपुस्तक अंगीकरण" in found["Subject"]
    assert "माध्यम: Gujarati" in plain(found)
