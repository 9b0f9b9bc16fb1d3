"""Requests as they are typed: an id to keep, a list to read, and refusals in words."""

import pytest

from jobs.errors import NOTHING_TO_DO, RequestError, SettingsError, UnavailableError
from jobs.samples.requests import JOB_ID as KIND

SECRETS = {"platform_key": "0123456789abcdef", "platform_salt": "salt"}


def ask(typed, *more, **settings):
    return typed("request", KIND, "--batch", "b1", "--requested-by", "asha", *more, **settings)


def test_request_prints_its_id_and_is_listed(typed):
    asked = ask(typed, "--channel", "up", "--batch", "b2")

    listed = typed("requests")

    assert asked.code == 0
    (request_id,) = asked.out.split()
    assert request_id in listed.out
    assert all(word in listed.out for word in ("b1 b2", "SUBMITTED", "asha"))


def test_asking_again_gives_the_same_id(typed):
    assert ask(typed).out == ask(typed).out


def test_without_requests_the_list_says_none(typed):
    assert typed("requests").out == "none\n"


def test_nothing_to_answer_or_send_ends_with_its_own_code(typed, monkeypatch):
    monkeypatch.setattr("jobs.commands.exhausts.refresh_missing", lambda *_: None)

    assert typed("exhaust", KIND).code == NOTHING_TO_DO
    assert typed("exhaust", KIND, "--step", "claim", "--run", "r").code == NOTHING_TO_DO
    assert typed("deliver").code == NOTHING_TO_DO


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["exhaust", "cost-exhaust"], "'cost-exhaust', which is not made here"),
        (["exhaust", KIND, "--step", "claim"], "--run"),
        (["exhaust", KIND, "--step", "all", "--run", "r"], "claim, cut or check"),
        (["exhaust", KIND, "--as-of", "yesterday"], "2026-11-21T18:30:00Z"),
        (["request", KIND, "--batch", " ", "--requested-by", "asha"], "batch"),
        (["store", "sideways"], "up, down, status and destroy"),
    ],
)
def test_wrong_words_are_refused_with_the_right_ones(typed, arguments, told, monkeypatch):
    monkeypatch.setattr("jobs.commands.exhausts.refresh_missing", lambda *_: None)

    ended = typed(*arguments)

    assert ended.code == RequestError.exit_code
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_step_before_any_refresh_says_which_table_to_refresh(typed):
    ask(typed, **SECRETS)
    assert typed("exhaust", KIND, "--step", "claim", "--run", "r").code == 0

    ended = typed("exhaust", KIND, "--step", "cut", "--run", "r", **SECRETS)

    assert ended.code == UnavailableError.exit_code
    assert "python -m jobs refresh progress" in ended.err


def test_key_comes_from_a_file_and_is_kept_sealed(typed, store, tmp_path):
    (tmp_path / "key").write_text("canary password\n")

    asked = ask(typed, "--key-file", str(tmp_path / "key"), **SECRETS)

    assert asked.code == 0
    with store.transaction() as connection:
        row = connection.execute("SELECT * FROM job_request").fetchone()
    assert "canary" not in str(row)


def test_key_without_the_platforms_key_names_the_settings(typed, tmp_path):
    (tmp_path / "key").write_text("canary password")

    ended = ask(typed, "--key-file", str(tmp_path / "key"))

    assert ended.code == SettingsError.exit_code
    assert "SUNBIRD_BATCH_PLATFORM_KEY" in ended.err
    assert "canary" not in ended.err


def test_key_file_that_is_not_there_is_told(typed, tmp_path):
    ended = ask(typed, "--key-file", str(tmp_path / "nowhere"), **SECRETS)

    assert ended.code != 0
    assert str(tmp_path / "nowhere") in ended.err
    assert "Traceback" not in ended.err
