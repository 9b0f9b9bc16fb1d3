"""The audit log: only added to, chained, and no edit, loss or new order that goes unseen."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from jobs.storage import audit
from jobs.storage.audit import Entry, append
from jobs.storage.audit_chain import BEGINNING, Anchor, hash_of, verified

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COUNT = 40


def chain(count=COUNT):
    """Rows as the store holds them, and the head."""
    rows, last = [], Anchor(0, BEGINNING)
    for number in range(1, count + 1):
        row = {
            "audit_id": number,
            "happened_at": AT + timedelta(minutes=number),
            "event": "mail_sent" if number % 2 else "file_published",
            "asked_by": f"user-{number % 7}",
            "request_id": f"R{number // 3}",
            "row_count": number * 11,
            "column_names": ["User ID", "Email ID"],
            "details": None,
            "previous_hash": last.row_hash,
        }
        row["row_hash"] = hash_of(row)
        rows.append(row)
        last = Anchor(number, row["row_hash"])
    return rows, last


def rehashed(rows):
    """The chain made anew by somebody who knows how."""
    last = BEGINNING
    for row in rows:
        row["previous_hash"] = last
        row["row_hash"] = last = hash_of(row)


def test_log_as_it_was_written_holds():
    rows, head = chain()
    assert verified(rows, head) == verified(rows, head, [Anchor(7, rows[6]["row_hash"])])
    assert verified(rows, head).fault == ""
    assert verified([], Anchor(0, BEGINNING)).fault == ""


def test_a_thousand_of_a_thousand_changes_are_found_at_the_first_bad_row():
    chance = random.Random(11)
    missed = []
    for number in range(1000):
        rows, head = chain()
        place = chance.randrange(COUNT)
        kind = ("edit", "delete", "swap", "cut", "rewrite")[number % 5]
        anchors = []
        if kind == "edit":
            column = chance.choice([name for name in rows[place] if name != "audit_id"])
            rows[place][column] = f"{rows[place][column]}x"
        elif kind == "delete":
            del rows[place]
        elif kind == "swap":
            other = chance.choice([at for at in range(COUNT) if at != place])
            one, two = rows[place], rows[other]
            numbers = one["audit_id"], two["audit_id"]
            rows[place], rows[other] = two, one
            rows[place]["audit_id"], rows[other]["audit_id"] = numbers
            place = min(place, other)
        elif kind == "cut":
            # The head is cut back with it: only what was kept apart knows better.
            anchors = [Anchor(head.audit_id, head.row_hash)]
            rows = rows[:place]
            head = Anchor(place, rows[-1]["row_hash"] if rows else BEGINNING)
        else:
            anchors = [Anchor(head.audit_id, head.row_hash)]
            rows[place]["asked_by"] = "nobody"
            rehashed(rows)
            head = Anchor(COUNT, rows[-1]["row_hash"])
        found = verified(rows, head, anchors)
        if not found.fault or (kind in ("edit", "delete", "swap") and found.rows != place):
            missed.append((kind, place, found))
    assert missed == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: rows.pop(2), "row 3 is gone"),
        (lambda rows: rows[2].update(asked_by="x"), "row 3 was altered"),
        (lambda rows: rows[2].update(previous_hash="x"), "row 3 does not follow row 2"),
        (lambda rows: rows.pop(), "row 39 is the last one and the head says 40"),
    ],
)
def test_the_first_bad_row_is_named(spoil, told):
    rows, head = chain()
    spoil(rows)
    assert told in verified(rows, head).fault


def test_a_rewritten_row_is_told_by_what_was_kept_apart():
    rows, _ = chain()
    kept = Anchor(10, rows[9]["row_hash"])
    rows[9]["asked_by"] = "nobody"
    rehashed(rows)
    head = Anchor(COUNT, rows[-1]["row_hash"])
    assert verified(rows, head).fault == ""
    assert "row 10 was written anew" in verified(rows, head, [kept]).fault


def entry(number=1):
    return Entry(
        event="file_published",
        asked_by="asha",
        request_id=f"R{number}",
        file_id=number,
        row_count=3,
        column_names=["User ID", "नाम"],
        consent={"consentSnapshotId": "s1", "consentCheckedAt": AT.isoformat()},
    )


def held(store):
    with store.transaction() as connection:
        return list(audit.rows(connection)), audit.head(connection)


def test_rows_read_back_have_the_hashes_they_were_written_with(store):
    with store.transaction() as connection:
        assert [append(connection, entry(n), AT) for n in (1, 2)] == [1, 2]
    rows, head = held(store)
    assert verified(rows, head).fault == ""
    assert rows[0]["column_names"] == ["User ID", "नाम"]
    assert rows[1]["previous_hash"] == rows[0]["row_hash"]


def test_a_row_disappears_with_the_transaction_that_it_tells_of(store):
    def fail():
        with store.transaction() as connection:
            append(connection, entry(), AT)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert held(store) == ([], Anchor(0, BEGINNING))


def test_writers_at_the_same_time_make_one_chain(store):
    def write(number):
        with store.transaction() as connection:
            append(connection, entry(number), AT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    rows, head = held(store)
    assert [row["audit_id"] for row in rows] == list(range(1, 41))
    assert verified(rows, head).fault == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operations.audit_log SET asked_by = 'nobody'",
        "DELETE FROM operations.audit_log",
        "TRUNCATE operations.audit_log",
        "DELETE FROM operations.audit_head",
        "TRUNCATE operations.audit_head",
        "UPDATE operations.audit_head SET audit_id = 0",
        "UPDATE operations.audit_head SET row_hash = 'x'",
    ],
)
def test_even_the_owner_only_adds(store, statement):
    with store.transaction() as connection:
        append(connection, entry(), AT)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(store.url) as connection,
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE operations.audit_log SET recipient_user_id = 'x' WHERE audit_id = 2", "row 2 was"),
        ("DELETE FROM operations.audit_log WHERE audit_id = 2", "row 2 is gone"),
        ("DELETE FROM operations.audit_log WHERE audit_id = 3", "row 2 is the last one"),
        (
            "UPDATE operations.audit_log SET audit_id = CASE audit_id WHEN 1 THEN -2 ELSE -1 END"
            " WHERE audit_id < 3; UPDATE operations.audit_log SET audit_id = -audit_id"
            " WHERE audit_id < 0",
            "row 1 does not follow",
        ),
    ],
)
def test_whoever_switches_the_guards_off_is_found_out(store, tampering, told):
    for number in (1, 2, 3):
        with store.transaction() as connection:
            append(connection, entry(number), AT)
    with psycopg.connect(store.url) as connection:
        connection.execute("ALTER TABLE operations.audit_log DISABLE TRIGGER USER")
        connection.execute(tampering)
    rows, head = held(store)
    assert told in verified(rows, head).fault
