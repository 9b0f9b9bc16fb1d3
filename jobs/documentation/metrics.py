"""docs/metrics/: a page for each metric table, with queries to copy and what one of them shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jobs.contracts.contract import Contract
from jobs.documentation.plots import MOST_BARS, PLOTS
from jobs.documentation.tables import GROUPS, MADE, limits, metric_links

QUERIES = Path(__file__).resolve().parents[2] / "docs" / "queries"
EXAMPLE = re.compile(r"(?P<asks>(?:-- .+\n)+)(?P<query>(?:SELECT|WITH)\b.+)", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A query to copy, and the question that it answers."""

    asks: str
    query: str


def examples(table: str) -> list[Example]:
    """The statements of docs/queries, each under its comment."""
    text = (QUERIES / f"{table}.sql").read_text(encoding="utf-8")
    found = [EXAMPLE.fullmatch(part.strip()) for part in text.split(";") if part.strip()]
    return [Example(sentence(one["asks"]), one["query"]) for one in found if one is not None]


def sentence(comment: str) -> str:
    words = " ".join(line.removeprefix("-- ").strip() for line in comment.splitlines())
    return words.rstrip(".") + "."


def metric_page(contract: Contract) -> str:
    name = contract.name
    told = examples(name)
    plot = PLOTS[name]
    shown = told[plot.example - 1]
    of_bars = "" if plot.is_over_time else f": {MOST_BARS} rows at most, none of zeros"
    parts = [
        f"# {name}",
        MADE,
        facts(contract),
        f"![{plot.described()}](../pictures/metrics/{name}.png)",
        f"*On the sample data: {shown.asks[0].lower()}{shown.asks[1:-1]}."
        f" Drawn of the {ORDINALS[plot.example]} query below{of_bars}.*",
        "## Three queries",
        "They run as they stand, for an analyst, and in the tests."
        f" As a file: [queries/{name}.sql](../queries/{name}.sql).",
    ]
    for number, example in enumerate(told, start=1):
        parts += [f"**{number}. {example.asks}**", f"```sql\n{example.query};\n```"]
    return "\n\n".join([*parts, "## Columns", columns(contract)]) + "\n"


def facts(contract: Contract) -> str:
    told = {
        "Grain": contract.grain,
        "Key": ", ".join(contract.key),
        "Made of": contract.source,
        "Fresh": contract.freshness,
    }
    return "\n".join(f"- **{name}**: {text}" for name, text in told.items() if text)


def columns(contract: Contract) -> str:
    """The meaning comes second, where a phone shows it; no metric table holds personal data."""
    rows = [
        f"| {field.name} | {field.told}{limits(contract, field.name)} | {field.type.name} |"
        f" {'never' if field.required else ''} |"
        for field in contract.fields
    ]
    return "\n".join(["| Column | Meaning | Type | NULL |", "| --- | --- | --- | --- |", *rows])


ORDINALS = {1: "first", 2: "second", 3: "third"}


def metrics_index() -> str:
    return (
        "\n\n".join(["# Metric tables", MADE, GROUPS["Metric tables"][0], metric_links("")]) + "\n"
    )
