"""Certificates for tests: one desk, one template, a name in every script of India."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import pypdfium2
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from PIL import Image

from jobs.certificates.document.desk import Desk, private_key
from jobs.certificates.document.facts import (
    Assets,
    Facts,
    Issuer,
    Signatory,
    Template,
    certificate_id_of,
)
from jobs.certificates.document.paper import make_certificate

PUBLIC_URL = "https://certificates.example.gov.in"
COMPLETED_AT = datetime(2026, 1, 31, 19, 0, tzinfo=UTC)
TEMPLATE = Template(
    template_id="do_t1",
    version_id="v1",
    name="Certificate of Completion",
    certificate_type="completion",
    issuer=Issuer("Gujarat Council of Educational Research", "https://gcert.example.gov.in"),
    signatory=Signatory("Dr. Ratan Kumar", "Director"),
)
NO_PICTURES = Assets()
NAMES = {
    "Deva": "क्षत्रिय श्रीनिवास कुर्ज्ञ दृष्टि",
    "Beng": "শ্রীমতী ঐন্দ্রিলা চট্টোপাধ্যায়",
    "Guru": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ਢਿੱਲੋਂ",
    "Gujr": "શ્રીમતી જ્યોત્સના ત્રિવેદી",
    "Orya": "ଶ୍ରୀମତୀ ଜ୍ୟୋତ୍ସ୍ନା ମହାପାତ୍ର",
    "Taml": "கொ ஸ்ரீனிவாசன் பௌர்ணமி",
    "Telu": "శ్రీమతి జ్యోత్స్న వేంకటేశ్వర్లు",
    "Knda": "ಶ್ರೀಮತಿ ಜ್ಯೋತ್ಸ್ನಾ ಕೃಷ್ಣಮೂರ್ತಿ",
    "Mlym": "ശ്രീമതി ജ്യോത്സ്ന കൃഷ്ണൻകുട്ടി",
    "Arab": "محمد عبداللہ خان",
    "Mtei": "ꯃꯩꯇꯩ ꯂꯩꯃꯥ ꯆꯅꯨ",
    "Olck": "ᱥᱟᱱᱛᱟᱲᱤ ᱢᱩᱨᱢᱩ",
    "Latn": "Śrīnivāsa Ṭhākur D’Souza",
}


@lru_cache
def desk():
    key = generate_private_key(65537, 2048)
    return Desk(
        PUBLIC_URL,
        "kid-1",
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "help@example.gov.in",
    )


def public_pem(of=None):
    key = private_key((of or desk()).private_pem).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def facts_of(name="Asha Patel", course="Foundational Literacy", user="asha", at=COMPLETED_AT):
    number = certificate_id_of(user, "do_1", "b1", "do_t1")
    return Facts(number, user, name, "do_1", course, "b1", at)


def certificate_of(name="Asha Patel", template=TEMPLATE, assets=NO_PICTURES, **facts):
    return make_certificate(facts_of(name, **facts), template, assets, desk())


def template_of(**changed):
    return replace(TEMPLATE, **changed)


def drawn(pdf, scale=2.0):
    """The page as a picture, drawn by another program than ours."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return document[0].render(scale=scale).to_pil().convert("RGB")


def lines_of(pdf):
    """The text as a reader would copy it."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    return [line.strip() for line in text.splitlines()]


def png(width=300, height=100, mode="RGB", colour="navy"):
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()
