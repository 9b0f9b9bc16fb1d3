"""The plots of the weekly summary as PNG, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from matplotlib.ticker import FuncFormatter, MaxNLocator

from jobs.delivery.chart import script_fonts
from jobs.delivery.wording import grouped
from jobs.usage.weekly.figures import MONTHS, TREND, WEEK, Row, Rows

INK, MUTED, LINE = "#1f2933", "#616e7c", "#e4e7eb"
BLUE, SKY, ORANGE, GREY = "#00527a", "#5aa9d6", "#d98200", "#8a8f98"
DOTS_PER_INCH = 220
POINTS = 72


def scans_plot(rows: Rows, first_on: date, size: tuple[float, float]) -> bytes:
    """Scans that found something and scans that did not, a bar a day."""
    picture, axes = empty(size)
    every = [row for row in rows.usage if row["platform"] == "all"]
    days = [row["day"] for row in every]
    found = [row["successful_scan_count"] for row in every]
    failed = [row["failed_scan_count"] for row in every]
    axes.bar(days, found, width=0.74, color=BLUE, label="found something")
    axes.bar(days, failed, width=0.74, bottom=found, color=ORANGE, label="found nothing")
    return finished(picture, axes, first_on)


def plays_plot(rows: Rows, first_on: date, size: tuple[float, float]) -> bytes:
    """Plays a day, the platforms on top of each other."""
    picture, axes = empty(size)
    days = sorted({row["day"] for row in rows.usage})
    layers = [
        ([count_of(rows.usage, day, platform) for day in days], colour, name)
        for platform, colour, name in (
            ("app", BLUE, "mobile app"),
            ("portal", SKY, "portal"),
            ("desktop", GREY, "desktop app"),
        )
    ]
    shown = [layer for layer in layers if any(layer[0])]
    if shown:
        axes.stackplot(
            days,
            [layer[0] for layer in shown],
            colors=[layer[1] for layer in shown],
            labels=[layer[2] for layer in shown],
            linewidth=0,
        )
    return finished(picture, axes, first_on)


def ratios_plot(rows: Rows, first_on: date, size: tuple[float, float]) -> bytes:
    """Both ratios to date, a line each."""
    picture, axes = empty(size)
    every = [row for row in rows.certificates if row["client"] == "all"]
    for name, colour, label in (
        ("unique_download_ratio", BLUE, "certificates downloaded"),
        ("download_ratio", SKY, "downloads per certificate"),
    ):
        draw_line(axes, every, name, colour, label)
    draw_line(axes, rows.reports, "download_ratio", ORANGE, "reports per batch")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.2g}"))
    return finished(picture, axes, first_on, whole_numbers=False)


def draw_line(axes: Axes, rows: Sequence[Row], name: str, colour: str, label: str) -> None:
    told = [(row["day"], row[name]) for row in rows if row[name] is not None]
    if told:
        days, ratios = zip(*told, strict=True)
        axes.plot(days, ratios, color=colour, linewidth=2, label=label)
        axes.plot(days[-1:], ratios[-1:], "o", color=colour, markersize=4)


def count_of(rows: Sequence[Row], day: date, platform: str) -> int:
    return sum(r["play_count"] for r in rows if r["day"] == day and r["platform"] == platform)


def empty(size: tuple[float, float]) -> tuple[Picture, Axes]:
    width, height = size
    picture = Picture(figsize=(width / POINTS, height / POINTS), dpi=DOTS_PER_INCH)
    FigureCanvasAgg(picture)
    axes = picture.add_axes((0.075, 0.15, 0.915, 0.69))
    return picture, axes


def before(day: date) -> datetime:
    """Half a day before: the left side of a day's bar."""
    return datetime.combine(day, time()) - timedelta(hours=12)


def finished(
    picture: Picture,
    axes: Axes,
    first_on: date,
    *,
    whole_numbers: bool = True,
) -> bytes:
    axes.axvspan(before(first_on), before(first_on + WEEK), color="#fff4d6", zorder=0, linewidth=0)  # type: ignore[arg-type]
    axes.set_xlim(before(first_on - TREND), before(first_on + WEEK))  # type: ignore[arg-type]
    mondays = [first_on - TREND + n * WEEK for n in range(TREND // WEEK + 1)]
    axes.set_xticks(mondays, [f"{day.day} {MONTHS[day.month - 1]}" for day in mondays])  # type: ignore[arg-type]
    axes.set_ylim(bottom=0)
    if whole_numbers:
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: grouped(int(value))))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(4))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, length=0)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(script_fonts(8.0))
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False,
            prop=script_fonts(8.5), labelcolor=INK, handlelength=1.2, borderaxespad=0.1,
        )  # fmt: skip
    png = io.BytesIO()
    picture.canvas.print_png(png, metadata={"Software": None})  # type: ignore[attr-defined]
    return png.getvalue()
