"""The chart of a batch: a bar for each stage, in any script of India, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from jobs.delivery.wording import grouped, share, shortened

FONTS = Path(__file__).parents[1] / "fonts"
# Apart from each other in hue and in lightness, so that nobody needs to tell red from green.
COLOURS = ("#00527a", "#d98200", "#8a8f98")
INK = "#1f2933"
FAINT = "#e4e7eb"
SIZE_INCHES = (4.7, 2.1)
DOTS_PER_INCH = 240
BAR_HEIGHT = 0.62
TITLE_SIZE = 11.0
LABEL_SIZE = 10.0
# Room to the right of the bars for their numbers.
HEADROOM = 1.46


def stage_chart(
    completed: int, in_progress: int, not_started: int, *, labels: Sequence[str], title: str
) -> bytes:
    """A PNG with a bar per stage; `labels` name the three, in the order of the counts."""
    counts = (completed, in_progress, not_started)
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    places = [2, 1, 0]
    whole = sum(counts) or 1
    axes.barh(places, [whole] * 3, height=BAR_HEIGHT, color=FAINT)
    axes.barh(places, counts, height=BAR_HEIGHT, color=COLOURS)
    write_labels(axes, counts, labels, places)
    axes.set_xlim(0, whole * HEADROOM)
    axes.set_axis_off()
    axes.set_ylim(-0.6, 2.8)
    figure.text(
        0.02,
        0.94,
        fitted(canvas, " ".join(title.split())),
        fontproperties=script_fonts(TITLE_SIZE),
        color=INK,
        va="top",
        ha="left",
        parse_math=False,
    )
    widest = max(measured_width(canvas, label, LABEL_SIZE) for label in labels)
    left = min(0.45, widest / (SIZE_INCHES[0] * DOTS_PER_INCH) + 0.045)
    axes.set_position((left, 0.02, 0.98 - left, 0.80))
    png = io.BytesIO()
    # The program's name and version would make the bytes depend on the machine.
    canvas.print_png(png, metadata={"Software": None})
    return png.getvalue()


def write_labels(
    axes: Axes, counts: Sequence[int], labels: Sequence[str], places: Sequence[int]
) -> None:
    total = sum(counts)
    for place, count, label in zip(places, counts, labels, strict=True):
        axes.annotate(
            label,
            (0, place),
            xytext=(-6, 0),
            textcoords="offset points",
            va="center",
            ha="right",
            color=INK,
            fontproperties=script_fonts(LABEL_SIZE),
            parse_math=False,
        )
        axes.annotate(
            f"{grouped(count)}  ({share(count, total)})" if total else grouped(count),
            (total or 1, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            color=INK,
            fontproperties=FontProperties(family="Noto Sans", size=LABEL_SIZE, weight="bold"),
        )


def measured_width(canvas: FigureCanvasAgg, text: str, size: float) -> float:
    drawn = canvas.figure.text(0, 0, text, fontproperties=script_fonts(size), parse_math=False)
    width = float(drawn.get_window_extent(canvas.get_renderer()).width)
    drawn.remove()
    return width


def fitted(canvas: FigureCanvasAgg, text: str) -> str:
    """The title, cut after a whole word where it is wider than the picture."""
    room = SIZE_INCHES[0] * DOTS_PER_INCH * 0.96
    length = len(text)
    while measured_width(canvas, text, TITLE_SIZE) > room and length > 1:
        length = min(length, len(text)) - 1
        text = shortened(text, length)
    return text


def script_fonts(size: float) -> FontProperties:
    return FontProperties(family=list(families()), size=size)


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Our fonts, Latin first; a glyph that one lacks comes from the next."""
    paths = sorted(FONTS.glob("NotoSans*.ttf"))
    before = len(fontManager.ttflist)
    for path in paths:
        fontManager.addfont(path)
    ours = fontManager.ttflist[before:]
    names = {entry.name for entry in ours}
    # A machine's own copy of another version would draw another picture.
    others = [entry for entry in fontManager.ttflist[:before] if entry.name not in names]
    fontManager.ttflist = others + ours
    return tuple(sorted(names, key=lambda name: (name != "Noto Sans", name)))
