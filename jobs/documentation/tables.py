"""docs/tables.md: what each table is, from its contract."""

from __future__ import annotations

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.groups import GROUP_TABLES
from jobs.contracts.landed_events import DROPPED_EVENTS, LANDED_EVENTS
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.contracts.quarantine import QUARANTINED_ROWS
from jobs.contracts.raw import RAW_TABLES
from jobs.contracts.raw_telemetry import TELEMETRY
from jobs.contracts.usage_credits import USAGE_DIMENSIONS
from jobs.contracts.usage_events import EVENTS

MADE = "<!-- Made by `python -m jobs docs`; change the code, not this page. -->"

GROUPS = {
    "Raw tables": (
        "What comes in: Sunbird's own tables and columns. A column that is required must be there.",
        RAW_TABLES | {TELEMETRY.name: TELEMETRY},
    ),
    "Clean tables": (
        "What `refresh` makes of them in the lake, clustered by the first column of the key.",
        CLEAN_TABLES | {QUARANTINED_ROWS.name: QUARANTINED_ROWS},
    ),
    "Usage events": (
        "What is counted of the telemetry, in the lake, by day.",
        {table.name: table for table in (EVENTS, LANDED_EVENTS, DROPPED_EVENTS)},
    ),
    "What usage is credited by": (
        "Tenants and textbooks in the lake, kept once for each day.",
        USAGE_DIMENSIONS,
    ),
    "Exhaust tables": ("What a request cuts its batch from.", EXHAUST_TABLES),
    "Group tables": ("What the portal is answered from, in the lake.", GROUP_TABLES),
    "Operational tables": (
        "In the store. The role `operator` reads all columns but personal ones; `analyst` none.",
        STORE_TABLES,
    ),
    "Metric tables": (
        "In the schema `metrics` of the store, for the roles `analyst` and `operator`. Each has a"
        " page with its columns, three queries and a plot.",
        METRIC_TABLES,
    ),
}


def tables_page() -> str:
    parts = ["# Tables", MADE]
    for title, (sentence, contracts) in GROUPS.items():
        parts += [f"## {title}", sentence]
        if contracts is METRIC_TABLES:
            parts += [metric_links("metrics/")]
            continue
        for contract in contracts.values():
            parts += [f"### {contract.name}", table_facts(contract), column_table(contract)]
    return "\n\n".join(parts) + "\n"


def metric_links(folder: str) -> str:
    return "\n".join(
        f"- [{name}]({folder}{name}.md): {table.grain}" for name, table in METRIC_TABLES.items()
    )


def table_facts(contract: Contract) -> str:
    source = f" Made of {contract.source}." if contract.source else ""
    fresh = f" Fresh: {contract.freshness}." if contract.freshness else ""
    return f"Grain: {contract.grain}. Key: {', '.join(contract.key)}.{source}{fresh}"


def column_table(contract: Contract) -> str:
    rows = [
        f"| {field.name} | {field.type.name} | {'yes' if field.required else ''} |"
        f" {'yes' if field.personal else ''} | {field.told}{limits(contract, field.name)} |"
        for field in contract.fields
    ]
    return "\n".join(
        [
            "| Column | Type | Required | Personal | Meaning |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )


def limits(contract: Contract, name: str) -> str:
    field = contract.field(name)
    if field.one_of:
        return f" (one of {', '.join(field.one_of)})"
    told = [
        f"{word} {bound:g}"
        for word, bound in (("at least", field.at_least), ("at most", field.at_most))
        if bound is not None
    ]
    return f" ({', '.join(told)})" if told else ""
