"""A signed credential opened: its words, if they are signed by a key of ours."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


@dataclass(frozen=True)
class Signed:
    """The words and whose key signed them; `problem` where they cannot be trusted."""

    payload: bytes = b""
    kid: str = ""
    problem: Literal["not ours", "altered"] | None = None


def opened(token: str, keys: Mapping[str, bytes]) -> Signed:
    try:
        header, payload, signature = (unbase64(part) for part in token.split("."))
        said = json.loads(header)
    except (ValueError, binascii.Error):
        return Signed(problem="altered")
    if not isinstance(said, dict) or said.get("kid") not in keys:
        return Signed(problem="not ours")
    key = load_pem_public_key(keys[said["kid"]])
    # The key says which algorithm counts; a header that asks for another, or none, is a forgery.
    if said.get("alg") != "RS256" or not isinstance(key, RSAPublicKey):
        return Signed(problem="altered")
    message = token.rpartition(".")[0].encode("ascii")
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return Signed(problem="altered")
    return Signed(payload, said["kid"])


def unbase64(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
