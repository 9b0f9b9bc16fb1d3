"""An age file: a stream that only the holder of a passphrase or a private key can open.

The format is age's first version, https://c2sp.org/age, which the programs age, rage and Kage open:
a header that wraps a fresh file key, then pieces of 64 KiB, each with a tag. What is cut off,
changed or put in another order does not open. One piece is in memory, however long the file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from jobs.delivery.public_keys import PublicKey, base64_of, raw_bytes, ssh_tag

VERSION = "age-encryption.org/v1"
FILE_KEY, SALT, KEY = 16, 16, 32
PIECE, LINE = 65_536, 64
# The counter begins at 0 for every file, and so does the wrap: both keys serve once.
NO_NONCE = bytes(12)
# What age itself takes: 2^18 rounds, 256 MiB for about a second, for who opens as for who guesses.
WORK = 18

# The file key to the part of the header that wraps it.
Wrap = Callable[[bytes], str]


class AgeStream:
    """Takes the plain bytes and writes the age file to the target; whole once it is finished.

    No `io` class: those finish themselves when they are thrown away, and half a file would be one.
    """

    def __init__(self, target: BinaryIO, wrap: Wrap) -> None:
        file_key, nonce = fresh(FILE_KEY), fresh(SALT)
        target.write(header(file_key, wrap) + nonce)
        self.target, self.pending, self.count = target, bytearray(), 0
        self.cipher = ChaCha20Poly1305(derived(file_key, salt=nonce, purpose=b"payload"))

    def write(self, data: bytes) -> int:
        self.pending += data
        # The last piece has a mark of its own, so one is kept back until more comes.
        while len(self.pending) > PIECE:
            self.seal(bytes(self.pending[:PIECE]), is_last=False)
            del self.pending[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full."""

    def finish(self) -> None:
        self.seal(bytes(self.pending), is_last=True)
        self.pending.clear()

    def seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = self.count.to_bytes(11, "big") + bytes([is_last])
        self.target.write(self.cipher.encrypt(nonce, piece, None))
        self.count += 1


def header(file_key: bytes, wrap: Wrap) -> bytes:
    told = f"{VERSION}\n{wrap(file_key)}\n---".encode()
    mac = hmac.HMAC(derived(file_key, salt=None, purpose=b"header"), hashes.SHA256())
    mac.update(told)
    return told + f" {base64_of(mac.finalize())}\n".encode()


def for_passphrase(passphrase: str, *, work: int = WORK) -> Wrap:
    """Wraps the file key for whoever knows the passphrase."""

    def wrap(file_key: bytes) -> str:
        salt = fresh(SALT)
        stretched = Scrypt(f"{VERSION}/scrypt".encode() + salt, KEY, 2**work, r=8, p=1)
        return stanza(
            f"scrypt {base64_of(salt)} {work}",
            sealed(stretched.derive(passphrase.encode()), file_key),
        )

    return wrap


def for_public_key(key: PublicKey) -> Wrap:
    """Wraps the file key for whoever holds the private key."""
    if isinstance(key, X25519PublicKey):
        return for_x25519(key)
    padding = OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), f"{VERSION}/ssh-rsa".encode())
    return lambda file_key: stanza(f"ssh-rsa {ssh_tag(key)}", key.encrypt(file_key, padding))


def for_x25519(key: X25519PublicKey) -> Wrap:
    def wrap(file_key: bytes) -> str:
        once = X25519PrivateKey.generate()
        share = raw_bytes(once.public_key())
        shared = derived(
            once.exchange(key), salt=share + raw_bytes(key), purpose=f"{VERSION}/X25519".encode()
        )
        return stanza(f"X25519 {base64_of(share)}", sealed(shared, file_key))

    return wrap


def stanza(arguments: str, body: bytes) -> str:
    text = base64_of(body)
    # A line shorter than the others ends the body: an empty one, where the last is full.
    lines = [text[start : start + LINE] for start in range(0, len(text) + 1, LINE)]
    return "\n".join([f"-> {arguments}", *lines])


def fresh(length: int) -> bytes:
    """Bytes that nobody can foresee."""
    return ChaCha20Poly1305.generate_key()[:length]


def sealed(key: bytes, file_key: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(NO_NONCE, file_key, None)


def derived(key: bytes, *, salt: bytes | None, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt, purpose).derive(key)
