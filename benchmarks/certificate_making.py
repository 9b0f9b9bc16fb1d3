"""`python -m benchmarks.certificate_making COUNT HOME`: make so many certificates and drop them."""

import io
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from jobs.certificates.document.facts import (
    Assets,
    Facts,
    Issuer,
    Signatory,
    Template,
    certificate_id_of,
)
from jobs.certificates.document.job import Order, certificates_of
from jobs.certificates.document.paper import Certificate
from jobs.certificates.signing.job import open_desk
from jobs.settings import Settings

ADDRESS = "https://certificates.example.gov.in"
COURSE = "Foundational Literacy and Numeracy: a course for teachers of classes 1 to 3"
# Half in Latin letters, as on the platform; every other script of India in turn.
LATIN = ("Asha", "Ravi", "Fatima", "Venkata", "Gurpreet", "Lakshmi", "Joseph", "Mahesh")
OTHERS = (
    "श्रीनिवास क्षत्रिय", "ঐন্দ্রিলা চট্টোপাধ্যায়", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "જ્યોત્સના ત્રિવેદી",
    "ଜ୍ୟୋତ୍ସ୍ନା ମହାପାତ୍ର", "ஸ்ரீனிவாசன்", "వేంకటేశ్వర్లు",
    "ಕೃಷ್ಣಮೂರ್ತಿ", "കൃഷ്ണൻകുട്ടി", "محمد عبداللہ خان", "ꯃꯩꯇꯩ ꯂꯩꯃꯥ", "ᱥᱟᱱᱛᱟᱲᱤ",
)  # fmt: skip
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def signature() -> bytes:
    """A drawn hand on nothing, 480 x 160."""
    image = Image.new("RGBA", (480, 160))
    points = [(20 + 11 * step, 80 + (step * 37 % 97) - 48) for step in range(41)]
    ImageDraw.Draw(image).line(points, fill=(20, 30, 110, 255), width=5, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def orders(count: int) -> Iterator[Order]:
    template = Template(
        "do_t1", "v1", "Certificate of Completion", "completion",
        Issuer("State Council of Educational Research and Training", "https://scert.example"),
        Signatory("Dr. Ratan Kumar", "Director"),
    )  # fmt: skip
    assets = Assets(signature=signature())
    chance = random.Random(7)
    for number in range(count):
        family = OTHERS[number // 2 % len(OTHERS)] if number % 2 else chance.choice(LATIN)
        name = f"{family} {chance.choice(LATIN if number % 2 == 0 else (family,))}"
        user = f"user-{number}"
        number_of = certificate_id_of(user, "do_1", "b1", "do_t1")
        at = BEGAN + timedelta(seconds=number)
        yield Facts(number_of, user, name, "do_1", COURSE, "b1", at), template, assets


def main() -> None:
    count, home = int(sys.argv[1]), Path(sys.argv[2])
    desk = open_desk(Settings(home=home, certificates_url=ADDRESS))
    made = sum(
        isinstance(outcome, Certificate) for _, outcome in certificates_of(orders(count), desk)
    )
    assert made == count, f"{count - made} of {count} were held"


if __name__ == "__main__":
    main()
