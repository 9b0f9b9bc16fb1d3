"""Telling the platform of what was issued: refused, unanswered and told, each on its own."""

from datetime import timedelta

import pytest

from jobs.certificates.events.job import tell
from jobs.certificates.issuing.job import issue_approved
from tests.jobs.batches import lms_server
from tests.jobs.certificates.night_fixtures import NEXT


@pytest.fixture
def portal():
    with lms_server.running() as server:
        server.behaviour = b"{}"
        yield server


@pytest.fixture
def issued(platform_now, approve, night_settings, store, objects, portal):
    """Two certificates, issued while the portal behaves as it does."""

    def run():
        platform_now()
        approve("asha", "ravi")
        settings = night_settings.model_copy(
            update={"certificate_event_url": f"{portal.url}/events"}
        )
        return settings, issue_approved(settings, store, objects, now=NEXT)

    return run


def test_each_certificate_is_told_once(issued, portal, store):
    settings, done = issued()

    assert (done.issued, done.untold) == (2, {})
    assert tell(settings, store, now=NEXT + timedelta(days=1)) == {}
    assert [path for _, path, _, _ in portal.requests] == ["/events", "/events"]


def test_a_portal_that_is_down_is_told_later(issued, portal, store, ask):
    portal.behaviour = "503"
    settings, done = issued()

    assert (done.issued, done.untold) == (2, {"http": 2})
    assert {row[0] for row in ask("SELECT last_answer FROM operations.certificate_event")} == {
        "HTTP 503"
    }
    assert tell(settings, store, now=NEXT) == {"http": 2}
    portal.behaviour = b"{}"
    assert tell(settings, store, now=NEXT + timedelta(hours=1)) == {}


def test_a_folder_that_cannot_be_written_waits_too(
    issued, night_settings, store, tmp_path, platform_now, approve, objects
):
    (tmp_path / "file").write_text("no folder")
    platform_now()
    approve("asha")
    settings = night_settings.model_copy(
        update={"certificate_event_folder": tmp_path / "file" / "events"}
    )

    assert issue_approved(settings, store, objects, now=NEXT).untold == {"file": 1}
