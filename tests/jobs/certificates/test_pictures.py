"""Pictures are scaled down on entry, upright and bare, and what is no picture is refused."""

import base64
import io
import random
import zlib

import pytest
from PIL import Image

from jobs.certificates.pictures import MOST_BYTES, SIZES, in_data_url, picture
from jobs.errors import RequestError
from tests.jobs.certificates.ledger_fixtures import png


def noise(width, height, form="PNG", **options):
    image = Image.frombytes("RGB", (width, height), random.Random(6).randbytes(width * height * 3))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def kept(given, kind="signature"):
    return picture(given, kind=kind, where="of the test")


def refusal(given, kind="signature"):
    with pytest.raises(RequestError) as refused:
        kept(given, kind)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["artwork", "signature"])
def test_case_52_a_picture_of_4_700_000_bytes_becomes_small_whatever_is_in_it(kind):
    given = noise(1260, 1250)
    small = kept(given, kind)

    assert len(given) > 4_700_000
    assert len(small.content) <= MOST_BYTES[kind]
    assert small.width <= SIZES[kind][0]
    assert small.height <= SIZES[kind][1]
    assert Image.open(io.BytesIO(small.content)).size == (small.width, small.height)
    assert small.source_byte_count == len(given)


def test_signature_keeps_its_transparency_and_small_pictures_their_size():
    small = kept(png(300, 100))

    assert (small.width, small.height, small.ending) == (300, 100, "png")
    assert Image.open(io.BytesIO(small.content)).has_transparency_data


def test_same_picture_has_the_same_key_and_another_one_another():
    assert kept(png()).object_key == kept(png()).object_key != kept(png(text="other")).object_key


def test_photo_lying_on_its_side_is_turned_and_what_the_camera_wrote_is_gone():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera with a place in it"
    turned = kept(noise(200, 100, "JPEG", exif=exif), "artwork")

    assert (turned.width, turned.height) == (100, 200)
    assert b"camera" not in turned.content


def bomb(width, height):
    """A PNG of a few bytes that says it is this large."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunk = (
        len(head).to_bytes(4, "big")
        + b"IHDR"
        + head
        + zlib.crc32(b"IHDR" + head).to_bytes(4, "big")
    )
    data = zlib.compress(bytes(1000))
    body = (
        len(data).to_bytes(4, "big")
        + b"IDAT"
        + data
        + zlib.crc32(b"IDAT" + data).to_bytes(4, "big")
    )
    return b"\x89PNG\r\n\x1a\n" + chunk + body


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (b"", "no PNG or JPEG"),
        (b"<svg/>", "no PNG or JPEG"),
        (b"GIF89a" + bytes(20), "no PNG or JPEG"),
        (png()[:200], "a damaged picture"),
        (png(12, 200), "too small to print"),
        (bomb(60_000, 60_000), "(3600000000 pixels) exceeds"),
        (bomb(12_000, 8_000), "12000 x 8000 pixels"),
        (bytes(21 << 20), "at most 20 MB are read"),
    ],
    ids=["empty", "svg", "gif", "torn", "tiny", "bomb", "large", "heavy"],
)
def test_what_cannot_be_printed_is_refused_by_name(given, found):
    said = refusal(given)

    assert "The signature of the test promised a PNG or JPEG picture" in said
    assert found in said


def test_picture_written_into_a_row_is_found_there():
    assert in_data_url("data:image/png;base64," + base64.b64encode(png()).decode()) == png()
    assert in_data_url("https://state.example/signature.png") is None
    assert in_data_url("data:image/png;base64,%%%") == b""
