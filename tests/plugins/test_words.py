"""The page's words for states, ages and days, and what it shows of a run book."""

import pytest
from sunbird_page.answers import sentence
from sunbird_page.run_book import html_of
from sunbird_page.words import age, days_of, minutes, plural, state_of

TURNS = """
    | SUBMITTED  | none          | 4  | open | waits for its turn      |
    | PROCESSING | none          | 4  | open | is being made           |
    | PROCESSING | none          | 31 | late | is being made           |
    | SUCCESS    | none          | 4  | open | waits for the mail      |
    | SUCCESS    | pending       | 31 | late | waits for the mail      |
    | SUCCESS    | sent          | 30 | good | mailed                  |
    | SUCCESS    | sent          | 31 | late | mailed                  |
    | FAILED     | sent          | 4  | note | refused, and told why   |
    | SUCCESS    | held          | 4  | note | held for a person       |
    | SUCCESS    | undeliverable | 4  | late | no mail arrived         |
"""


@pytest.mark.parametrize(
    "row", [[cell.strip() for cell in line.split("|")[1:-1]] for line in TURNS.split("\n") if "|" in line],
    ids=lambda row: " ".join(row[:3]),
)  # fmt: skip
def test_a_request_stands_where_its_row_and_its_mail_say(row):
    status, delivery, used, tone, name = row
    request = {
        "status": status, "delivery": None if delivery == "none" else delivery,
        "minutes": int(used),
    }  # fmt: skip

    assert state_of(request, 30) == (tone, name)


def test_ages_are_told_in_the_unit_that_a_person_would_use():
    assert [age(n) for n in (None, 0, 119, 120, 2879, 2880)] == [
        "–", "0 min", "119 min", "2 h", "47 h", "2 days",
    ]  # fmt: skip
    assert [minutes(n) for n in (None, 0.25, 9.99, 10.4)] == ["–", "0.2 min", "10.0 min", "10 min"]
    assert [plural(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]


def test_the_days_of_a_batch_are_told_as_far_as_they_are_known():
    first, last = "2026-11-01", "2026-12-31"

    assert [days_of({"start_on": a, "end_on": b}) for a in (first, None) for b in (last, None)] == [
        "1 Nov 2026 to 31 Dec 2026", "from 1 Nov 2026", "until 31 Dec 2026", "days not known",
    ]  # fmt: skip


def test_an_expected_failure_is_shown_as_its_sentence_and_a_crash_is_not():
    said = "timestamp=1 event='x'\nRequestError: The batch b1: is not there.\n"

    assert sentence(said) == "The batch b1: is not there."
    crash = "Traceback (most recent call last):\n  ...\nValueError: Asha Rao\n"
    assert "Asha" not in sentence(crash)
    assert "Asha" not in sentence("Usage: jobs\nNo such option: --asha Asha\n")


def test_a_run_book_keeps_the_links_that_lead_somewhere_and_runs_no_html():
    text = (
        "# The store\n\n[here](#the-store) [book](delivery.md#x) [no](../connect.md) <b>loud</b>\n"
    )

    html = html_of(text, root="/a/sunbird-batch", books={"delivery"})

    assert '<h1 id="the-store">' in html
    assert '<a href="#the-store">here</a>' in html
    assert '<a href="/a/sunbird-batch/run-books/delivery#x">book</a> no ' in html
    assert "&lt;b&gt;loud" in html
