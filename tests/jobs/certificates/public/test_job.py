"""The public pages of certificates, reached over HTTP through the server of links."""

import json
from datetime import UTC, datetime

import jwt
import pytest
import structlog

from jobs.certificates.public.job import routes
from jobs.links.job import make_app
from tests.jobs.certificates.issue_ledger import issue, revoke
from tests.jobs.certificates.papers import facts_of
from tests.jobs.links.serving import client_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://files.example/reports"


@pytest.fixture
def served(make_settings, store, objects, tmp_path):
    settings = make_settings(links_url=PUBLIC_URL)
    facts = facts_of("Asha <b>Patel</b>")
    made, _ = issue(settings, store, objects, tmp_path, facts)
    app = make_app(settings, store, objects, lambda: NOW, routes(settings, store, objects))
    with client_of(app) as client:
        yield client, made, facts


def test_the_address_of_the_code_shows_what_the_paper_shows(served):
    client, _, facts = served
    for prefix in ("", "/reports"):
        answer = client.get(f"{prefix}/certificates/{facts.certificate_id}")
        assert answer.status_code == 200
        assert '<h1 class="genuine">This certificate is genuine' in answer.text
        for shown in ("Foundational Literacy", "Dr. Ratan Kumar", "February 2026"):
            assert shown in answer.text


def test_a_page_shows_names_as_text_tells_nobody_and_runs_nothing(served):
    client, _, facts = served
    answer = client.get(f"/certificates/{facts.certificate_id}")
    assert "Asha &lt;b&gt;Patel&lt;/b&gt;" in answer.text
    assert facts.user_id not in answer.text.replace(str(facts.certificate_id), "")
    assert "2026-01-31" not in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_page_can_be_read_by_a_screen_reader(served):
    client, _, facts = served
    text = client.get(f"/certificates/{facts.certificate_id}").text
    assert '<html lang="en">' in text
    assert text.count("<h1") == 1
    assert text.count("<dt>") == text.count("<dd") == 6
    assert '<span lang="hi">' in text
    assert 'name="viewport"' in text


def test_a_revoked_certificate_says_so_and_shows_no_words(served, store):
    client, _, facts = served
    revoke(store, facts)
    answer = client.get(f"/certificates/{facts.certificate_id}")
    assert answer.status_code == 410
    assert "was revoked" in answer.text
    assert "Foundational" not in answer.text
    listed = client.get("/certificates/revoked.json").json()
    assert listed["type"] == "RevocationList"
    assert [entry["id"] for entry in listed["revokedAssertions"]] == [
        f"{PUBLIC_URL}/certificates/{facts.certificate_id}"
    ]


def test_an_unknown_number_has_a_page_and_what_is_no_number_has_none(served):
    client, _, _ = served
    answer = client.get("/certificates/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, "no such certificate" in answer.text) == (404, True)
    assert client.get("/certificates/1").status_code == 404


def test_the_key_that_the_credential_names_verifies_it(served):
    client, made, _ = served
    creator = json.loads(made.credential)["verification"]["creator"]
    assert creator.startswith(PUBLIC_URL)
    key = client.get(creator.removeprefix(PUBLIC_URL)).json()
    assert (key["type"], key["id"]) == ("CryptographicKey", creator)
    opened = jwt.decode(made.signed_credential, key["publicKeyPem"], algorithms=["RS256"])
    assert opened == json.loads(made.credential)
    assert client.get("/certificates/keys/another").status_code == 404


def test_the_context_that_the_extensions_name_explains_them(served):
    client, made, _ = served
    held = json.loads(made.credential)["extensions:CertificateExtension"]
    context = client.get(held["@context"].removeprefix(PUBLIC_URL)).json()["@context"]
    assert held["type"][1] in context
    assert context.keys() >= held.keys() - {"@context", "type"}


def test_the_pages_of_links_are_still_there(served):
    client, _, _ = served
    assert client.get("/abc/123/def").status_code == 403


def test_a_question_is_logged_without_the_number(served):
    client, _, facts = served
    with structlog.testing.capture_logs() as logs:
        client.get(f"/certificates/{facts.certificate_id}")
    assert logs == [{"event": "certificate_asked", "verdict": "genuine", "log_level": "info"}]
