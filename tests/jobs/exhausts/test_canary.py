"""Fifty learners are in a file of their requester's and nowhere else, whatever goes wrong."""

import pyrage
import pytest

from jobs.contracts.protection import PUBLIC_KEY
from jobs.delivery.job import run_deliver
from jobs.storage.mail import open_mail
from tests.canary.search import EXTERNAL_ID, NAME, Finds, Keys
from tests.canary.strings import CANARIES, PASSWORD
from tests.jobs.delivery.age_readers import Pair
from tests.jobs.exhausts.small_platform import (
    NOW,
    BreaksFor,
    batch,
    course,
    learner,
    person,
    sealed,
)

PAIR = Pair()
OF_A_FILE = {NAME, EXTERNAL_ID}


def seat(canary, batch_id, **values):
    return learner(
        f"user-{canary.number:02}", batch_id, user_name=f"{canary.first} {canary.last}",
        external_id=canary.external_id, email_cipher=sealed(canary.email),
        phone_cipher=sealed(canary.phone), **values,
    )  # fmt: skip


@pytest.fixture
def guarded(make_platform, tmp_path, monkeypatch):
    """The fifty in a good batch, in one that the gate stops, and in one whose file breaks."""
    # Where half-made files are kept.
    monkeypatch.setattr("jobs.storage.aside.gettempdir", lambda: str(tmp_path / "temporary"))
    platform = make_platform(
        team_address="team@example.org", exhaust_formats=["csv", "xlsx"], request_tries=1
    )
    platform.hold(
        progress=[
            *(seat(canary, "good") for canary in CANARIES),
            *(seat(canary, "stopped", progress_pct=150) for canary in CANARIES),
            *(seat(canary, "broken") for canary in CANARIES),
        ],
        batches=[batch("good"), batch("stopped"), batch("broken")],
        courses=[course("do_1")],
        people=[person("asha"), person("stranger"), person("nomail", email_cipher=None)],
    )
    return platform


def answer(platform, capfd):
    """Requests that end well and badly, answered and sent; what was logged."""
    platform.ask("good")
    platform.ask("good", tag="locked", key=PASSWORD)
    platform.ask("stopped")
    platform.ask("broken")
    platform.ask("good", by="stranger")
    platform.ask("good", by="nomail", tag="theirs")
    unreadable = platform.ask("good", tag="unreadable", key="x")
    platform.change(
        "UPDATE job_request SET encryption_key = 'plain' WHERE request_id = %s", unreadable
    )
    row = str(seat(CANARIES[3], "broken")) + CANARIES[3].email
    platform.claim()
    platform.cut(objects=BreaksFor(platform.objects, "broken", RuntimeError(row)))
    platform.check()
    platform.change(
        "INSERT INTO operations.policy VALUES ('up', '*', %s, %s)", PUBLIC_KEY, PAIR.public()
    )
    platform.ask("good", tag="for the tenant")
    platform.answer()
    settings = platform.settings
    run_deliver(settings, platform.store, platform.objects, open_mail(settings), NOW)
    return "".join(capfd.readouterr())


def searched(platform, tmp_path, logged, keys):
    finds = Finds(keys)
    finds.look("log", logged.encode())
    finds.look_into("home", tmp_path, without=[tmp_path / "clustered"])
    finds.look_into_database("store", platform.store.url)
    return finds


def is_in_a_file_of_the_requester(place):
    return "good_" in place and ("/objects/" in place or "/mailbox/" in place)


def strays(finds):
    return finds.elsewhere(lambda at: OF_A_FILE if is_in_a_file_of_the_requester(at) else set())


def test_the_fifty_are_in_the_files_of_their_requester_only_and_a_leak_is_found(
    guarded, tmp_path, capfd
):
    logged = answer(guarded, capfd)

    ended = guarded.select("SELECT status, count(*) AS n FROM job_request GROUP BY 1 ORDER BY 1")
    assert {row["status"]: row["n"] for row in ended} == {"FAILED": 5, "SUCCESS": 3}
    ciphertexts = [sealed(text).encode() for one in CANARIES[:9] for text in (one.email, one.phone)]
    finds = searched(guarded, tmp_path, logged, Keys(sealed=tuple(ciphertexts)))
    # Nobody without a key reads more than the file that was wanted without one, and its mail.
    assert strays(finds) == {}
    assert len({place.partition("!")[0] for place in finds.found}) == 2

    identity = pyrage.ssh.Identity.from_buffer(PAIR.secret())
    finds = searched(guarded, tmp_path, logged, Keys((PASSWORD,), (identity,), tuple(ciphertexts)))
    assert strays(finds) == {}
    assert len({place.partition("!")[0] for place in finds.found}) == 6

    guarded.change("UPDATE job_request SET err_message = %s", CANARIES[2].email)
    (tmp_path / "temporary" / "left").write_text(CANARIES[3].phone)
    leaking = searched(guarded, tmp_path, f"{logged} {CANARIES[1].first}", Keys())
    assert set(strays(leaking)) == {"log", "store/public.job_request", "home/temporary/left"}
