"""Who may adopt what for whom, and files that are refused whole."""

import pytest

from tests.jobs.textbooks.adoption_cases import (
    CBSE,
    CREATOR,
    GUJARAT,
    MATHS,
    REVIEWER,
    REVIEWER_MH,
    SCIENCE,
    TEACHER,
    lines,
    mediums,
)  # fmt: skip

BOARD = "State (Gujarat)"


@pytest.mark.parametrize(
    ("adopter", "state", "code"),
    [
        ("nobody", GUJARAT, "ADOPT_ADOPTER_INVALID"),
        ("gone-gj", GUJARAT, "ADOPT_ADOPTER_INVALID"),
        (REVIEWER_MH, GUJARAT, "ADOPT_ADOPTER_INVALID"),
        (TEACHER, GUJARAT, "ADOPT_ADOPTER_ROLE"),
        (CREATOR, GUJARAT, "ADOPT_ADOPTER_ROLE"),
        (REVIEWER, "Atlantis", "FILE_STATE_UNKNOWN"),
    ],
)
def test_8_who_may_not_adopt_is_refused_with_all_of_the_file(
    take_in, held, adopter, state, code, answers
):
    for minutes in (0, 5):
        found = take_in(
            mediums(f"{MATHS},{BOARD},Gujarati"), adopter=adopter, state=state, minutes=minutes
        )
        assert (found.status, found.refusal.code) == ("refused", code)

    assert held() == []
    # The same refusal is told once: to the user, or the team where there is no such user.
    ((facts, _, user, role),) = answers()
    assert facts["refused_because"] == code
    expected = (None, "team") if adopter in ("nobody", "gone-gj") else (adopter, None)
    assert (user, role) == expected


def test_a_creator_may_adopt_what_is_not_changed(take_in, held):
    outcome = take_in(lines(MATHS, SCIENCE, header="Textbook ID"), adopter=CREATOR)

    assert (outcome.mode, outcome.counts["new"]) == ("asis", 2)
    assert held() == [(MATHS, None, 0, None), (SCIENCE, None, 0, None)]


def test_a_tenant_of_two_boards_must_say_which_one(take_in, ask):
    data = lines(MATHS, header="do_id")
    found = take_in(data, adopter=REVIEWER_MH, state="Maharashtra")
    assert (found.refusal.code, "Open School" in found.refusal.detail) == (
        "FILE_BOARD_UNKNOWN",
        True,
    )

    take_in(data, adopter=REVIEWER_MH, state="Maharashtra", board="Open School (Maharashtra)")

    assert ask("SELECT board, state_code FROM operations.textbook_adoption") == [
        ("Open School (Maharashtra)", "IN-MH")
    ]


def test_a_wrong_header_refuses_the_file_and_a_corrected_one_is_taken_in(take_in, held, ask):
    assert take_in(b"do_id,board\ndo_311,x\n").refusal.code == "FILE_HEADER_MISSING"
    assert take_in(mediums(f"{MATHS},{BOARD},Gujarati"), minutes=1).status == "applied"

    assert ask("SELECT status, refused_because FROM operations.adoption_file ORDER BY taken_at") == [
        ("refused", "FILE_HEADER_MISSING"), ("applied", None),
    ]  # fmt: skip
    assert held() == [(MATHS, ["Gujarati"], 1, None)]


def test_a_publisher_adopts_nothing_of_its_own_board(take_in):
    assert (
        take_in(mediums(f"{MATHS},CBSE,Hindi"), state=CBSE).refusal.code == "ADOPT_ADOPTER_INVALID"
    )
