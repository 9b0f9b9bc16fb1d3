"""The pages that are made from the code: tables, metric tables, settings and gates."""

from __future__ import annotations

from pathlib import Path

from jobs.contracts.metrics import METRIC_TABLES
from jobs.documentation.gates import gates_page
from jobs.documentation.metrics import metric_page, metrics_index
from jobs.documentation.settings import settings_page
from jobs.documentation.tables import tables_page


def pages() -> dict[str, str]:
    """The text of each page by its path below the project."""
    metrics = {
        f"docs/metrics/{name}.md": metric_page(table) for name, table in METRIC_TABLES.items()
    }
    return {
        "docs/tables.md": tables_page(),
        "docs/settings.md": settings_page(),
        "docs/gates.md": gates_page(),
        "docs/metrics/README.md": metrics_index(),
    } | metrics


def stale_pages(root: Path) -> list[str]:
    """The pages that say something else than the code."""
    return [
        name
        for name, text in pages().items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text
    ]
