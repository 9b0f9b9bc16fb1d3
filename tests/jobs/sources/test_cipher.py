import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import assume, example, given
from hypothesis import strategies as st

from jobs.sources.cipher import decrypt, decrypt_many, encrypt, is_ciphertext

KEY = "ThisIsAKeyOf16ch"
SALT = "a-salt-of-the-platform"

SCRIPTS = [
    (0x0900, 0x097F),  # Devanagari
    (0x0980, 0x09FF),  # Bengali
    (0x0A80, 0x0AFF),  # Gujarati
    (0x0B80, 0x0BFF),  # Tamil
    (0x0C00, 0x0C7F),  # Telugu
    (0x0C80, 0x0CFF),  # Kannada
]
indian_text = st.one_of(
    *[
        st.text(st.characters(min_codepoint=first, max_codepoint=last), max_size=40)
        for first, last in SCRIPTS
    ]
)
texts = st.one_of(indian_text, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=16)
salts = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


@given(text=texts, key=keys, salt=salts)
def test_what_was_encrypted_comes_back_whole(text: str, key: str, salt: str) -> None:
    sealed = encrypt(text, key=key, salt=salt)

    assert is_ciphertext(sealed)
    assert decrypt(sealed, key=key, salt=salt) == text


@given(text=texts, key=keys, other=keys)
def test_another_key_is_refused(text: str, key: str, other: str) -> None:
    assume(key != other)

    with pytest.raises(ValueError, match="does not open"):
        decrypt(encrypt(text, key=key, salt=SALT), key=other, salt=SALT)


@given(text=texts, salt=salts, other=st.one_of(salts, st.just("")))
def test_another_salt_is_refused(text: str, salt: str, other: str) -> None:
    assume(salt != other)

    with pytest.raises(ValueError, match="The text"):
        decrypt(encrypt(text, key=KEY, salt=salt), key=KEY, salt=other)


@given(text=texts, salt=salts, cut=st.integers(1, 40))
@example(text="5000000001", salt="ends with a blank ", cut=1)
@example(text="5000000001", salt="ends in letters of base64AAAA", cut=4)
def test_a_salt_that_lost_its_end_is_refused(text: str, salt: str, cut: int) -> None:
    with pytest.raises(ValueError, match="The text"):
        decrypt(encrypt(text, key=KEY, salt=salt), key=KEY, salt=salt[:-cut])


@given(text=texts, salt=salts, more=salts)
def test_a_salt_that_is_too_long_is_refused(text: str, salt: str, more: str) -> None:
    with pytest.raises(ValueError, match="The text"):
        decrypt(encrypt(text, key=KEY, salt=salt), key=KEY, salt=salt + more)


@given(text=texts)
def test_plain_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not ciphertext"):
        decrypt(text, key=KEY, salt=SALT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9876543210",
        "919876543210",
        "asha@example.org",
        "asha rao",
        "a" * 63,
        "=" * 64,
        "é" * 64,
    ],
)
def test_plain_address_or_number_is_not_ciphertext(text: str) -> None:
    assert not is_ciphertext(text)


@given(text=texts, key=keys, salt=salts)
def test_ciphertext_inside_ciphertext_is_not_given_back(text: str, key: str, salt: str) -> None:
    twice = encrypt(encrypt(text, key=key, salt=salt), key=key, salt=salt)

    with pytest.raises(ValueError, match="encrypted twice"):
        decrypt(twice, key=key, salt=salt)


def test_a_password_that_looks_like_ciphertext_comes_back() -> None:
    password = "Ab" * 32
    assert is_ciphertext(password)

    assert decrypt(encrypt(password, key=KEY, salt=SALT), key=KEY, salt=SALT) == password


@given(text=texts, line_end=st.sampled_from(["\n", "\r\n"]))
def test_line_breaks_of_javas_encoder_are_read_in_every_round(text: str, line_end: str) -> None:
    assert decrypt(java_encrypt(text, line_end) + line_end, key=KEY, salt=SALT) == text


def test_refusal_says_that_the_salt_may_be_another() -> None:
    with pytest.raises(ValueError, match="another salt"):
        decrypt(encrypt("5000000001", key=KEY, salt=SALT), key=KEY, salt="not the salt")


def test_key_of_another_length_is_named_without_the_key() -> None:
    with pytest.raises(ValueError, match="5 bytes, promised 16") as failure:
        decrypt(encrypt("9876543210", key=KEY, salt=SALT), key="short", salt=SALT)

    assert "short" not in str(failure.value)


@given(text=texts, position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_ciphertext_with_one_bit_flipped_in_its_last_block_is_refused(
    text: str, position: int, bit: int
) -> None:
    sealed = bytearray(base64.b64decode(encrypt(text, key=KEY, salt=SALT)))
    sealed[-1 - position % 16] ^= 1 << bit

    with pytest.raises(ValueError, match="The text"):
        decrypt(base64.b64encode(sealed).decode(), key=KEY, salt=SALT)


def refused_as_none(text: str) -> str | None:
    try:
        return decrypt(text, key=KEY, salt=SALT)
    except ValueError:
        return None


ciphertexts = st.one_of(
    texts.map(lambda text: encrypt(text, key=KEY, salt=SALT)),
    texts.map(lambda text: encrypt(text, key=KEY, salt="another salt")),
    texts.map(lambda text: encrypt(text, key="AnotherKeyOf16ch", salt=SALT)),
    texts.map(lambda text: encrypt(encrypt(text, key=KEY, salt=SALT), key=KEY, salt=SALT)),
    st.binary(min_size=0, max_size=96).map(lambda raw: base64.b64encode(raw).decode()),
    texts,
)


@given(sealed=st.lists(ciphertexts, max_size=8))
def test_many_texts_open_as_each_of_them_does(sealed: list[str]) -> None:
    assert decrypt_many(sealed, key=KEY, salt=SALT) == [refused_as_none(text) for text in sealed]


def test_many_texts_with_the_line_breaks_of_java_open() -> None:
    sealed = [java_encrypt(f"learner{n}@example.org", "\r\n") for n in range(3)]

    opened = decrypt_many(sealed, key=KEY, salt=SALT)

    assert opened == [f"learner{n}@example.org" for n in range(3)]


def java_encrypt(text: str, line_end: str) -> str:
    for _ in range(3):
        plain = (SALT + text).encode()
        pad = 16 - len(plain) % 16
        sealing = Cipher(algorithms.AES(KEY.encode()), modes.ECB()).encryptor()  # noqa: S305 as stored
        sealed = base64.b64encode(sealing.update(plain + bytes([pad]) * pad)).decode()
        text = line_end.join(sealed[i : i + 76] for i in range(0, len(sealed), 76))
    return text
