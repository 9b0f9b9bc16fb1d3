"""Where everything stands on the page, in points from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4, landscape

from jobs.certificates.document.fitting import Box

PAGE = landscape(A4)
WIDTH, HEIGHT = PAGE
MIDDLE = WIDTH / 2
INK = "#1c2b3a"
NAVY = "#17365d"
GOLD = "#a8843c"
GREY = "#5c6773"


@dataclass(frozen=True)
class Place:
    """A rectangle: its lower left corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """The boxes of what is told of a learner, with the colours of their text; None: not printed."""

    name: Box | None
    course: Box | None
    month: Box | None
    number: Box | None
    code: Place | None
    colours: dict[str, str] = field(default_factory=dict)


ISSUER = Box(MIDDLE, 470, 498, 640, 15, (10, 8), "sans")
TITLE = Box(MIDDLE, 414, 466, 640, 36, (20, 14, 9), "serif")
OPENING = Box(MIDDLE, 388, 408, 600, 11.5, (8,), "sans")
SAYING = Box(MIDDLE, 282, 302, 600, 11.5, (8,), "sans")
SIGNATORY = Box(172, 74, 88, 210, 10.5, (6, 5), "sans")
DESIGNATION = Box(172, 52, 74, 210, 8.5, (6.5, 5, 4), "sans")
SCAN = Box(WIDTH - 119, 50, 64, 100, 7.5, (5,), "sans")
SIGNATURE = Place(97, 94, 150, 48)
SIGNATURE_RULE = (77, 90, 267)
SEAL = (MIDDLE, 104)

STANDARD = Layout(
    name=Box(MIDDLE, 316, 386, 640, 40, (22, 15, 10), "serif"),
    course=Box(MIDDLE, 208, 278, 600, 24, (15, 12, 9, 6.5), "serif"),
    month=Box(MIDDLE, 178, 202, 400, 13, (9,), "sans"),
    number=Box(MIDDLE, 40, 54, 400, 7.5, (5,), "sans"),
    code=Place(WIDTH - 161, 76, 84, 84),
    colours={"name": NAVY, "course": INK, "month": INK, "number": GREY},
)
