"""Where certificates are made: the key that signs them and the address that verifies them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@dataclass(frozen=True)
class Desk:
    """A key and its name, the public address, and whom a verifier may write to."""

    public_url: str
    kid: str
    private_pem: bytes = field(repr=False)
    email: str | None = None

    @property
    def page_prefix(self) -> str:
        """What stands before the id in the address of a certificate's page."""
        return f"{self.public_url.rstrip('/')}/certificates/"

    def page(self, certificate_id: object) -> str:
        return f"{self.page_prefix}{certificate_id}"

    def sign(self, message: bytes) -> bytes:
        # The same for the same message, unlike the signatures of RSA-PSS and of elliptic curves.
        return private_key(self.private_pem).sign(message, PKCS1v15(), SHA256())


@lru_cache(maxsize=4)
def private_key(pem: bytes) -> RSAPrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
        raise ValueError("A signing key promised RSA of at least 2048 bits; it is another.")
    return key
