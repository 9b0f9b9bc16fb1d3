"""Answers of commands: one process for a crowd that asks the same, and no thread that waits long."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sunbird_page import answers
from sunbird_page.answers import Answers, JobError, run, taken


def test_a_crowd_that_asks_the_same_has_one_answer():
    asked = Answers()

    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(lambda _: asked.of("tables"), range(4)))

    assert told[0]["groups"]
    assert all(one is told[0] for one in told)
    asked.forget()
    assert asked.kept == {}


def test_who_would_wait_too_long_is_told_so_and_the_place_is_given_back(monkeypatch):
    monkeypatch.setattr(answers, "WAIT_SECONDS", 0.01)
    with contextlib.ExitStack() as places:
        for _ in range(3):
            places.enter_context(taken(answers.AT_ONCE))
        with pytest.raises(JobError, match="Many people look at this page"):
            run(["page", "tables"])

    with taken(answers.AT_ONCE):
        pass


def test_a_command_that_refuses_is_its_sentence_and_its_code():
    with pytest.raises(JobError, match="There is no action 'dance'") as refused:
        run(["store", "dance"])

    assert refused.value.code == 12


def test_a_command_has_none_of_airflows_own_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv(
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://airflow:open-sesame@x/y"
    )
    monkeypatch.setattr(answers.sys, "executable", str(tmp_path / "python"))
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o755)

    assert "open-sesame" not in run([])
