import json

import pytest
from pypdf import PdfReader

from jobs.certificates.document.facts import certificate_id_of
from jobs.certificates.issuing.job import issue_approved
from jobs.errors import SettingsError
from tests.jobs.certificates.approval_fixtures import ASHA, RAVI, enrolled
from tests.jobs.certificates.ledger_fixtures import NOW
from tests.jobs.certificates.night_fixtures import NEXT, THIRD


@pytest.fixture
def issue(night_settings, store, objects):
    def issued(now=NEXT, **changes):
        settings = night_settings.model_copy(update=changes)
        return issue_approved(settings, store, objects, now=now)

    return issued


def issues(ask):
    return ask(
        "SELECT certificate_id, user_id, pdf_key, pdf_sha256, status, approval_id"
        " FROM operations.certificate_issued ORDER BY user_id"
    )


def test_what_was_approved_is_issued_once_however_often_it_runs(
    platform_now, approve, issue, ask, objects, states, tmp_path
):
    platform_now()
    approve("asha", "ravi")
    folder = tmp_path / "events"

    first = issue(certificate_event_folder=folder)
    rows, events = issues(ask), {file.name: file.read_bytes() for file in folder.glob("*.json")}
    again = issue(now=THIRD, certificate_event_folder=folder)

    assert (first.issued, again.issued) == (2, 0)
    assert issues(ask) == rows
    assert {file.name: file.read_bytes() for file in folder.glob("*.json")} == events
    assert states() == {"asha": "issued", "ravi": "issued"}
    asha = str(certificate_id_of("asha", "do_1", "b1", "do_t1"))
    assert rows[0][:3] == (asha, "asha", f"certificates/{asha[:2]}/{asha}.pdf")
    [page] = PdfReader(objects.path(rows[0][2])).pages
    assert "Asha" in page.extract_text()
    assert sorted(events) == sorted(f"{row[0]}.json" for row in rows)


def test_case_67_the_event_names_one_learner_and_is_always_the_same(
    platform_now, approve, issue, ask, tmp_path
):
    platform_now(learners=[ASHA])
    approve("asha")
    issue(certificate_event_folder=tmp_path / "events")

    [file] = (tmp_path / "events").glob("*.json")
    event = json.loads(file.read_bytes())
    assert (event["eid"], event["edata"]["type"]) == ("AUDIT", "certificate-issued-svg")
    assert event["actor"] == {"type": "User", "id": "asha"}
    assert event["object"]["id"] == issues(ask)[0][0]
    assert event["edata"]["certificate"]["lastIssuedOn"] == "2026-03-11T19:00:00.000+0000"
    assert "Asha" not in file.read_text()


@pytest.mark.parametrize(
    ("learner", "enrolment", "state", "failure"),
    [
        ({}, {"is_active": False}, "resolved", "left_batch"),
        (
            {},
            {"certificates": [{"identifier": "x", "name": "COMPLETION "}]},
            "resolved",
            "issued_elsewhere",
        ),
        ({}, {"status": 1}, "failed", "facts_changed"),
        ({}, {"completed_at": NOW}, "failed", "facts_changed"),
        ({"is_active": False}, {}, "failed", "learner_inactive"),
        ({"user_name": None}, {}, "failed", "no_name"),
        ({"user_name": "A\u0f40"}, {}, "failed", "no_glyph"),
    ],
    ids=str,
)
def test_cases_62_and_64_what_cannot_be_issued_any_more_is_told_and_the_others_are(
    platform_now, approve, issue, ask, learner, enrolment, state, failure
):
    platform_now(
        learners=[ASHA | learner, RAVI],
        enrolments=[enrolled("asha", **enrolment), enrolled("ravi")],
    )
    approve("asha", "ravi")

    done = issue()

    assert (done.issued, done.refused) == (1, {failure: 1})
    assert ask(
        "SELECT user_id, state, failure FROM operations.missed_certificate ORDER BY user_id"
    ) == [("asha", state, failure), ("ravi", "issued", None)]


def test_case_64_a_failed_issue_is_reported_the_next_night_and_asked_about_again(
    platform_now, approve, issue, night, finding, states
):
    platform_now(learners=[ASHA | {"user_name": None}])
    approve("asha")
    issue()

    after = night(THIRD, finding("asha"))

    assert (states(), after.counts["failed"]) == ({"asha": "failed"}, {"no_name": 1})


def test_a_broken_certificate_is_replaced_and_named(platform_now, approve, issue, ask, tmp_path):
    broken = [{"identifier": "1-gone", "name": "Completion"}]
    platform_now(learners=[ASHA], enrolments=[enrolled("asha", certificates=broken)])
    approve("asha", reason="broken_issue", replaces_id="1-gone")

    assert issue(certificate_event_folder=tmp_path).issued == 1

    assert ask("SELECT replaces_id FROM operations.certificate_issued") == [("1-gone",)]
    [file] = tmp_path.glob("*.json")
    assert json.loads(file.read_text())["edata"]["oldId"] == "1-gone"


def test_pictures_that_are_gone_hold_the_certificate(
    platform_now, approve, issue, version, objects
):
    platform_now(learners=[ASHA])
    approve("asha")
    objects.delete(version["artwork_key"])

    assert issue().refused == {"artwork_missing": 1}


def test_what_was_issued_here_is_found_by_no_later_night(
    platform_now, approve, issue, night, finding, states
):
    platform_now(learners=[ASHA])
    approve("asha")
    issue()

    after = night(THIRD, finding("asha"))

    assert (states(), after.counts["by_state"]) == ({"asha": "issued"}, {"issued": 1})


def test_the_learner_is_written_to_where_that_is_set(platform_now, approve, issue, ask):
    platform_now(learners=[ASHA])
    approve("asha")

    issue(certificate_mail=True)

    [(kind, recipient, facts, attachments, is_personal)] = ask(
        "SELECT kind, recipient_user_id, facts, attachments, is_personal"
        " FROM operations.delivery WHERE kind <> 'missed_certificates'"
    )
    assert (kind, recipient, is_personal) == ("certificate_issued", "asha", True)
    assert facts["page"].startswith("https://sunbird.test/certificates/")
    assert attachments[0]["sha256"] == issues(ask)[0][3]
    assert "Asha" not in str(facts)


def test_without_a_public_address_nothing_is_issued_and_without_approvals_none_is_needed(
    platform_now, approve, issue, states
):
    platform_now(learners=[ASHA])

    assert issue(certificates_url=None).issued == 0
    approve("asha")
    with pytest.raises(SettingsError, match="CERTIFICATES_URL"):
        issue(certificates_url=None)
    assert states() == {"asha": "approved"}
