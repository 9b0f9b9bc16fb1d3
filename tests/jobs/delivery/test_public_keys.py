"""Public keys: the shapes that tenants hold are read, every other is refused with what it is."""

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from jobs.delivery.public_keys import bech32_bytes, bech32_text, fingerprint, read_public_key
from jobs.errors import ArchiveError
from tests.jobs.delivery.age_readers import Pair

PAIR = Pair()
PEM = PAIR.public()
AGE_KEY = str(pyrage.x25519.Identity.generate().to_public())


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        f"\n  {PEM}\n",
        PAIR.public(Encoding.PEM, PublicFormat.PKCS1),
        PAIR.public(Encoding.OpenSSH, PublicFormat.OpenSSH),
        PAIR.public(Encoding.OpenSSH, PublicFormat.OpenSSH) + " asha@example.org",
    ],
)
def test_rsa_key_is_the_same_in_each_shape(text):
    assert fingerprint(read_public_key(text)) == fingerprint(read_public_key(PEM))
    assert fingerprint(read_public_key(text)).startswith("SHA256:")


def test_age_key_is_read_in_either_case_and_shown_as_it_is_written():
    assert fingerprint(read_public_key(AGE_KEY)) == AGE_KEY
    assert fingerprint(read_public_key(AGE_KEY.upper())) == AGE_KEY


def other(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "a text that is none"),
        ("canary", "a text that is none"),
        (AGE_KEY[:-1] + ("q" if AGE_KEY[-1] != "q" else "p"), "a text that is none"),
        (AGE_KEY[:5] + AGE_KEY[5:].upper(), "a text that is none"),
        (AGE_KEY[:-8], "a text that is none"),
        ("age1", "a text that is none"),
        (PEM[:120], "a text that is none"),
        ("ssh-rsa canary", "a text that is none"),
        (PAIR.secret().decode(), "a private key"),
        (str(pyrage.x25519.Identity.generate()), "a private key"),
        (Pair(1024).public(), "one of 1024 bits"),
        (other(ec.generate_private_key(ec.SECP256R1())), "one of another kind"),
        (other(ed25519.Ed25519PrivateKey.generate()), "one of another kind"),
    ],
    # Keys are new in each process, and the names of tests may not be.
    ids=range(13),
)
def test_other_texts_are_refused_with_what_was_found_and_without_the_text(text, found):
    with pytest.raises(ArchiveError, match=found) as raised:
        read_public_key(text)
    assert "canary" not in str(raised.value)
    assert len(str(raised.value)) < 400


@given(st.binary(min_size=32, max_size=32))
def test_bytes_come_back_from_their_text(data):
    assert bech32_bytes(bech32_text(data)) == data


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_mistyped_letter_is_found(data, chosen):
    text = bech32_text(data)
    place = chosen.draw(st.integers(4, len(text) - 1))
    letter = chosen.draw(
        st.sampled_from(sorted(set("qpzry9x8gf2tvdw0s3jn54khce6mua7l") - {text[place]}))
    )
    with pytest.raises(ValueError, match="checksum"):
        bech32_bytes(text[:place] + letter + text[place + 1 :])
