"""A request for answers, from the claim to the message: parts, titles, counts and the check."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from jobs.contracts.learning import CONTENTS
from jobs.contracts.responses import RESPONSES
from jobs.storage.snapshots import Quarantined
from tests.jobs.exhausts.small_platform import (
    DATA_AS_OF,
    KEY,
    SALT,
    Platform,
    batch,
    course,
    learner,
    person,
)

MANY = 150


class AnsweringPlatform(Platform):
    """What happens to requests for answers."""

    kind = "response-exhaust"

    def answers(self, *rows):
        self.publish_rows(
            RESPONSES, list(rows), data_as_of=DATA_AS_OF,
            quarantined=[Quarantined("assessment_archive", "malformed_row", "b1", 2)],
        )  # fmt: skip
        self.publish_rows(
            CONTENTS,
            [{"content_id": f"q{n:03}", "content_name": f"Quiz {n}"} for n in range(MANY)],
            data_as_of=DATA_AS_OF,
        )

    def files(self, request_id):
        with zipfile.ZipFile(io.BytesIO(self.archive(request_id))) as zipped:
            return {name: zipped.read(name) for name in zipped.namelist()}

    def rows(self, request_id):
        return [
            row
            for name, data in self.files(request_id).items()
            if not name.endswith("_manifest.csv")
            for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        ]


def answer(user_id, content_id="q000", question_id="k1", **values):
    return {
        "batch_id": "b1", "user_id": user_id, "collection_id": "do_1", "content_id": content_id,
        "attempt_id": "a1", "question_id": question_id, "unnamed_number": 0,
        "attempted_at": datetime(2019, 11, 15, 20, tzinfo=UTC), **values,
    }  # fmt: skip


@pytest.fixture
def make_answering(make_settings, store, objects, publish_rows):
    def made(**overrides):
        keys = {"platform_key": KEY, "platform_salt": SALT}
        small = AnsweringPlatform(
            make_settings(**{**keys, **overrides}), store, objects, publish_rows
        )
        small.hold(
            progress=[learner("u1"), learner("u2"), learner("u3", left_out_reason="left_batch")],
            batches=[batch("b1")],
            courses=[course("do_1", hierarchy_problem="its hierarchy is not valid JSON",
                            assessments=[{"id": "do_q", "name": "Own quiz"}])],
            people=[person("asha")],
        )  # fmt: skip
        return small

    return made


def test_answers_come_with_the_titles_of_more_than_a_hundred_contents(make_answering):
    platform = make_answering()
    platform.answers(
        *(answer("u1", f"q{n:03}") for n in range(MANY)), answer("u2", "do_none"),
        answer("u2", "do_q"), answer("u3"),
    )  # fmt: skip
    asked = platform.ask("b1")

    assert platform.answer() == {"cut": 1, "answered": 1}

    titles = {row["QuestionSet Id"]: row["QuestionSet Title"] for row in platform.rows(asked)}
    assert titles == {f"q{n:03}": f"Quiz {n}" for n in range(MANY)} | {
        "do_q": "Own quiz", "do_none": "",
    }  # fmt: skip
    (told,) = platform.facts(asked)["batches"]
    assert told["answers"] == {
        "learners": 2, "attempts": MANY + 2, "rows_left_out": 1, "manifest": "",
    }  # fmt: skip
    assert (told["enrolled"], told["left_out"]) == (MANY + 2, {"left_batch": 1})
    assert told["quarantined"] == {"malformed_row": 2}
    assert told["has_stages"] is False


def test_more_answers_than_a_file_may_have_are_parts_and_the_message_names_the_manifest(
    make_answering,
):
    platform = make_answering(answers_per_file=2)
    platform.answers(*(answer("u1", question_id=f"k{n}") for n in range(5)))
    asked = platform.ask("b1")

    platform.answer()

    name = "response_teaching-fractions_b1_2026-11-22"
    assert list(platform.files(asked)) == [
        f"{name}_part-01.csv", f"{name}_part-02.csv", f"{name}_part-03.csv", f"{name}_manifest.csv",
    ]  # fmt: skip
    assert [row["Question Id"] for row in platform.rows(asked)] == ["k0", "k1", "k2", "k3", "k4"]
    assert {row["Attempted On"] for row in platform.rows(asked)} == {"16/11/2019 01:30:00"}
    (told,) = platform.facts(asked)["batches"]
    assert told["answers"]["manifest"] == f"{name}_manifest.csv"


def test_batch_in_which_nobody_answered_has_a_file_with_its_header(make_answering):
    platform = make_answering()
    platform.answers()
    asked = platform.ask("b1")

    platform.answer()

    (data,) = platform.files(asked).values()
    assert data.startswith(b"\xef\xbb\xbfCollection Id,")
    assert data.count(b"\r\n") == 1


def test_texts_that_no_cell_holds_are_cut_or_told_of(make_answering):
    platform = make_answering()
    long = '["' + "x" * 40_000 + '"]'
    platform.answers(answer("u1", question_title="y" * 40_000, question_response=long))
    asked = platform.ask("b1")

    platform.answer()

    (row,) = platform.rows(asked)
    assert row["Question Response"] == long
    assert row["Question Title"].endswith("…")
    (told,) = platform.facts(asked)["batches"]
    assert told["notes"] == ["texts_cut_short", "texts_too_long"]


def test_gate_stops_answers_that_stand_twice_in_the_table(make_answering):
    platform = make_answering()
    platform.answers(answer("u1"), answer("u1"))
    asked = platform.ask("b1")

    assert platform.answer() == {"cut": 1, "failed": 1}
    assert "did not pass our checks" in platform.failure(asked)


def test_file_that_was_changed_after_the_cut_is_not_delivered(make_answering):
    platform = make_answering()
    platform.answers(answer("u1"))
    asked = platform.ask("b1")
    platform.claim()
    platform.cut()
    (kept,) = platform.objects.root.rglob("*.zip")
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")

    assert platform.check() == {"failed": 1}
    assert "did not pass our checks" in platform.failure(asked)
