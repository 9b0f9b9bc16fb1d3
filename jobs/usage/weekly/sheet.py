"""The weekly summary as a PDF: trends on its first page, ratios and courses on its second."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from jobs.delivery.wording import grouped, share
from jobs.usage.weekly import plots
from jobs.usage.weekly.figures import (
    CLIENT_NAMES,
    Figure,
    Row,
    Week,
    caution,
    certificate_words,
    decimal,
    report_words,
    usage_words,
)
from jobs.usage.weekly.text import faces, write, write_line

WIDTH, HEIGHT = A4
EDGE = 42.0
ROOM = WIDTH - 2 * EDGE
BLUE, INK, MUTED, LINE, PALE = "#00527a", "#1f2933", "#616e7c", "#d5dbe1", "#f1f5f8"
PLOT_HEIGHT = 190.0
ROW_HEIGHT = 19.0


def summary_pdf(week: Week, *, sender_name: str, made_at: str) -> bytes:
    """Two pages, the same bytes for the same week and words."""
    page = io.BytesIO()
    faces()
    canvas = Canvas(page, pagesize=A4, invariant=1, initialFontName="NotoSans-Regular")
    canvas.setTitle(f"Usage of the week {week.title}")
    canvas.setAuthor(sender_name)
    draw_trends(canvas, week, sender_name)
    foot(canvas, made_at, 1)
    canvas.showPage()
    draw_ratios(canvas, week)
    foot(canvas, made_at, 2)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def draw_trends(canvas: Canvas, week: Week, sender_name: str) -> None:
    canvas.setFillColor(HexColor(BLUE))
    canvas.rect(0, HEIGHT - 88, WIDTH, 88, stroke=0, fill=1)
    write(canvas, sender_name, EDGE, HEIGHT - 22, ROOM, size=10, colour="#cfe3ee")
    write(
        canvas, f"Usage of the week {week.title}", EDGE, HEIGHT - 40, ROOM,
        size=21, colour="#ffffff", is_bold=True,
    )  # fmt: skip
    top = write(canvas, usage_words(week), EDGE, HEIGHT - 104, ROOM, size=11)
    warning = caution(week)
    if warning:
        top = write(canvas, warning, EDGE, top - 3, ROOM, size=9.5, colour="#8a5a00")
    top = draw_tiles(canvas, week.figures, top - 12)
    size = (ROOM, PLOT_HEIGHT)
    top = titled(canvas, "QR code scans a day", top - 20)
    top = draw_plot(canvas, plots.scans_plot(week.rows, week.first_on, size), top)
    top = titled(canvas, "Content plays a day, by platform", top - 16)
    draw_plot(canvas, plots.plays_plot(week.rows, week.first_on, size), top)


def draw_tiles(canvas: Canvas, figures: Sequence[Figure], top: float) -> float:
    gap, height = 10.0, 64.0
    width = (ROOM - 2 * gap) / 3
    for number, figure in enumerate(figures):
        x = EDGE + (number % 3) * (width + gap)
        y = top - (number // 3) * (height + gap)
        canvas.setFillColor(HexColor(PALE))
        canvas.roundRect(x, y - height, width, height, 5, stroke=0, fill=1)
        write(canvas, figure.name, x + 10, y - 6, width - 20, size=9, colour=MUTED)
        write(canvas, grouped(figure.now), x + 10, y - 18, width - 20, size=19, colour=BLUE,
              is_bold=True)  # fmt: skip
        write(canvas, figure.change, x + 10, y - 46, width - 20, size=8.5, colour=MUTED)
    return top - 2 * height - gap


def titled(canvas: Canvas, title: str, top: float) -> float:
    return write(canvas, title, EDGE, top, ROOM, size=12, is_bold=True)


def draw_plot(canvas: Canvas, png: bytes, top: float, height: float = PLOT_HEIGHT) -> float:
    canvas.drawImage(ImageReader(io.BytesIO(png)), EDGE, top - height, ROOM, height)
    return top - height


def draw_ratios(canvas: Canvas, week: Week) -> None:
    top = titled(canvas, "Certificates: how many are downloaded", HEIGHT - 36)
    top = write(canvas, certificate_words(week), EDGE, top - 3, ROOM)
    top = draw_clients(canvas, week.certificates, top - 6)
    top = titled(canvas, "Progress reports: downloads per batch", top - 14)
    top = write(canvas, report_words(week), EDGE, top - 3, ROOM)
    top = draw_tenants(canvas, week.rows.tenants, top - 6)
    top = titled(canvas, "Ratios to date", top - 14)
    height = 112.0
    top = draw_plot(
        canvas, plots.ratios_plot(week.rows, week.first_on, (ROOM, height)), top, height
    )
    top = titled(canvas, "Courses with most certificate downloads this week", top - 12)
    draw_courses(canvas, week.rows.top_courses, top - 4)


def draw_clients(canvas: Canvas, rows: Sequence[Row], top: float) -> float:
    known = [row for row in rows if row["client"] in CLIENT_NAMES]
    ordered = sorted(known, key=lambda row: list(CLIENT_NAMES).index(row["client"]))
    heads = ("Client", "Downloads", "Ratio", "Downloaded once", "Course known")
    return draw_table(
        canvas,
        heads,
        [
            (
                CLIENT_NAMES[row["client"]],
                grouped(row["download_count"]),
                decimal(row["download_ratio"]),
                percent(row["unique_download_ratio"]),
                percent(row["coverage_ratio"]),
            )
            for row in ordered[:5]
        ],
        top,
    )


def draw_tenants(canvas: Canvas, rows: Sequence[Row], top: float) -> float:
    heads = ("Tenant", "Batches", "Downloads", "Per batch", "Mailed per batch")
    return draw_table(
        canvas,
        heads,
        [
            (
                row["tenant_name"] or row["channel"],
                grouped(row["batch_count"]),
                grouped(row["download_count"]),
                decimal(row["download_ratio"]),
                decimal(row["delivered_ratio"]),
            )
            for row in rows[:5]
        ],
        top,
    )


def draw_courses(canvas: Canvas, rows: Sequence[Row], top: float) -> None:
    if not rows:
        write(canvas, "Nobody downloaded a certificate this week.", EDGE, top, ROOM, colour=MUTED)
        return
    most = max(row["download_count"] for row in rows)
    bar_x, bar_room = EDGE + 262, 92.0
    for row in rows:
        write_line(canvas, row["course_name"] or row["course_id"], EDGE, top, 250)
        canvas.setFillColor(HexColor(BLUE))
        length = max(2.0, bar_room * row["download_count"] / most)
        canvas.rect(bar_x, top - 12, length, 8, stroke=0, fill=1)
        write(canvas, grouped(row["download_count"]), bar_x + length + 5, top, 60, is_bold=True)
        told = f"{percent(row['unique_download_ratio'])} of {grouped(row['issued_count'])} issued"
        write(canvas, told, WIDTH - EDGE - 130, top, 130, colour=MUTED, is_right=True)
        top -= ROW_HEIGHT


def draw_table(
    canvas: Canvas, heads: Sequence[str], rows: Sequence[Sequence[str]], top: float
) -> float:
    first = 200.0
    width = (ROOM - first) / (len(heads) - 1)
    places = [EDGE, *(EDGE + first + n * width for n in range(len(heads) - 1))]
    for x, head in zip(places, heads, strict=True):
        is_name = x == EDGE
        write(canvas, head, x, top, first if is_name else width, size=8.5, colour=MUTED,
              is_right=not is_name)  # fmt: skip
    top -= 15
    rule(canvas, top)
    for row in rows:
        write_line(canvas, row[0], EDGE, top - 2, first)
        for x, cell in zip(places[1:], row[1:], strict=True):
            write(canvas, cell, x, top - 2, width, is_right=True)
        top -= ROW_HEIGHT
        rule(canvas, top)
    return top


def rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.line(EDGE, y, WIDTH - EDGE, y)


def foot(canvas: Canvas, made_at: str, number: int) -> None:
    rule(canvas, 38)
    words = f"Days are days in India. Counted {made_at}. Tables and meanings: docs/tables.md"
    write(canvas, words, EDGE, 34, ROOM - 60, size=8, colour=MUTED)
    write(canvas, f"{number} of 2", WIDTH - EDGE - 60, 34, 60, size=8, colour=MUTED, is_right=True)


def percent(ratio: float | None) -> str:
    return "–" if ratio is None else share(round(ratio * 10_000), 10_000)
