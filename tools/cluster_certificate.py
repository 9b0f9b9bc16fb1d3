"""The mail catcher's certificate and the authority that signed it, made once into a folder.

`python -m tools.cluster_certificate FOLDER` writes authority.pem, mail.pem and mail.key. The
authority's own key is thrown away: it can sign nothing else.
"""

import ipaddress
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEARS = 5
NAMES = [
    x509.DNSName("mail"),
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
]


def make_certificate(folder: Path) -> bool:
    """Whether it had to be made."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "authority.pem").is_file():
        return False
    authority_key = ec.generate_private_key(ec.SECP256R1())
    own_name = name_of("Sunbird Batch mail catcher")
    authority = (
        builder(own_name, own_name, authority_key.public_key(), authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        builder(name_of("mail"), own_name, key.public_key(), authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "mail.key").touch(mode=0o600)
    (folder / "mail.key").write_bytes(private)
    (folder / "mail.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    # The last one says that all are there.
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return True


def name_of(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
    )


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("python -m tools.cluster_certificate FOLDER", file=sys.stderr)
        return 2
    made = make_certificate(Path(arguments[0]))
    print(f"The mail catcher's certificate is {'made' if made else 'there'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
