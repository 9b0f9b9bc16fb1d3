"""Certificates: how many a second, whether memory stays flat, and reportlab as usually written."""

import io
from collections.abc import Iterator
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.certificate_making import ADDRESS, COURSE, signature
from benchmarks.measure import cost_of, seconds_of
from jobs.certificates.document.typefaces import FONTS

SIZES = (20_000, 100_000)
USUAL = 100


def run(folder: Path) -> Iterator[str]:
    """The whole command, start of Python included; then the usual way, unshaped, on one process."""
    for size in SIZES:
        cost = cost_of(["benchmarks.certificate_making", str(size), str(folder)], {})
        yield (
            f"| {size:,} certificates in 13 scripts on 2 processes, with QR code, signature picture"
            f" and signed credential | {cost}; {size / cost.seconds:.0f} a second | one run |"
        )
    seconds = seconds_of(3, lambda: [usual(number) for number in range(USUAL)])
    yield (
        f"| the page alone as reportlab is usually written (unshaped, no credential), one process |"
        f" {USUAL / seconds:.0f} a second | median of 3 runs of {USUAL} |"
    )


def usual(number: int) -> bytes:
    """What the guide of reportlab shows: a canvas, fonts, pictures and a code for each file."""
    for name in ("NotoSans-Regular", "NotoSans-Bold"):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=landscape(A4))
    canvas.rect(20, 20, 800, 555)
    canvas.setFont("NotoSans-Bold", 36)
    canvas.drawCentredString(421, 440, "Certificate of Completion")
    canvas.drawCentredString(421, 340, f"Asha Patel {number}")
    canvas.setFont("NotoSans-Regular", 14)
    for y, text in ((480, "Council of Education"), (250, COURSE), (190, "in November 2026")):
        canvas.drawCentredString(421, y, text)
    canvas.drawImage(ImageReader(io.BytesIO(signature())), 97, 94, 150, 48, mask="auto")
    code = Drawing(84, 84)
    code.add(QrCodeWidget(f"{ADDRESS}/certificates/{number:036d}", barWidth=84, barHeight=84))
    renderPDF.draw(code, canvas, 680, 68)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
