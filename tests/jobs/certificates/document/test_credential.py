"""The credential: Open Badges 2.0, signed, and silent about what the paper does not show."""

import io
import json
from datetime import UTC, datetime
from hashlib import sha256

import jwt
import pypdf
import pytest

from tests.jobs.certificates.papers import (
    PUBLIC_URL,
    certificate_of,
    desk,
    facts_of,
    public_pem,
    template_of,
)

# The required properties of the classes (Open Badges 2.0, section "Open Badges Vocabulary").
REQUIRED = {
    "Assertion": {"id", "type", "recipient", "badge", "verification", "issuedOn"},
    "BadgeClass": {"id", "type", "name", "description", "image", "criteria", "issuer"},
    "Issuer": {"id", "type", "name", "url", "email"},
    "IdentityObject": {"identity", "type", "hashed", "salt"},
}


def attached(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return {name: content for name, (content,) in reader.attachments.items()}


def said(**facts):
    return json.loads(certificate_of(**facts).credential)


def test_the_file_holds_the_credential_in_both_forms_and_names_them_in_the_catalogue():
    made = certificate_of()
    assert attached(made.pdf) == {
        "credential.json": made.credential,
        "credential.jws": made.signed_credential.encode(),
    }
    associated = pypdf.PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]["/AF"]
    assert [file.get_object()["/AFRelationship"] for file in associated] == ["/Data", "/Data"]


def test_another_library_verifies_the_signature_and_reads_the_same_words():
    made = certificate_of()
    assert jwt.get_unverified_header(made.signed_credential) == {
        "alg": "RS256", "kid": "kid-1", "typ": "JWT",
    }  # fmt: skip
    opened = jwt.decode(made.signed_credential, public_pem(), algorithms=["RS256"])
    assert opened == json.loads(made.credential)


def test_a_word_that_is_changed_breaks_the_signature():
    header, payload, signature = certificate_of().signed_credential.split(".")
    other = certificate_of("Ravi").signed_credential.split(".")[1]
    assert payload != other
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{header}.{other}.{signature}", public_pem(), algorithms=["RS256"])


def test_it_has_what_open_badges_asks_for():
    credential = said()
    badge = credential["badge"]
    assert credential["@context"] == "https://w3id.org/openbadges/v2"
    assert (credential["type"], badge["type"], badge["issuer"]["type"]) == (
        "Assertion", "BadgeClass", "Issuer",
    )  # fmt: skip
    assert credential.keys() >= REQUIRED["Assertion"]
    assert badge.keys() >= REQUIRED["BadgeClass"]
    assert badge["issuer"].keys() >= REQUIRED["Issuer"]
    assert credential["recipient"].keys() == REQUIRED["IdentityObject"]
    assert credential["verification"] == {
        "type": "SignedBadge",
        "creator": f"{PUBLIC_URL}/certificates/keys/kid-1",
    }
    assert badge["issuer"]["publicKey"] == credential["verification"]["creator"]
    assert badge["criteria"]["narrative"]
    assert credential["id"] == f"{PUBLIC_URL}/certificates/{facts_of().certificate_id}"


def test_each_extension_has_a_context_and_its_own_type():
    extensions = {name: held for name, held in said().items() if name.startswith("extensions:")}
    assert len(extensions) == 3
    for name, held in extensions.items():
        assert held["@context"] == f"{PUBLIC_URL}/certificates/context.json"
        assert held["type"] == ["Extension", name]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 1, 31, 19, 0, tzinfo=UTC), "2026-01-31T19:00:00Z"),
        (datetime(2026, 1, 31, 19, 0, 0, 120_000, tzinfo=UTC), "2026-01-31T19:00:00.120Z"),
    ],
)
def test_case_57_it_is_issued_on_the_instant_of_completion(at, told):
    assert said(at=at)["issuedOn"] == told


def test_the_account_is_a_salted_hash_and_stands_nowhere_in_the_file():
    made = certificate_of(user="0b8a52dd-asha")
    recipient = json.loads(made.credential)["recipient"]
    expected = sha256(f"0b8a52dd-asha{recipient['salt']}".encode()).hexdigest()
    assert recipient["identity"] == f"sha256${expected}"
    assert b"0b8a52dd" not in made.pdf + made.credential
    assert all(b"0b8a52dd" not in content for content in attached(made.pdf).values())


def test_each_certificate_of_a_learner_has_its_own_salt():
    one, two = said(user="asha"), said(user="ravi")
    assert one["recipient"]["salt"] != two["recipient"]["salt"]


def test_its_json_has_one_spelling():
    made = certificate_of("आशा")
    again = json.dumps(
        json.loads(made.credential), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert made.credential == again.encode()
    assert "आशा" in again


def test_all_who_earned_the_same_have_one_badge():
    one, two = said(name="Asha", user="a"), said(name="Ravi", user="b")
    assert one["badge"] == two["badge"]
    other = certificate_of(template=template_of(version_id="v2"))
    assert json.loads(other.credential)["badge"]["id"] != one["badge"]["id"]


def test_without_a_signatory_nobody_signs():
    made = certificate_of(template=template_of(signatory=None))
    assert "extensions:SignatoryExtension" not in json.loads(made.credential)


def test_the_private_key_is_not_shown_by_the_desk():
    assert "PRIVATE" not in repr(desk())
