"""The verdict: genuine, altered, unknown or revoked, however a certificate was tampered with."""

import hmac
import io
import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pypdf
import pytest

from jobs.certificates.document.credential import canonical, signed
from jobs.certificates.verification.judgement import judge_file, judge_id
from jobs.certificates.verification.reading import unpack
from tests.jobs.certificates.papers import certificate_of, desk, facts_of, public_pem

NUMBER = facts_of().certificate_id
REVOKED_AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made():
    return certificate_of()


def row_of(made, status="ACTIVE"):
    return {
        "status": status,
        "revoked_at": REVOKED_AT if status == "REVOKED" else None,
        "pdf_sha256": made.pdf_sha256,
        "credential_sha256": made.credential_sha256,
        "credential_key": "k",
    }


def judged(data, made, status="ACTIVE", keys=None, rows=None):
    """The verdict where the ledger holds this certificate alone."""
    rows = {NUMBER: row_of(made, status)} if rows is None else rows
    keys = {"kid-1": public_pem()} if keys is None else keys
    return judge_file(data, keys, rows.get)


def token_of(header, payload, signature=b""):
    parts = (json.dumps(header).encode(), payload, signature)
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def test_what_was_issued_is_genuine_in_each_of_its_three_forms(made):
    for data in (made.pdf, made.signed_credential.encode(), made.credential):
        judgement = judged(data, made)
        assert (judgement.verdict, judgement.certificate_id) == ("genuine", NUMBER)
        assert judgement.shown["name"] == "Asha Patel"


def test_the_verdict_shows_what_the_paper_shows_and_no_more(made):
    assert judged(made.pdf, made).shown == {
        "name": "Asha Patel",
        "course": "Foundational Literacy",
        "certificate": "Certificate of Completion",
        "issuer": "Gujarat Council of Educational Research",
        "signatory": "Dr. Ratan Kumar",
        "completed_at": "2026-01-31T19:00:00Z",
    }


def test_a_revoked_certificate_says_since_when(made):
    judgement = judged(made.pdf, made, "REVOKED")
    assert (judgement.verdict, judgement.because) == (
        "revoked",
        "It was revoked on 01 November 2026.",
    )


def test_a_page_that_was_changed_around_a_true_credential_is_altered(made):
    # Another name drawn on the page, the attached credential left as it was.
    other = certificate_of("Ravi Shankar")
    begin, end = (pdf.index(b"/EmbeddedFile") for pdf in (other.pdf, made.pdf))
    forged = other.pdf[:begin] + made.pdf[end:]
    judgement = judged(forged, made)
    assert judgement.verdict == "altered"
    assert judgement.shown["name"] == "Asha Patel"


def test_a_file_that_another_program_saved_anew_is_altered_but_its_credential_is_found(made):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made.pdf))
    for page in writer.pages:
        page.compress_content_streams()
    saved = io.BytesIO()
    writer.write(saved)
    judgement = judged(saved.getvalue(), made)
    assert (judgement.verdict, judgement.shown["name"]) == ("altered", "Asha Patel")


@pytest.mark.parametrize("at", range(0, 1000, 97))
def test_one_byte_changed_anywhere_is_never_genuine(made, at):
    changed = bytearray(made.pdf)
    changed[len(changed) * at // 1000 + 20] ^= 1
    assert judged(bytes(changed), made).verdict != "genuine"


def test_bytes_appended_make_it_altered(made):
    assert judged(made.pdf + b"\n%%EOF", made).verdict == "altered"


def test_a_readable_credential_with_another_name_is_altered(made):
    changed = made.credential.replace(b"Asha Patel", b"Ravi Patel")
    assert judged(changed, made).verdict == "altered"


def test_a_credential_signed_by_us_under_the_number_of_another_is_altered(made):
    said = json.loads(made.credential)
    said["extensions:RecipientExtension"]["name"] = "Ravi"
    token = signed(canonical(said), desk())
    assert judged(token.encode(), made).verdict == "altered"


def test_a_key_of_somebody_else_is_not_ours(made):
    forger = replace(desk(), kid="kid-2")
    token = signed(made.credential, forger).encode()
    assert judged(token, made).verdict == "unknown"


def test_a_forger_who_names_our_key_is_found_out(made):
    said = made.credential.replace(b"Asha", b"Ravi")
    secret = public_pem()
    message = token_of({"alg": "HS256", "kid": "kid-1"}, said).rpartition(b".")[0]
    forged = message + b"." + urlsafe_b64encode(hmac.digest(secret, message, "sha256")).rstrip(b"=")
    assert judged(forged, made).verdict == "altered"
    assert judged(token_of({"alg": "none", "kid": "kid-1"}, said, b"x"), made).verdict == "altered"
    assert (
        judged(token_of({"alg": "RS256", "kid": "kid-1"}, said, b"x" * 256), made).verdict
        == "altered"
    )


def test_our_signature_without_a_row_in_the_ledger_is_unknown(made):
    judgement = judged(made.pdf, made, rows={})
    assert judgement.verdict == "unknown"
    assert "kid-1" in judgement.because


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.4\nnothing",
        b"{}",
        b"[1]",
        b'{"id": 5}',
        b"eyJh.eyJh.x",
        b"\xff" * 50,
    ],
)
def test_what_is_no_certificate_of_ours_is_unknown_or_altered_and_never_fails(made, data):
    assert judged(data, made).verdict in {"unknown", "altered"}


def test_a_stream_that_would_fill_the_memory_is_passed(made):
    bomb = zlib.compress(b"0" * 50_000_000)
    data = b"%PDF-1.4\nstream\n" + bomb + b"\nendstream\n" + made.pdf
    assert judged(data, made).verdict == "altered"
    assert unpack(bomb) == b""
    assert unpack(zlib.compress(b"0" * 1000)) == b"0" * 1000


def test_a_number_alone_is_judged_by_the_ledger_and_never_without_the_kept_credential(made):
    find = {NUMBER: row_of(made)}.get
    assert judge_id(NUMBER, find, {"k": made.credential}.get).shown["name"] == "Asha Patel"
    assert judge_id(NUMBER, find, {"k": b"{}"}.get).verdict == "altered"
    assert judge_id(NUMBER, find, {}.get).verdict == "altered"
    assert judge_id(UUID(int=1), find, {}.get).verdict == "unknown"
    revoked = {NUMBER: row_of(made, "REVOKED")}.get
    assert judge_id(NUMBER, revoked, {"k": made.credential}.get).verdict == "revoked"
