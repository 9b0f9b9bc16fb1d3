"""Public keys that files are locked for: as Sunbird's tenants hold them, and as age writes them."""

from __future__ import annotations

import base64
from itertools import pairwise

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)

from jobs.errors import ArchiveError

PublicKey = X25519PublicKey | RSAPublicKey

# Below it age opens nothing, and a state could.
RSA_BITS = 2048
AGE = "age"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM = 6
PROMISED = (
    "promised is an RSA key in PEM of at least 2048 bits, a line that begins with ssh-rsa, or one"
    " that begins with age1"
)


def read_public_key(text: str) -> PublicKey:
    """The key in the text; ArchiveError says what was found instead, never the text itself."""
    text = text.strip()
    try:
        key = parsed(text)
    except (ValueError, UnsupportedAlgorithm):
        found = "a text that is none"
        if "PRIVATE KEY" in text or text.upper().startswith("AGE-SECRET-KEY"):
            found = "a private key, which nobody else should ever see: make a new pair"
        raise ArchiveError(
            f"The public key cannot be used: {PROMISED}; found is {found}."
        ) from None
    if isinstance(key, RSAPublicKey):
        if key.key_size < RSA_BITS:
            raise ArchiveError(
                f"The public key cannot be used: {PROMISED}; found is one of {key.key_size} bits."
            )
        return key
    if isinstance(key, X25519PublicKey):
        return key
    raise ArchiveError(f"The public key cannot be used: {PROMISED}; found is one of another kind.")


def parsed(text: str) -> object:
    if text.lower().startswith(f"{AGE}1"):
        return X25519PublicKey.from_public_bytes(bech32_bytes(text))
    if text.startswith("ssh-"):
        return load_ssh_public_key(text.encode())
    return load_pem_public_key(text.encode())


def fingerprint(key: PublicKey) -> str:
    """A short text by which people compare a key: as `ssh-keygen -l` shows it, or age's own."""
    if isinstance(key, X25519PublicKey):
        return bech32_text(raw_bytes(key))
    return f"SHA256:{base64_of(ssh_digest(key))}"


def ssh_tag(key: RSAPublicKey) -> str:
    return base64_of(ssh_digest(key)[:4])


def ssh_digest(key: RSAPublicKey) -> bytes:
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(base64.b64decode(line.split()[1]))
    return digest.finalize()


def raw_bytes(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def bech32_bytes(text: str) -> bytes:
    """The bytes behind age1...; ValueError where its checksum does not hold."""
    if text not in (text.lower(), text.upper()):
        raise ValueError("Mixed case.")
    values = [BECH32.index(letter) for letter in text.lower()[len(AGE) + 1 :]]
    if polymod(expanded() + values) != 1:
        raise ValueError("Its checksum does not hold.")
    bits = "".join(f"{value:05b}" for value in values[:-CHECKSUM])
    whole = len(bits) // 8 * 8
    if "1" in bits[whole:]:
        raise ValueError("Bits are left over.")
    return bytes(int(bits[start:stop], 2) for start, stop in pairwise(range(0, whole + 1, 8)))


def bech32_text(data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    rest = polymod(expanded() + values + [0] * CHECKSUM) ^ 1
    values += [(rest >> 5 * place) & 31 for place in reversed(range(CHECKSUM))]
    return f"{AGE}1" + "".join(BECH32[value] for value in values)


def expanded() -> list[int]:
    return [ord(letter) >> 5 for letter in AGE] + [0] + [ord(letter) & 31 for letter in AGE]


def polymod(values: list[int]) -> int:
    generators = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(generators):
            rest ^= generator if top >> place & 1 else 0
    return rest
