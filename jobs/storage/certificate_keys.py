"""The keys that sign certificates: a folder of PEM files, of which the last by name signs."""

from __future__ import annotations

import contextlib
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from jobs.errors import SettingsError
from jobs.settings import Settings

# What Open Badges 2.0 verifiers know best is RS256; 2048 bits sign four times as fast as 3072.
BITS = 2048
FIRST = "00000000T000000Z.pem"


@dataclass(frozen=True)
class CertificateKeys:
    """The signing key, and every public key that a certificate may name."""

    kid: str
    private_pem: bytes = field(repr=False)
    public_pems: dict[str, bytes]


def certificate_keys(settings: Settings) -> CertificateKeys:
    """The same for every process of this home; the first call makes a key. SettingsError names
    a file that is no key, and a folder without one that signs."""
    folder = key_folder(settings)
    try:
        if not any(folder.glob("*.pem")) and settings.certificate_keys is None:
            add_key(folder, FIRST)
        pems = {path: path.read_bytes() for path in sorted(folder.glob("*.pem"))}
    except OSError as error:
        raise unreadable(folder, error) from error
    public = {}
    signing: tuple[str, bytes] | None = None
    for path, pem in pems.items():
        key = read(path, pem)
        opened = key.public_key() if isinstance(key, RSAPrivateKey) else key
        kid = thumbprint(opened)
        public[kid] = opened.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if isinstance(key, RSAPrivateKey):
            signing = kid, pem
    if signing is None:
        raise SettingsError(
            f"Certificates are signed with the last private key in {folder}; there is none. Put an"
            " RSA key there as <instant>.pem: openssl genrsa -out 20260101T000000Z.pem 2048"
        )
    return CertificateKeys(signing[0], signing[1], public)


def rotate(settings: Settings, now: datetime) -> str:
    """A new key that signs from now on; older ones verify what they signed. Its id."""
    folder = key_folder(settings)
    try:
        add_key(folder, f"{now:%Y%m%dT%H%M%SZ}.pem")
    except OSError as error:
        raise unreadable(folder, error) from error
    return certificate_keys(settings).kid


def key_folder(settings: Settings) -> Path:
    return settings.certificate_keys or settings.home / "secrets" / "certificate_keys"


def add_key(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = generate_private_key(65537, BITS).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    aside = folder / f".{uuid4().hex}.part"
    with open(aside, "xb", opener=private) as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    # Whoever comes second takes the first one's: a link never replaces a file.
    with contextlib.suppress(FileExistsError):
        os.link(aside, folder / name)
    aside.unlink()


def read(path: Path, pem: bytes) -> RSAPrivateKey | RSAPublicKey:
    try:
        key = (
            load_pem_public_key(pem)
            if b"PUBLIC KEY" in pem
            else load_pem_private_key(pem, password=None)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise not_a_key(path) from error
    if not isinstance(key, RSAPrivateKey | RSAPublicKey) or key.key_size < BITS:
        raise not_a_key(path)
    return key


def thumbprint(key: RSAPublicKey) -> str:
    """The key's id (RFC 7638): the same wherever it is computed."""
    numbers = key.public_numbers()
    told = f'{{"e":"{base64(numbers.e)}","kty":"RSA","n":"{base64(numbers.n)}"}}'
    return urlsafe_b64encode(sha256(told.encode()).digest()).rstrip(b"=").decode()


def base64(number: int) -> str:
    length = (number.bit_length() + 7) // 8
    return urlsafe_b64encode(number.to_bytes(length, "big")).rstrip(b"=").decode()


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def unreadable(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"The keys that sign certificates are kept in {folder}: {error.strerror}. Make the folder"
        " readable and writable, or set SUNBIRD_BATCH_CERTIFICATE_KEYS."
    )


def not_a_key(path: Path) -> SettingsError:
    return SettingsError(
        f"{path} promised an RSA key of at least {BITS} bits as PEM without a password; it is not."
        " Replace it, or move it out of the folder."
    )
