"""Sunbird's cipher of e-mail and mobile: three rounds of AES-128, each salted and in base64.

ECB with a fixed salt hides little: it is read and written here because the platform stores it so,
and nothing of our own is protected with it.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 3
BLOCK = 16
# Three rounds of one block each already come to three blocks: nothing shorter can be ciphertext.
SHORTEST = 3 * BLOCK


def encrypt(text: str, *, key: str, salt: str) -> str:
    for _ in range(ROUNDS):
        plain = (salt + text).encode()
        pad = BLOCK - len(plain) % BLOCK
        sealing = aes(key).encryptor()
        sealed = sealing.update(plain + bytes([pad]) * pad) + sealing.finalize()
        text = base64.b64encode(sealed).decode()
    return text


def decrypt(text: str, *, key: str, salt: str) -> str:
    """The plain text; ValueError when the text is not ciphertext made with this key and salt.

    What cannot be opened is never given back: the caller would show it as an address.
    """
    if not is_ciphertext(text):
        raise ValueError("The text is not ciphertext: base64 of whole AES blocks is.")
    opened = text.strip()
    for _ in range(ROUNDS):
        opened = open_round(opened, key=key, salt=salt)
    if is_ciphertext(opened) and can_open(opened, key=key, salt=salt):
        raise ValueError("The text was encrypted twice: what is inside is ciphertext again.")
    return opened


def is_ciphertext(text: str) -> bool:
    """Whether the text has the shape of ciphertext; only opening it tells whose it is."""
    try:
        sealed = from_base64(text.strip())
    except ValueError:
        return False
    return len(sealed) >= SHORTEST and len(sealed) % BLOCK == 0


def can_open(text: str, *, key: str, salt: str) -> bool:
    try:
        open_round(text, key=key, salt=salt)
    except ValueError:
        return False
    return True


def open_round(text: str, *, key: str, salt: str) -> str:
    sealed = from_base64(text)
    if not sealed or len(sealed) % BLOCK:
        raise ValueError("The text does not open: it is not made of whole AES blocks.")
    opening = aes(key).decryptor()
    padded = opening.update(sealed) + opening.finalize()
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise ValueError("The text does not open: it was made with another key.")
    try:
        plain = padded[:-pad].decode()
    except UnicodeDecodeError:
        # Without its cause, which holds the bytes.
        raise ValueError("The text does not open: it was made with another key.") from None
    if not plain.startswith(salt):
        raise ValueError("The text does not open: it was made with another salt or key.")
    return plain.removeprefix(salt)


def from_base64(text: str) -> bytes:
    # Java's encoder breaks lines after 76 characters, in the inner rounds too; it never begins
    # with a break, so white space in front is what a salt that is too short leaves behind.
    if text[:1].isspace():
        raise ValueError("The text is not base64.")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("The text is not base64.") from None


@lru_cache(maxsize=4)
def aes(key: str) -> Cipher[modes.ECB]:
    secret = key.encode()
    if len(secret) != BLOCK:
        raise ValueError(f"The platform key has {len(secret)} bytes, promised {BLOCK}.")
    return Cipher(algorithms.AES(secret), modes.ECB())  # noqa: S305 Sunbird's own format


def decrypt_many(texts: list[str], *, key: str, salt: str) -> list[str | None]:
    """The plain texts in order, None for one that `decrypt` refuses; one AES call a round.

    The blocks of ECB do not depend on each other, so all texts can be opened as one.
    """
    opened: list[str | None] = [text.strip() if is_ciphertext(text) else None for text in texts]
    for _ in range(ROUNDS):
        opened = open_round_of_many(opened, key=key, salt=salt)
    return [
        None
        if text is not None and is_ciphertext(text) and can_open(text, key=key, salt=salt)
        else text
        for text in opened
    ]


def open_round_of_many(texts: list[str | None], *, key: str, salt: str) -> list[str | None]:
    sealed = [whole_blocks(text) for text in texts]
    opening = aes(key).decryptor()
    padded = opening.update(b"".join(sealed)) + opening.finalize()
    prefix = salt.encode()
    opened: list[str | None] = []
    end = 0
    for part in sealed:
        start, end = end, end + len(part)
        pad = padded[end - 1] if part else 0
        stop = end - pad
        if (
            1 <= pad <= BLOCK
            and padded.endswith(bytes([pad]) * pad, stop, end)
            and padded.startswith(prefix, start, stop)
        ):
            opened.append(text_of(padded[start + len(prefix) : stop]))
        else:
            opened.append(None)
    return opened


def whole_blocks(text: str | None) -> bytes:
    """The blocks behind the base64 text; none at all where it is not made of whole ones."""
    try:
        sealed = from_base64(text or "")
    except ValueError:
        return b""
    return b"" if len(sealed) % BLOCK else sealed


def text_of(plain: bytes) -> str | None:
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return None
