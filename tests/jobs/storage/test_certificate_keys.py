"""The keys that sign certificates: made once, kept private, rotated without losing any."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from jobs.errors import SettingsError
from jobs.storage.certificate_keys import certificate_keys, rotate, thumbprint

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
# The example of RFC 7638, section 3.1.
MODULUS = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY"
    "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
    "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
)


def pem_of(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_first_call_makes_a_key_and_every_later_one_finds_it(make_settings):
    settings = make_settings()
    with ThreadPoolExecutor(4) as pool:
        kids = {held.kid for held in pool.map(certificate_keys, [settings] * 4)}
    assert len(kids) == 1
    (file,) = (settings.home / "secrets" / "certificate_keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_after_a_rotation_the_new_key_signs_and_the_old_one_still_verifies(make_settings):
    settings = make_settings()
    old = certificate_keys(settings)
    kid = rotate(settings, NOW)
    held = certificate_keys(settings)
    assert held.kid == kid != old.kid
    assert held.public_pems.keys() == {kid, old.kid}
    assert held.public_pems[old.kid] == old.public_pems[old.kid]


def test_a_retired_key_may_be_kept_by_its_public_half_alone(make_settings):
    settings = make_settings()
    old = certificate_keys(settings)
    rotate(settings, NOW)
    first = settings.home / "secrets" / "certificate_keys" / "00000000T000000Z.pem"
    first.write_bytes(old.public_pems[old.kid])
    held = certificate_keys(settings)
    assert held.kid != old.kid
    assert old.kid in held.public_pems


def test_a_keys_id_is_that_of_the_standard():
    from base64 import urlsafe_b64decode

    modulus = int.from_bytes(urlsafe_b64decode(MODULUS + "=="), "big")
    key = rsa.RSAPublicNumbers(65537, modulus).public_key()
    assert thumbprint(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize(
    "pem",
    [
        b"-----BEGIN nonsense",
        pem_of(ec.generate_private_key(ec.SECP256R1())),
        pem_of(rsa.generate_private_key(65537, 1024)),  # noqa: S505 -- to be refused
    ],
)
def test_a_file_that_is_no_key_for_certificates_is_named(make_settings, tmp_path, pem):
    (tmp_path / "20260101T000000Z.pem").write_bytes(pem)
    with pytest.raises(SettingsError, match=r"20260101T000000Z\.pem promised an RSA key"):
        certificate_keys(make_settings(certificate_keys=tmp_path))


def test_a_folder_of_the_operators_is_never_filled_by_us(make_settings, tmp_path):
    with pytest.raises(SettingsError, match="openssl genrsa"):
        certificate_keys(make_settings(certificate_keys=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_keys_do_not_show_themselves(make_settings):
    held = certificate_keys(make_settings())
    assert "PRIVATE" not in repr(held)
    assert load_pem_private_key(held.private_pem, None).key_size == 2048
