"""`python -m jobs page …`: one JSON object, read only."""

import json

import pytest


@pytest.fixture
def page(jobs, store, tmp_path):
    def run(*arguments):
        return jobs("page", *arguments, home=tmp_path, store_url=store.url)

    return run


def test_each_answer_is_one_json_object(page):
    for asked in ("today", "trends", "requests", "held", "batches", "tables"):
        ended = page(asked)

        assert ended.code == 0, ended.err
        assert isinstance(json.loads(ended.out), dict)


def test_what_is_not_there_is_a_sentence_and_no_json(page):
    ended = page("request", "nowhere")

    assert ended.code == 12
    assert ended.out == ""
    assert ended.err.startswith("RequestError: There is no request nowhere.")


def test_the_dictionary_tells_each_column_with_its_limits_and_what_is_personal(page):
    groups = json.loads(page("tables").out)["groups"]

    tables = {table["name"]: table for group in groups for table in group["tables"]}
    columns = {column["name"]: column for column in tables["usage_daily"]["columns"]}
    assert columns["scan_count"]["meaning"] == "QR code scans [scans] (at least 0)"
    learners = {column["name"]: column for column in tables["learners"]["columns"]}
    assert learners["email_cipher"]["is_personal"]
