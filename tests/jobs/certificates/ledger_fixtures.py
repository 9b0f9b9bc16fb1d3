"""A platform with one course, its batches, an issuer, and pictures to attach."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from jobs.certificates.associations.job import attach
from jobs.certificates.issuers.job import IssuerOrder, add_issuer
from jobs.certificates.orders import Order
from jobs.contracts.learning import BATCHES, COLLECTIONS

NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MERIT_RULE = '{"enrollment":{"status":2},"assessment":{"score":{">=":80}}}'


def png(width=300, height=100, text="signed", **options) -> bytes:
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(image).text((10, 10), text, fill=(0, 0, 120, 255))
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


@pytest.fixture
def pictures(tmp_path) -> Path:
    """A folder with artwork.png, and the signatures of asha.png and ravi.png."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "artwork.png").write_bytes(png(900, 600, "artwork"))
    (folder / "other.png").write_bytes(png(900, 600, "other artwork"))
    (folder / "asha.png").write_bytes(png(text="asha"))
    (folder / "ravi.png").write_bytes(png(text="ravi"))
    return folder


@pytest.fixture
def platform(publish_rows):
    """Course do_1 with batches b1 and b2 of north, b3 of south, b4 of both, b5 of nobody."""
    tenants = {
        "b1": ["north"],
        "b2": ["north"],
        "b3": ["south"],
        "b4": ["north", "south"],
        "b5": [],
    }
    publish_rows(
        BATCHES,
        [
            {"batch_id": batch_id, "collection_id": "do_1", "created_for": created_for, "status": 1}
            for batch_id, created_for in tenants.items()
        ]
        + [{"batch_id": "b6", "collection_id": "do_2", "created_for": ["north"], "status": 2}],
        data_as_of=NOW - DAY,
    )
    publish_rows(
        COLLECTIONS,
        [
            {"collection_id": "do_1", "collection_name": "Reading", "status": "Live"},
            {"collection_id": "do_2", "collection_name": "Retired", "status": "Retired"},
        ],
        data_as_of=NOW - DAY,
    )


@pytest.fixture
def register(store, objects, pictures, platform):
    """Issuer `scert` of north with the signatory Asha, and `diet` of south without any."""
    add_issuer(
        store, objects,
        IssuerOrder(
            "scert", "meena", "new", tenant_id="north", name="SCERT North", signatory="Asha Rao",
            designation="Director", signature=pictures / "asha.png",
        ),
        now=NOW,
    )  # fmt: skip
    add_issuer(
        store, objects, IssuerOrder("diet", "meena", "new", tenant_id="south", name="DIET"), now=NOW
    )


@pytest.fixture
def order(pictures, register):
    """order(**changes) -> Order: a completion certificate for course do_1 within north."""

    def made(**changes):
        whole = {
            "certificate_type": "completion", "by": "meena", "reason": "asked for by the state",
            "course_id": "do_1", "tenant_id": "north", "template_id": "do_t1",
            "template_name": "Completion", "artwork": pictures / "artwork.png",
            "issuer_id": "scert",
        }  # fmt: skip
        if "batch_id" in changes:
            whole |= {"course_id": None, "tenant_id": None}
        return Order(**(whole | changes))

    return made


@pytest.fixture
def attached(store, objects, order):
    """attached(at=..., **changes) -> the version that an attach opened."""

    def done(at=NOW, **changes):
        [version] = attach(store, objects, order(**changes), now=at).begun
        return version

    return done
