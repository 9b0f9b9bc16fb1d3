"""docs/pictures/metrics/: what an example query of each metric table shows, as a plot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from jobs.delivery.chart import script_fonts

# Apart in hue and in lightness for every kind of eye, and once more by mark, line and hatch.
COLOURS = ("#00527a", "#c27400", "#1f2933")
MARKS = ("o", "s", "^")
LINES = ("-", "--", ":")
HATCHES = ("", "///", "...")
INK = "#1f2933"
GRID = "#d5d9de"
MOST_BARS = 10
WIDTH_INCHES, DOTS_PER_INCH = 7.2, 150


@dataclass(frozen=True)
class Plot:
    """Which example is drawn: `across` names its days or things, `counts` what is told of each."""

    example: int
    across: str | tuple[str, ...]
    counts: tuple[str, ...]
    unit: str

    @property
    def is_over_time(self) -> bool:
        return self.across == "day"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.across,) if isinstance(self.across, str) else self.across

    def described(self) -> str:
        """What a reader who does not see the picture is told."""
        kind = "Lines" if self.is_over_time else "Bars"
        return f"{kind} of {' and '.join(self.counts)} by {' and '.join(self.names)}"


PLOTS = {
    "usage_daily": Plot(1, "day", ("scan_count", "download_count", "play_count"), "events"),
    "usage_daily_by_state": Plot(1, "state_name", ("scan_count", "play_count"), "events"),
    "scans_by_code_daily": Plot(1, "code", ("scan_count", "failed_scan_count"), "scans"),
    "certificate_download_ratio_daily": Plot(
        1, "client", ("issued_count", "download_count"), "certificates and downloads"
    ),
    "report_download_ratio_daily": Plot(
        1, "tenant_name", ("batch_count", "download_count"), "batches and downloads"
    ),
    "qr_status_textbook": Plot(
        1, "textbook_name", ("code_count", "code_without_content_count"), "QR codes"
    ),
    "qr_status_code": Plot(
        3, ("owner_slug", "ownership"), ("code_count", "never_scanned_count"), "QR codes"
    ),
    "qr_status_summary": Plot(
        2,
        "owner_slug",
        ("code_with_content_count", "code_without_content_count"),
        "QR codes",
    ),
    "textbook_creation": Plot(
        2, "textbook_name", ("leaf_count", "leaf_without_content_count"), "units"
    ),
    "textbook_creation_node": Plot(1, "textbook_name", ("empty_leaf_count",), "units"),
    "textbook_creation_summary": Plot(2, "owner_slug", ("own_count", "adopted_count"), "textbooks"),
    "collection_summary_daily": Plot(
        1, "state", ("enrolment_count", "completion_count"), "learners"
    ),
    "group_activity": Plot(3, "activity_type", ("enrolment_count", "completed_count"), "members"),
}


def drawn(plot: Plot, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A PNG of the rows that the example answered; the same bytes for the same rows."""
    rows_told = (dict(zip(columns, row, strict=True)) for row in rows)
    told = [row for row in rows_told if any(row[name] for name in plot.counts)]
    figure = Figure(figsize=(WIDTH_INCHES, height(plot, told)), dpi=DOTS_PER_INCH)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.08)
    axes = figure.add_subplot()
    if plot.is_over_time:
        draw_lines(axes, plot, sorted(told, key=lambda row: row["day"]))
    else:
        draw_bars(axes, plot, told[:MOST_BARS])
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    axes.legend(
        frameon=False, prop=script_fonts(9), loc="lower center", ncols=3, bbox_to_anchor=(0.5, 1)
    )
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(script_fonts(9))
        label.set_color(INK)
    png = io.BytesIO()
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None})
    return png.getvalue()


def height(plot: Plot, rows: Sequence[Any]) -> float:
    bars = min(len(rows), MOST_BARS)
    return 3.2 if plot.is_over_time else 1.0 + bars * (0.16 + 0.17 * len(plot.counts))


def draw_lines(axes: Any, plot: Plot, rows: Sequence[dict[str, Any]]) -> None:
    days: list[date] = [row["day"] for row in rows]
    labels = [f"{day:%d %b}" for day in days]
    for number, name in enumerate(plot.counts):
        values = [float(row[name] or 0) for row in rows]
        axes.plot(
            labels,
            values,
            color=COLOURS[number],
            marker=MARKS[number],
            linestyle=LINES[number],
            label=name,
        )
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.set_ylabel(plot.unit, color=INK, fontproperties=script_fonts(9))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def draw_bars(axes: Any, plot: Plot, rows: Sequence[dict[str, Any]]) -> None:
    """Bars across, so that long names can be read; the first row on top."""
    names = [", ".join(str(row[name] or "unknown") for name in plot.names) for row in rows]
    thickness = 0.8 / len(plot.counts)
    for number, name in enumerate(plot.counts):
        places = [place + number * thickness for place in range(len(rows))]
        values = [float(row[name] or 0) for row in rows]
        bars = axes.barh(
            places,
            values,
            height=thickness * 0.92,
            color=COLOURS[number],
            hatch=HATCHES[number],
            edgecolor="white",
            label=name,
        )
        labels = [f"{value:,.0f}" for value in values]
        axes.bar_label(bars, labels=labels, padding=3, fontproperties=script_fonts(8))
    axes.set_yticks([place + thickness * (len(plot.counts) - 1) / 2 for place in range(len(rows))])
    axes.set_yticklabels(names, parse_math=False)
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.set_xlabel(plot.unit, color=INK, fontproperties=script_fonts(9))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
