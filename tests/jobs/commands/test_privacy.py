"""The commands about people's data, as they are typed."""

import pytest

from jobs.storage import deliveries
from jobs.storage.audit import Entry, append
from jobs.storage.exhaust_files import MadeFile, keep
from tests.jobs.exhausts.small_platform import NOW


@pytest.fixture
def handed_out(store):
    """A file that holds two learners, published and mailed."""
    file = MadeFile("userinfo-exhaust/R/b1.zip", "ab", "userinfo-exhaust", "t", "R1", "b1", 2)
    with store.transaction() as connection:
        file_id = keep(connection, file, ["u1", "u2"], NOW)
        for event, told in (
            ("file_published", {"asked_by": "asha", "purpose": "learner_support",
                                "column_names": ["User ID", "Email ID"]}),
            ("mail_sent", {"recipient_user_id": "asha"}),
        ):  # fmt: skip
            append(connection, Entry(event=event, file_id=file_id, request_id="R1", **told), NOW)
    return file_id


def test_report_tells_the_files_and_writes_them_with_their_columns(typed, handed_out, tmp_path):
    ended = typed("privacy", "report", "--user", "u1", "--by", "dpo", "--out", str(tmp_path / "r"))
    assert ended.code == 0
    assert "learner_support" in ended.out
    assert ended.out.endswith("files: 1\n")
    assert "User ID; Email ID" in (tmp_path / "r").read_text("utf-8-sig")
    assert typed("privacy", "report", "--user", "u3").out == "none\nfiles: 0\n"


def test_breach_counts_and_lists_the_learners(typed, handed_out, tmp_path):
    ended = typed("privacy", "breach", "--request", "R1", "--out", str(tmp_path / "b.csv"))
    assert "columns: User ID; Email ID" in ended.out
    assert ended.out.endswith("learners touched: 2\n")
    assert (tmp_path / "b.csv").read_text("utf-8-sig").split() == ["user_id", "u1", "u2"]
    assert typed("privacy", "breach", "--request", "R2").code == 12


def test_erase_changes_nothing_without_yes_and_leaves_nothing_with_it(typed, handed_out, ask):
    dry = typed("privacy", "erase", "--user", "u1")
    assert "would erase 1; nothing was changed" in dry.out
    assert ask("SELECT count(*) FROM operations.erasure") == [(0,)]
    ended = typed("privacy", "erase", "--user", "u1", "--by", "dpo", "--yes")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "result: erased; nothing is left")
    assert ask("SELECT removed_reason FROM operations.exhaust_file") == [("erased",)]
    assert "u1" not in ended.err


def test_verify_prints_an_end_that_can_be_compared_later(typed, handed_out, store):
    told = typed("audit", "verify").out
    end = told.split("end ")[1].strip()
    assert told.startswith("result: whole; 2 rows")
    assert typed("audit", "verify", "--expected", end).code == 0
    other = typed("audit", "verify", "--expected", "2:" + "0" * 64)
    assert other.code == 11
    assert "row 2 was written anew" in other.err
    assert typed("audit", "verify", "--expected", "two").code == 12


def test_anchor_keeps_the_end_and_there_is_none_of_an_empty_log(typed, handed_out):
    assert typed("audit", "anchor").out == typed("audit", "verify").out.replace(
        "whole; 2 rows, ", ""
    )


def test_anchor_of_an_empty_log_has_nothing_to_do(typed):
    assert typed("audit", "anchor").code == 99


def test_retention_says_what_it_removed_and_that_nothing_older_is_left(typed):
    ended = typed("retention")
    assert ended.out == "result: removed nothing\nolder than allowed: none\n"
    assert typed("retention", "--dry-run").out == "result: would remove nothing\n"


def test_held_messages_are_listed_released_and_dropped(typed, store, ask):
    with store.transaction() as connection:
        for number in ("d1", "d2", "d3"):
            deliveries.enqueue(
                connection, delivery_id=number, kind="exhaust_ready", recipient_user_id="asha",
                recipient_role=None, tag="t", request_id="R1", facts={}, attachments=[],
                is_personal=True, now=NOW,
            )  # fmt: skip
        connection.execute(
            "UPDATE operations.delivery SET status = 'held' WHERE delivery_id > 'd1'"
        )
    listed = typed("deliveries", "--held").out
    assert ("d1" in listed, "d2" in listed, "d3" in listed) == (False, True, True)
    assert "messages: pending 1, held 2" in listed or "held 2, pending 1" in listed
    assert "asha" not in listed
    assert typed("deliveries", "release", "d2", "--reason", "not there").code == 0
    assert typed("deliveries", "drop", "d3", "--reason", "he has it", "--by", "meera").code == 0
    assert typed("deliveries", "drop", "d3", "--reason", "again").code == 13
    assert ask("SELECT delivery_id, status FROM operations.delivery ORDER BY 1") == [
        ("d1", "pending"),
        ("d2", "pending"),
        ("d3", "obsolete"),
    ]
    assert "d1" in typed("deliveries").out


def test_store_is_destroyed_only_when_it_is_meant(typed, own_home):
    ended = typed("store", "destroy", home=own_home)
    assert ended.code == 12
    assert "add --yes" in ended.err
    assert typed("store", "destroy", "--yes", home=own_home).out == "The store is gone.\n"
