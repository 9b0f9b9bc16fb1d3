"""Plots as SVG: their colours and sizes come from the page's style, their numbers from a table."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from markupsafe import Markup
from pygal.graph.graph import Graph

from sunbird_page.words import day

# pygal looks for plug-ins of its own in a way that Python has left behind: there are none here, and
# each import that fails after it would warn.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "PluginImportFixer"]

Row = Mapping[str, Any]
# A phone shows the narrow one: a broad plot made small could not be read.
SIZES = {"broad": (1090, 260), "half": (520, 240), "narrow": (340, 220)}
LABEL_WIDTH = 82


@dataclass(frozen=True)
class Series:
    """A name, and a number a day; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Plot:
    """A question, its answer as lines or bars, and the same numbers as a table."""

    id: str
    title: str
    about: str
    days: Sequence[str]
    series: Sequence[Series]
    told: Callable[[float | None], str]
    chart: type[Graph] = pygal.Line

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    def svg(self, size: str) -> Markup:
        """The drawing without words for a reader of screens: the table below it has them."""
        width, height = SIZES[size]
        chart = self.chart(
            **{"width": width, "height": height, "margin": 6, "spacing": 6, "js": ()},
            **{"disable_xml_declaration": True, "show_legend": False, "truncate_label": -1},
            **{"x_labels_major_every": self.label_every(size), "show_minor_x_labels": False},
            **{"show_x_guides": False, "min_scale": 3, "max_scale": 5, "dots_size": 2.5},
            **{"include_x_axis": True, "explicit_size": False, "show_dots": True},
            **{"formatter": self.told, "classes": ("plot", size), "no_data_text": ""},
        )
        chart.x_labels = [short(one) for one in self.days]
        for one in self.series:
            chart.add(
                one.name,
                [
                    {"value": value, "label": str(place)} if value is not None else None
                    for place, value in enumerate(one.values)
                ],
            )
        chart.add_xml_filter(plain)
        # pygal escapes what it writes, and `plain` leaves shapes and their numbers only.
        return Markup(chart.render(is_unicode=True))  # noqa: S704

    def label_every(self, size: str) -> int:
        labels = SIZES[size][0] // LABEL_WIDTH
        return max(1, -(-len(self.days) // labels))


def plain(root: Any) -> Any:
    """The drawing without styles and scripts of its own; each point knows its row."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or tag(child) in ("defs", "title", "style", "script"):
                parent.remove(child)
    for group in list(root.iter()):
        place = next((one.text for one in group if is_label(one)), None)
        for child in list(group):
            if tag(child) == "desc":
                group.remove(child)
            elif place is not None:
                child.set("data-row", place)
        group.attrib.pop("style", None)
    root.attrib.pop("id", None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return root


def is_label(element: Any) -> bool:
    return tag(element) == "desc" and element.get("class") == "label"


def tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def short(text: str) -> str:
    return day(text).rpartition(" ")[0]


def ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def count(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def minutes(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def trends_of(facts: Mapping[str, Any], panels: Iterable[str]) -> list[Plot]:
    """The plots that the reader may see, in the order of the page."""
    seen = set(panels)
    made: list[Plot] = []
    if "usage" in seen:
        made += [downloads(facts), scans(facts), plays(facts)]
    if "completions" in seen:
        made.append(completions(facts["completions"]))
    if "requests" in seen:
        made.append(waits(facts["minutes"]))
    return made


def downloads(facts: Mapping[str, Any]) -> Plot:
    certificates = {row["day"]: row for row in facts["certificates"] if row["client"] == "all"}
    reports = {row["day"]: row for row in facts["reports"]}
    days = sorted(set(certificates) | set(reports))
    return Plot(
        "downloads",
        "Download ratios",
        "To date: of the certificates issued, how many were ever downloaded; downloads per"
        " certificate; progress reports downloaded per batch.",
        days,
        [
            Series("certificates ever downloaded", of(days, certificates, "unique_download_ratio")),
            Series("downloads per certificate", of(days, certificates, "download_ratio")),
            Series("reports per batch", of(days, reports, "download_ratio")),
        ],
        ratio,
    )


def scans(facts: Mapping[str, Any]) -> Plot:
    every = {row["day"]: row for row in facts["usage"] if row["platform"] == "all"}
    days = sorted(every)
    return Plot(
        "scans",
        "QR code scans",
        "Scans a day that found something, and scans that led nowhere.",
        days,
        [
            Series("found something", of(days, every, "successful_scan_count")),
            Series("found nothing", of(days, every, "failed_scan_count")),
        ],
        count,
        pygal.StackedBar,
    )


def plays(facts: Mapping[str, Any]) -> Plot:
    days = sorted({row["day"] for row in facts["usage"]})
    series = []
    for platform, name in (("app", "mobile app"), ("portal", "portal"), ("desktop", "desktop app")):
        rows = {row["day"]: row for row in facts["usage"] if row["platform"] == platform}
        series.append(Series(name, of(days, rows, "play_count")))
    return Plot(
        "plays", "Content plays", "Plays a day, by where people played.", days, series, count
    )


def completions(rows: Sequence[Row]) -> Plot:
    by_day = {row["day"]: row for row in rows}
    days = sorted(by_day)
    return Plot(
        "completions",
        "Completions",
        "Learners of all batches as the summary of each day counted them.",
        days,
        [
            Series("enrolled", of(days, by_day, "enrolment_count")),
            Series("completed", of(days, by_day, "completion_count")),
            Series("with a certificate", of(days, by_day, "certificate_count")),
        ],
        count,
    )


def waits(rows: Sequence[Row]) -> Plot:
    by_day = {row["day"]: row for row in rows}
    days = sorted(by_day)
    return Plot(
        "minutes",
        "Minutes from the request to the mail",
        "Half of a day's answers came within the lower line, the slowest within the upper.",
        days,
        [
            Series("median", of(days, by_day, "p50")),
            Series("slowest", of(days, by_day, "longest")),
        ],
        minutes,
    )


def of(days: Sequence[str], rows: Mapping[str, Row], column: str) -> list[float | None]:
    return [rows[one][column] if one in rows else None for one in days]
