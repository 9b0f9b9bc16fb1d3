"""Other programs than ours that open age files: `pyrage`, which is rage, and the command `age`."""

import os
import pty
import shutil
import subprocess

import pyrage
import pyrage.passphrase
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="the command age is not installed")


class Pair:
    """An RSA pair as a tenant holds it."""

    def __init__(self, bits=2048):
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def public(self, encoding=Encoding.PEM, shape=PublicFormat.SubjectPublicKeyInfo):
        return self.private.public_key().public_bytes(encoding, shape).decode()

    def secret(self, shape=PrivateFormat.TraditionalOpenSSL):
        return self.private.private_bytes(Encoding.PEM, shape, NoEncryption())

    def open(self, sealed):
        return pyrage.decrypt(sealed, [pyrage.ssh.Identity.from_buffer(self.secret())])


def open_with_passphrase(sealed, passphrase):
    return pyrage.passphrase.decrypt(sealed, passphrase)


def age_with_key(folder, sealed, secret):
    """What `age` makes of the file with this private key."""
    key, file = folder / "key", folder / "file.age"
    key.write_bytes(secret)
    file.write_bytes(sealed)
    return subprocess.run([AGE, "-d", "-i", key, file], capture_output=True)


def age_with_passphrase(folder, sealed, passphrase):
    """What `age` makes of the file; it asks for a passphrase at a terminal only."""
    file, opened = folder / "file.age", folder / "opened"
    file.write_bytes(sealed)
    opened.unlink(missing_ok=True)
    child, terminal = pty.fork()
    if child == 0:
        os.execv(AGE, ["age", "-d", "-o", str(opened), str(file)])  # noqa: S606 -- no shell is wanted
    told = b""
    try:
        while piece := os.read(terminal, 1024):
            told += piece
            if b"passphrase" in told and passphrase is not None:
                os.write(terminal, passphrase.encode() + b"\n")
                passphrase = None
    except OSError:
        pass  # the terminal's end on Linux
    finally:
        os.close(terminal)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), opened.read_bytes() if opened.exists() else b""
