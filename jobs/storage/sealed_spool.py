"""A temporary file that tells nothing: it is locked with a key that is in memory only."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from jobs.storage.aside import private

PIECE = 1 << 18


class SealedSpool:
    """Takes bytes once, from the first to the last, and gives them back once.

    What a killed process leaves of it nobody can read, its own successor neither.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = open(path, "xb", opener=private)  # noqa: SIM115 -- closed by `pieces`
        # Used for this file alone: the key is new each time.
        self.cipher = Cipher(ChaCha20(secrets.token_bytes(32), bytes(16)), mode=None)
        self.sealing = self.cipher.encryptor()

    def write(self, data: bytes) -> int:
        return self.file.write(self.sealing.update(data))

    def flush(self) -> None:
        self.file.flush()

    def pieces(self) -> Iterator[bytes]:
        self.file.close()
        opening = self.cipher.decryptor()
        with self.path.open("rb") as sealed:
            while piece := sealed.read(PIECE):
                yield opening.update(piece)

    def remove(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)
