"""What the demo says of textbooks, and the file that it hands over."""

from datetime import UTC, datetime

from jobs.storage import adoptions
from jobs.textbooks.inbox.job import open_inbox, waiting
from tools.demo_textbooks import hand_over, textbook_lines

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_file_stands_in_the_inbox_under_the_name_that_the_form_has(make_settings):
    settings = make_settings()

    form = hand_over(settings)

    found = list(waiting(open_inbox(settings), str(form["file"]), settings, AT))
    assert (form["dry_run"], found) == (False, [f"adoptions/{form['file']}"])


def test_what_was_done_with_the_file_is_told(store):
    counts = {"row": 6, "applied": 2, "unchanged": 0, "rejected": 4, "error": 7, "warning": 0}
    with store.transaction() as connection:
        adoptions.note_file(
            connection,
            {
                "intake_id": "i1", "file_id": "f1", "file_name": "a.csv", "adopting_channel": "c",
                "adopter_id": "u1", "status": "applied", "taken_at": AT,
            } | {f"{name}_count": count for name, count in counts.items()},
        )  # fmt: skip
        adoptions.add(
            connection,
            [
                {
                    "adoption_id": "a1", "textbook_id": "do_1", "board": "State (Gujarat)",
                    "publisher_channel": "n", "adopting_channel": "c", "framework_id": "f",
                    "mode": "medium", "mediums": ["Gujarati"], "adopter_id": "u1",
                    "file_id": "f1", "row_number": 2, "valid_from": AT,
                }
            ],
        )  # fmt: skip

    assert textbook_lines(store) == [
        "a.csv: applied; of 6 rows 2 applied, 0 unchanged, 4 rejected with 7 errors",
        "do_1 is shown under State (Gujarat) in Gujarati",
        "a reader of State (Gujarat) in Gujarati sees 0 textbooks",
    ]
