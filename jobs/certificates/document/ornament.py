"""The page where a template brings no artwork: a frame, a fine rosette, and a seal."""

from __future__ import annotations

from math import cos, pi, sin

from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfgen.canvas import Canvas

from jobs.certificates.document.layout import GOLD, HEIGHT, MIDDLE, NAVY, SEAL, WIDTH

PETALS = 18
TURNS = 9
TINT = "#f1ece0"
SEAL_TEETH = 36


def draw_ornament(canvas: Canvas, *, is_merit: bool) -> None:
    rosette(canvas, MIDDLE, HEIGHT / 2 + 8, 212)
    frame(canvas)
    canvas.setStrokeColor(HexColor(GOLD))
    canvas.setLineWidth(0.8)
    canvas.line(MIDDLE - 190, 308, MIDDLE + 190, 308)
    seal(canvas, *SEAL, is_merit=is_merit)


def frame(canvas: Canvas) -> None:
    canvas.setStrokeColor(HexColor(NAVY))
    canvas.setLineWidth(5)
    canvas.rect(20, 20, WIDTH - 40, HEIGHT - 40)
    canvas.setStrokeColor(HexColor(GOLD))
    canvas.setLineWidth(0.9)
    canvas.rect(28, 28, WIDTH - 56, HEIGHT - 56)
    for x, right in ((28, 1), (WIDTH - 28, -1)):
        for y, up in ((28, 1), (HEIGHT - 28, -1)):
            corner(canvas, x, y, right, up)


def corner(canvas: Canvas, x: float, y: float, right: int, up: int) -> None:
    """Quarter rings and a dot, drawn inwards."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(right, up)
    canvas.setFillColor(white)
    canvas.setStrokeColor(HexColor(GOLD))
    for radius, line in ((26, 0.9), (20, 0.5)):
        canvas.setLineWidth(line)
        path = canvas.beginPath()
        path.moveTo(radius, 0)
        path.curveTo(radius, radius * 0.55, radius * 0.55, radius, 0, radius)
        if line > 0.6:
            path.lineTo(-0.8, radius)
            path.lineTo(-0.8, -0.8)
            path.lineTo(radius, -0.8)
            canvas.drawPath(path, fill=1, stroke=0)
        canvas.drawPath(path, fill=0, stroke=1 if line < 0.6 else 0)
        arc = canvas.beginPath()
        arc.moveTo(radius, 0)
        arc.curveTo(radius, radius * 0.55, radius * 0.55, radius, 0, radius)
        canvas.drawPath(arc, fill=0, stroke=1)
    canvas.setFillColor(HexColor(NAVY))
    canvas.circle(8, 8, 3.2, fill=1, stroke=0)
    canvas.restoreState()


def rosette(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Waves wound round a ring, as on bank notes: fine, and behind everything."""
    canvas.setStrokeColor(HexColor(TINT))
    canvas.setLineWidth(0.5)
    steps = PETALS * 12
    for turn in range(TURNS):
        path = canvas.beginPath()
        for step in range(steps + 1):
            angle = 2 * pi * step / steps
            far = radius * (0.8 + 0.2 * sin(PETALS * angle + 2 * pi * turn / TURNS))
            point = (x + far * cos(angle), y + far * sin(angle))
            (path.lineTo if step else path.moveTo)(*point)
        canvas.drawPath(path, fill=0, stroke=1)


def seal(canvas: Canvas, x: float, y: float, *, is_merit: bool) -> None:
    """A scalloped disc: with a star for merit, with a tick for completion; two ribbons below."""
    canvas.setFillColor(HexColor(NAVY))
    for lean in (-1, 1):
        ribbon = canvas.beginPath()
        for dx, dy in ((4, -18), (20, -46), (11, -44), (5, -51), (-6, -20)):
            (ribbon.lineTo if dx != 4 else ribbon.moveTo)(x + lean * dx, y + dy)
        ribbon.close()
        canvas.drawPath(ribbon, fill=1, stroke=0)
    canvas.setFillColor(HexColor(GOLD))
    teeth = canvas.beginPath()
    for step in range(SEAL_TEETH * 2):
        angle = pi * step / SEAL_TEETH
        far = 32 if step % 2 else 29
        (teeth.lineTo if step else teeth.moveTo)(x + far * cos(angle), y + far * sin(angle))
    teeth.close()
    canvas.drawPath(teeth, fill=1, stroke=0)
    canvas.setStrokeColor(white)
    canvas.setLineWidth(1)
    canvas.circle(x, y, 24, fill=0, stroke=1)
    canvas.setFillColor(Color(1, 1, 1))
    mark = canvas.beginPath()
    for step, point in enumerate(star() if is_merit else TICK):
        (mark.lineTo if step else mark.moveTo)(x + point[0], y + point[1])
    mark.close()
    canvas.drawPath(mark, fill=1, stroke=0)


TICK = ((-13, 0), (-9.5, 3.5), (-3.5, -2.5), (9.5, 10.5), (13, 7), (-3.5, -9.5))


def star() -> tuple[tuple[float, float], ...]:
    points = []
    for step in range(10):
        far = 17.0 if step % 2 == 0 else 7.0
        angle = pi / 2 + pi * step / 5
        points.append((far * cos(angle), far * sin(angle)))
    return tuple(points)
