"""The data dictionary as data: each group of tables, each table, each column."""

from __future__ import annotations

from typing import Any

from jobs.contracts.contract import Contract
from jobs.documentation.tables import GROUPS, limits


def dictionary() -> list[dict[str, Any]]:
    """The groups in the order of docs/tables.md."""
    return [
        {"title": title, "about": about, "tables": [table(one) for one in contracts.values()]}
        for title, (about, contracts) in GROUPS.items()
    ]


def table(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "grain": contract.grain,
        "key": list(contract.key),
        "source": contract.source,
        "freshness": contract.freshness,
        "columns": [
            {
                "name": field.name,
                "type": field.type.name,
                "is_required": field.required,
                "is_personal": field.personal,
                "meaning": f"{field.told}{limits(contract, field.name)}",
            }
            for field in contract.fields
        ],
    }
