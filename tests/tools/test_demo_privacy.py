"""What the demo says of personal data."""

import psycopg

from jobs.storage.audit import Entry, append
from jobs.storage.exhaust_files import MadeFile, keep
from tests.jobs.exhausts.small_platform import NOW
from tools.demo_privacy import privacy_lines


def test_the_learner_in_most_files_and_a_whole_log_are_told(store, objects):
    for number, learners in enumerate((["u1", "u2"], ["u2"]), 1):
        file = MadeFile(f"k/{number}.zip", "ab", "progress-exhaust", "t", "R", "b1", 1)
        with store.transaction() as connection:
            file_id = keep(connection, file, learners, NOW)
            if number == 1:
                append(connection, Entry(event="mail_sent", file_id=file_id), NOW)
    assert privacy_lines(store, objects) == [
        "one learner is in 2 files, 1 of them mailed:",
        "  python -m jobs privacy report --user u2",
        "audit log: whole, 2 rows (python -m jobs audit verify)",
    ]


def test_a_log_that_was_changed_is_told_instead_of_stopping_the_demo(store, objects):
    with store.transaction() as connection:
        append(connection, Entry(event="mail_sent"), NOW)
    with psycopg.connect(store.url) as connection:
        connection.execute("ALTER TABLE operations.audit_log DISABLE TRIGGER USER")
        connection.execute("UPDATE operations.audit_log SET event = 'x'")
    (told,) = privacy_lines(store, objects)
    assert "row 1 was altered" in told
