"""What readers see: the acceptance cases of "Reusing textbooks by a state", word by word."""

from datetime import timedelta

import pytest

from jobs.errors import GateError
from jobs.textbooks.adoption.job import adopt
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.catalogue.job import look, refresh_catalogue
from jobs.textbooks.removing.job import remove
from tests.jobs.textbooks.adoption_cases import (
    BOOKS,
    COPY,
    GUJARAT,
    ICON,
    MAHARASHTRA,
    MATHS,
    NCERT,
    NOW,
    OWN,
    REVIEWER,
    REVIEWER_MH,
    SCIENCE,
    WHOLE,
    changed,
    lines,
    mediums,
    publish_all,
)  # fmt: skip

GJ, MH = "State (Gujarat)", "State (Maharashtra)"


@pytest.fixture
def settings(make_settings):
    return make_settings()


@pytest.fixture
def take_in(store, objects, settings, publish_rows):
    publish_all(publish_rows, BOOKS)
    refresh_catalogue(store, now=NOW)

    def taken(data, *, minutes=0, adopter=REVIEWER, state=GUJARAT):
        outcome = adopt(
            settings, store, objects, Order("books.csv", data, state, adopter),
            now=NOW + timedelta(minutes=minutes),
        )  # fmt: skip
        assert outcome.counts["rejected"] == 0
        return outcome

    return taken


@pytest.fixture
def published_anew(store, publish_rows):
    """published_anew(hours, textbook, **values): the publisher changes it, the tables follow."""

    def publish(hours, textbook, **values):
        at = NOW + timedelta(hours=hours)
        publish_all(publish_rows, changed(BOOKS, textbook, **values), at=at)
        return refresh_catalogue(store, now=at)

    return publish


@pytest.fixture
def seen(store):
    """seen(board, medium, ...) -> {textbook: row}, in the order of the page."""

    def shown(board=None, medium=None, grade=None, subject=None, page=None):
        rows = look(
            store, board=board, medium=medium, grade=grade, subject=subject, page=page, limit=100
        )
        return {row["textbook_id"]: row for row in rows}

    return shown


def test_gujarat_sees_what_it_adopted_to_gujarati_and_maharashtra_does_not(take_in, seen):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))
    # Maharashtra has the same medium, and adopted the book to another.
    take_in(mediums(f"{MATHS},{MH},Marathi"), adopter=REVIEWER_MH, state=MAHARASHTRA)

    assert MATHS in seen(GJ, "Gujarati", "Class 7", "Mathematics")
    assert seen(MH, "Gujarati", "Class 7", "Mathematics") == {}
    assert MATHS in seen(MH, "Marathi", "Class 7")
    assert seen(GJ, "Marathi") == {}


def test_adopted_again_to_english_gujarati_readers_see_it_no_longer(take_in, seen):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))
    take_in(mediums(f"{MATHS},{GJ},English"), minutes=5)

    assert MATHS not in seen(GJ, "Gujarati", "Class 7")
    assert MATHS in seen(GJ, "English", "Class 7")


def test_a_state_may_move_a_book_to_another_grade_under_its_own_board_alone(take_in, seen):
    take_in(lines(WHOLE.replace("Class 7", "Class 8")))

    assert MATHS in seen(GJ, "Gujarati", "Class 8")
    assert seen(GJ, "Gujarati", "Class 7").keys() == {OWN}
    assert seen("NCERT", "English", "Class 7").keys() == {MATHS, SCIENCE}


def test_the_publishers_new_name_shows_under_mediums_and_not_under_metadata(
    take_in, seen, published_anew
):
    take_in(mediums(f"{SCIENCE},{GJ},Gujarati"))
    take_in(lines(WHOLE), minutes=1)
    named = {textbook: row["name"] for textbook, row in seen(GJ, "Gujarati").items()}
    assert (named[SCIENCE], named[MATHS]) == ("Science 7", "Ganit 7")

    published_anew(1, SCIENCE, name="Science, new", subjects=["Mathematics"])
    assert seen(GJ, "Gujarati", subject="Mathematics")[SCIENCE]["name"] == "Science, new"

    published_anew(2, MATHS, name="Maths, new", icon="https://ncert.example/new.png")
    shown = seen(GJ, "Gujarati")[MATHS]
    assert (shown["name"], shown["description"], shown["icon"]) == ("Ganit 7", "About it", ICON)
    # Who has no board sees the publisher's.
    assert seen()[MATHS]["name"] == "Maths, new"


def test_a_new_chapter_shows_wherever_the_book_is_shown(take_in, seen, published_anew):
    take_in(lines(WHOLE))
    take_in(mediums(f"{MATHS},{MH},Marathi"), adopter=REVIEWER_MH, state=MAHARASHTRA)

    published_anew(1, MATHS, chapter_count=6, package_version=4)

    for board in (GJ, MH, "NCERT"):
        row = seen(board)[MATHS]
        assert (row["textbook_id"], row["chapter_count"], row["package_version"]) == (MATHS, 6, "4")


def test_what_leaves_live_is_hidden_and_what_returns_is_shown(take_in, seen, published_anew, ask):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))

    counts = published_anew(1, MATHS, status="Retired")
    assert (counts["adopted"], counts["hidden"]) == (1, 1)
    assert MATHS not in seen(GJ, "Gujarati")
    assert MATHS not in seen()
    assert ask("SELECT hidden_because FROM operations.textbook_catalogue WHERE is_adopted") == [
        ("source_not_live",)
    ]

    published_anew(2, MATHS)
    assert MATHS in seen(GJ, "Gujarati")


def test_books_as_they_are_follow_the_publisher_in_everything(take_in, seen, published_anew):
    take_in(lines(MATHS, header="do_id"))
    assert seen(GJ, "English", "Class 7")[MATHS]["name"] == "Maths 7"

    published_anew(1, MATHS, mediums=["Hindi"], name="Ganit")

    assert seen(GJ, "English", "Class 7") == {}
    assert seen(GJ, "Hindi", "Class 7")[MATHS]["name"] == "Ganit"


def test_the_publishers_page_begins_with_its_own_and_a_states_with_own_and_adopted(take_in, seen):
    take_in(lines(WHOLE.replace(MATHS, SCIENCE)))

    assert list(seen(page=NCERT)) == [MATHS, SCIENCE, COPY, OWN]
    state = seen(page=GUJARAT)
    assert list(state) == [SCIENCE, OWN, COPY, MATHS]
    assert (state[SCIENCE]["name"], state[MATHS]["name"]) == ("Ganit 7", "Maths 7")


def test_adopted_books_are_in_nobodys_workspace(take_in, published_anew, ask):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))
    published_anew(1, MATHS)

    found = ask("SELECT DISTINCT is_adopted, is_in_workspace FROM operations.textbook_catalogue")

    assert set(found) == {(True, False), (False, True)}


def test_a_catalogue_that_contradicts_the_adoptions_is_not_published(take_in, store, ask):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))
    with store.transaction() as connection:
        connection.execute("UPDATE operations.textbook_catalogue SET listing_id = 'another'"
                           " WHERE is_adopted")  # fmt: skip

    with pytest.raises(GateError, match="listings are what is adopted"):
        take_in(mediums(f"{SCIENCE},{GJ},Gujarati"), minutes=5)

    assert ask("SELECT DISTINCT textbook_id FROM operations.textbook_adoption") == [(MATHS,)]
    assert ask("SELECT count(*) FROM operations.gate_verdict WHERE verdict = 'failed'") == [(1,)]
    refresh_catalogue(store, now=NOW + timedelta(minutes=6))
    take_in(mediums(f"{SCIENCE},{GJ},Gujarati"), minutes=7)


def test_what_is_removed_is_no_longer_shown_and_stays_in_the_history(
    take_in, seen, store, settings, ask
):
    take_in(mediums(f"{MATHS},{GJ},Gujarati"))
    later = NOW + timedelta(minutes=9)

    for expected in (1, 0):
        assert expected == remove(
            settings, store, [MATHS], state="IN-GJ", by=REVIEWER, board=None, now=later
        )

    assert MATHS not in seen(GJ, "Gujarati")
    assert ask("SELECT valid_to, removed_by FROM operations.textbook_adoption") == [
        (later, REVIEWER)
    ]
    take_in(mediums(f"{MATHS},{GJ},English"), minutes=10)
    assert MATHS in seen(GJ, "English")
