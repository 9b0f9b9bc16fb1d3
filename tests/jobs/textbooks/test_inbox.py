"""The inbox of adoption files, by the commands that the DAG runs."""

import os
import signal
from pathlib import PurePosixPath

import boto3
import pytest
from moto.server import ThreadedMotoServer

from jobs.settings import PREFIX
from jobs.textbooks.inbox import job
from tests.jobs.textbooks.adoption_cases import GUJARAT, MATHS, NOW, REVIEWER, mediums, publish_all

BOARD = "State (Gujarat)"
GOOD = mediums(f"{MATHS},{BOARD},Gujarati", f"do_9,{BOARD},Gujarati")


@pytest.fixture
def home(tmp_path, publish_rows):
    publish_all(publish_rows)
    return tmp_path / "home"


@pytest.fixture
def put(home):
    def written(data, name="books.csv", folder=f"{GUJARAT}/{REVIEWER}"):
        path = home / "inbox" / "adoptions" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return f"{folder}/{name}"

    return written


@pytest.fixture
def run(jobs, home, store):
    def ran(*arguments, **settings):
        named = {"home": home, "store_url": store.url, "adoption_inbox_seconds": 0} | settings
        return jobs("textbooks", *arguments, **named)

    return ran


def adopted(ask):
    return ask("SELECT textbook_id, mediums FROM operations.textbook_adoption WHERE is_current")


def files(home):
    root = home / "inbox"
    return sorted(path.relative_to(root).parts[0] for path in root.rglob("*.csv"))


def test_files_are_applied_each_on_its_own_and_put_away(run, put, home, ask):
    put(GOOD)
    put(b"do_id,colour\ndo_1,red\n", "wrong.csv")
    put(b"nothing", "notes.txt")
    put(GOOD, "odd:name.csv")

    dry, done, empty = run("take-in", "--dry-run"), run("take-in"), run("take-in")

    assert (dry.code, "result: would be: applied 1, refused 1" in dry.out) == (0, True)
    assert (done.code, "result: applied 1, refused 1" in done.out) == (0, True)
    assert (empty.code, adopted(ask)) == (99, [(MATHS, ["Gujarati"])])
    assert files(home) == ["adoptions", "adoptions-done", "adoptions-done"]


def test_a_file_that_may_still_be_written_waits_unless_it_is_named(run, put, ask):
    name = put(GOOD)

    assert run("take-in", adoption_inbox_seconds=600).code == 99
    assert adopted(ask) == []
    assert run("take-in", "--file", name, adoption_inbox_seconds=600).code == 0
    assert adopted(ask) == [(MATHS, ["Gujarati"])]


def test_a_file_that_is_not_there_is_told(run):
    for name in ("books.csv", "a/b/none.csv", "../b/c.csv"):
        ended = run("take-in", "--file", name)
        assert (ended.code, "The inbox has no file" in ended.err) == (12, True)


@pytest.mark.parametrize(
    ("place", "is_applied"),
    [
        ("adoption: before the commit", False),
        ("adoption: committed", True),
        ("adoption notices: written", True),
    ],
)
@pytest.mark.full
def test_a_power_cut_leaves_a_file_applied_with_its_answer_or_not_at_all(
    run_command, run, put, home, store, ask, place, is_applied
):
    put(mediums(f"{MATHS},{BOARD},English"))
    run("take-in")
    put(GOOD)
    environment = os.environ | {
        f"{PREFIX}HOME": str(home),
        f"{PREFIX}STORE_URL": store.url,
        f"{PREFIX}ADOPTION_INBOX_SECONDS": "0",
        f"{PREFIX}KILL_AT": place,
    }

    killed = run_command(environment, "textbooks", "take-in")

    answers = "SELECT count(*) FROM operations.delivery WHERE kind = 'textbook_adoption'"
    assert killed.returncode == -signal.SIGKILL
    assert adopted(ask) == [(MATHS, ["Gujarati" if is_applied else "English"])]
    assert ask(answers) == [(2 if is_applied else 1,)]

    assert run("take-in").code == 0

    assert adopted(ask) == [(MATHS, ["Gujarati"])]
    assert ask(answers) == [(2,)]
    assert ask("SELECT count(*), count(told_at) FROM operations.adoption_notice") == [(1, 1)]
    assert "adoptions" not in files(home)


def test_by_command_a_refused_file_is_an_error_and_a_known_one_is_none(run, tmp_path, ask):
    good, wrong = tmp_path / "good.csv", tmp_path / "wrong.csv"
    good.write_bytes(GOOD)
    wrong.write_bytes(b"do_id,colour\ndo_1,red\n")
    to = ["--state", "in-gj", "--adopter", REVIEWER]

    listed = tmp_path / "errors.csv"
    dry = run("adopt", str(good), *to, "--dry-run", "--errors", str(listed))
    assert (dry.code, adopted(ask), "would be: applied" in dry.out) == (0, [], True)
    assert "ADOPT_ID_NOT_FOUND" in listed.read_text(encoding="utf-8-sig")
    first, again = run("adopt", str(good), *to), run("adopt", str(good), *to)
    refused = run("adopt", str(wrong), *to)

    assert "error: row 3, do_id: ADOPT_ID_NOT_FOUND: 'do_9'" in first.out
    assert (again.code, "taken in before" in again.out) == (0, True)
    assert (refused.code, "FILE_HEADER_UNKNOWN" in refused.err) == (12, True)
    assert run("adopt", "/nowhere.csv", *to).code == 12
    assert run("adopt", str(good), *to, "--mode", "x").code == 12
    assert "adoptions: 1" in run("adoptions", "--state", GUJARAT).out
    assert run("catalogue", "--refresh").code == 0
    shown = run("catalogue", "--board", BOARD, "--medium", "Gujarati")
    assert MATHS in shown.out
    assert "removed" in run("remove", MATHS, "--state", "in-gj", "--by", REVIEWER).out
    assert run("remove", MATHS, "--state", "in-gj", "--by", REVIEWER).code == 99
    assert run("remove", MATHS, "--state", "in-gj", "--by", "nobody").code == 12
    assert adopted(ask) == []


def test_the_inbox_may_be_a_folder_elsewhere(make_settings, tmp_path):
    folder = job.open_inbox(make_settings(adoption_inbox=str(tmp_path / "elsewhere")))

    assert folder.root == tmp_path / "elsewhere"
    assert list(job.waiting(folder, None, make_settings(), NOW)) == []


@pytest.mark.full
def test_the_inbox_may_be_a_buckets_prefix(run, home, ask, monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        client = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
        client.create_bucket(Bucket="books")
        name = f"{GUJARAT}/{REVIEWER}/books.csv"
        client.put_object(Bucket="books", Key=f"in/adoptions/{name}", Body=GOOD)

        ended = run(
            "take-in", "--file", name, adoption_inbox="s3://books/in", s3_endpoint_url=url,
            s3_region="us-east-1",
        )  # fmt: skip

        kept = [one["Key"] for one in client.list_objects_v2(Bucket="books")["Contents"]]
    finally:
        server.stop()
    assert (ended.code, adopted(ask)) == (0, [(MATHS, ["Gujarati"])])
    assert [PurePosixPath(key).parts[:2] for key in kept] == [("in", "adoptions-done")]
