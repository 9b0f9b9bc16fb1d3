"""Adoption files taken in: applied row by row, overwritten and never appended, answered once."""

import csv
import io
import json
from threading import Thread

from jobs.delivery.facts import read_facts
from tests.jobs.textbooks.adoption_cases import (
    DRAFT,
    HEADER,
    ICON,
    MATHS,
    OWN,
    REVIEWER,
    SCIENCE,
    WHOLE,
    lines,
    mediums,
)  # fmt: skip

BOARD = "State (Gujarat)"


def attached(objects, attachments, name):
    (found,) = [file for file in attachments if file["file_name"] == name]
    return list(csv.reader(io.StringIO(objects.read(found["key"]).decode("utf-8-sig"))))


def test_good_rows_are_applied_bad_ones_change_nothing_and_both_are_answered(
    take_in, held, objects, answers
):
    take_in(mediums(f"{SCIENCE},{BOARD},English"))

    outcome = take_in(
        mediums(f'{MATHS},{BOARD},"Gujarati,English"', f"{SCIENCE},{BOARD},Klingon,=1+1"), minutes=5
    )

    assert outcome.counts == {
        "rows": 2, "new": 1, "updated": 0, "unchanged": 0, "rejected": 1, "errors": 2,
        "warnings": 0,
    }  # fmt: skip
    assert held() == [(MATHS, ["Gujarati", "English"], 5, None), (SCIENCE, ["English"], 0, None)]
    facts, attachments, user, role = answers()[1]
    told = read_facts("textbook_adoption", facts)
    assert (user, role, told.added, told.rejected) == (REVIEWER, None, 1, 1)
    header, *errors = attached(objects, attachments, "books-errors.csv")
    assert header[:3] == ["file", "row_no", "textbook_id"]
    assert [(row[1], row[3], row[4], row[6]) for row in errors] == [
        # What a spreadsheet would run is no formula any more.
        ("3", "", "'=1+1", "ADOPT_CELL_WITHOUT_HEADER"),
        ("3", "medium", "Klingon", "ADOPT_TERM_NOT_IN_FRAMEWORK"),
    ]
    assert errors[1][9] == "Gujarati, English"
    changes = attached(objects, attachments, "books-changes.csv")
    assert [
        "books.csv",
        "2",
        MATHS,
        "Maths 7",
        BOARD,
        "new",
        "mediums",
        "",
        "Gujarati, English",
    ] in changes


def test_a_second_file_overwrites_and_leaves_no_gap(take_in, held, ask):
    take_in(mediums(f"{MATHS},{BOARD},Gujarati"))
    outcome = take_in(mediums(f"{MATHS},{BOARD},English"), minutes=5)

    assert outcome.counts["updated"] == 1
    assert held() == [(MATHS, ["Gujarati"], 0, 5), (MATHS, ["English"], 5, None)]
    (notice,) = ask("SELECT textbook_id, board, state_code, changes, told_at, event_key"
                    " FROM operations.adoption_notice")  # fmt: skip
    assert notice[:4] == (
        MATHS, BOARD, "IN-GJ",
        [{"field": "mediums", "before": ["Gujarati"], "after": ["English"]}],
    )  # fmt: skip
    told = ask("SELECT count(*) FROM operations.textbook_adoption WHERE notified_at IS NOT NULL")
    assert notice[4] is not None
    assert told == [(1,)]


def test_the_event_of_a_notice_is_kept_as_a_line(take_in, ask, objects):
    take_in(mediums(f"{MATHS},{BOARD},Gujarati"))
    take_in(mediums(f"{MATHS},{BOARD},English"), minutes=5)

    ((key,),) = ask("SELECT event_key FROM operations.adoption_notice")
    (line,) = objects.read(key).decode().splitlines()
    event = json.loads(line)
    assert (event["eid"], event["object"]["id"], event["context"]["cdata"][1]["id"]) == (
        "AUDIT", MATHS, "IN-GJ",
    )  # fmt: skip


def test_another_mode_for_the_same_board_is_an_overwrite_too(take_in, held, ask):
    take_in(mediums(f"{MATHS},{BOARD},Gujarati"))
    take_in(lines(WHOLE), minutes=5)

    assert [began for _, _, began, ended in held() if ended is None] == [5]
    assert ask("SELECT mode, grades, name FROM operations.textbook_adoption WHERE is_current") == [
        ("metadata", ["Class 7"], "Ganit 7")
    ]


def test_the_same_file_again_changes_and_tells_nothing(take_in, held, ask, answers):
    data = mediums(f"{MATHS},{BOARD},Gujarati", f"{DRAFT},{BOARD},Gujarati")
    take_in(data)
    take_in(mediums(f"{MATHS},{BOARD},English"), minutes=1)

    again = take_in(data, minutes=2)

    assert (again.status, again.counts["rejected"]) == ("known", 1)
    assert held()[-1] == (MATHS, ["English"], 1, None)
    assert len(answers()) == 2
    assert ask("SELECT count(*) FROM operations.adoption_notice") == [(1,)]


def test_the_same_file_once_more_where_somebody_says_so(take_in, held):
    data = mediums(f"{MATHS},{BOARD},Gujarati")
    take_in(data)
    take_in(mediums(f"{MATHS},{BOARD},English"), minutes=1)

    assert take_in(data, minutes=2, again="at noon").counts["updated"] == 1
    assert held()[-1] == (MATHS, ["Gujarati"], 2, None)


def test_another_file_that_says_what_is_so_changes_nothing_and_is_answered(take_in, held, answers):
    take_in(mediums(f'{MATHS},{BOARD},"Gujarati,English"'))
    outcome = take_in(mediums(f'{MATHS},{BOARD},"English, Gujarati"'), minutes=5)

    assert (outcome.counts["unchanged"], len(held()), len(answers())) == (1, 1, 2)


def test_a_dry_run_says_what_would_be_and_writes_nothing(take_in, held, ask, answers):
    outcome = take_in(mediums(f"{MATHS},{BOARD},Gujarati"), dry_run=True)

    assert (outcome.counts["new"], held(), answers()) == (1, [], [])
    assert ask("SELECT count(*) FROM operations.adoption_file") == [(0,)]


def test_a_file_with_nothing_wrong_is_answered_too(take_in, answers):
    take_in(mediums(f"{MATHS},{BOARD},Gujarati"))

    ((facts, attachments, _, _),) = answers()
    assert (facts["rejected"], facts["errors"]) == (0, {})
    assert [file["file_name"] for file in attachments] == ["books-changes.csv"]


def test_two_files_of_one_board_at_the_same_time_are_one_after_the_other(take_in, held):
    # The later clock may come first: no version ends before it began.
    words = ["Gujarati", "English", '"Gujarati,English"'] * 2
    threads = [
        Thread(
            target=take_in,
            args=(mediums(f"{MATHS},{BOARD},{word}", f"{SCIENCE},{BOARD},{word}"),),
            kwargs={"minutes": 6 - number, "again": str(number)},
        )
        for number, word in enumerate(words)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for textbook in (MATHS, SCIENCE):
        versions = [one for one in held() if one[0] == textbook]
        assert sum(ended is None for *_, ended in versions) == 1
        assert [ended for *_, ended in versions[:-1]] == [began for _, _, began, _ in versions[1:]]


def test_rows_of_a_file_with_every_hazard_are_each_judged(take_in):
    rows = [
        f'"{MATHS}","{BOARD}","Gujarati","Class 7","Mathematics","=HYPERLINK(""x"")","a, b",{ICON}',
        f"{SCIENCE},{BOARD},Gujarati,Class 7,Science,{'n' * 1_000_000},d,{ICON}",
        f"{OWN},{BOARD},,,,,,",
    ]
    data = b"\xef\xbb\xbf" + "\r\n".join([HEADER.upper(), *rows, ""]).encode()

    outcome = take_in(data)

    assert (outcome.counts["new"], outcome.counts["rejected"]) == (1, 2)
    assert outcome.by_code("error") == {
        "ADOPT_EMPTY_FIELD": 6, "ADOPT_NAME_INVALID": 1, "ADOPT_OWN_BOOK": 1,
    }  # fmt: skip
